"""The verdict on a student's package, with words for whatever the code needed and did not find."""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.checks.base import Caller, Case, Outcome, Task
from autograder.checks.evaluate import evaluate
from autograder.manifest import TaskInfo
from autograder.sandbox.runner import ImportProblem, Package
from autograder.student import cells, desk, history, inputs, shelf
from autograder.student.folder import Folder
from autograder.verdict import Verdict


def judged(
    folder: Folder, info: TaskInfo, task: Task, files: dict[str, str], ip: Any, answer: str = ""
) -> Verdict:
    """The verdict on a package, and in words whatever the code needed and did not find.

    `answer` is the cell of an analysis, which runs on the package.
    """
    cases = inputs.cases(folder, info)
    # Text on stderr, a warning included, would cost all points under nbgrader's own autograder.
    with contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        package = Package(files)
        try:
            package.load()
        except ImportProblem as problem:
            return Verdict(info.id, 0.0, refused=import_said(problem, info, files, ip))
        caller = package.caller(forbids=task.forbids, answer=answer)
        watch = _Watch(caller, lambda: _line_said(package, info, files, ip, answer))
        found = evaluate(task, cases, watch)
    notes = [cells.missing(name, ip, info.id, place) for name, place in watch.missing.items()]
    if not found.passed and not notes and watch.first:
        notes.append(watch.first)
    if foreign := desk.imported_elsewhere(folder):
        notes.append(foreign)
    return replace(found, notes=(*found.notes, *notes))


def builds_on(folder: Folder, info: TaskInfo, files: dict[str, str]) -> list[str]:
    """A sentence for each task that this one builds on and whose check has not been passed."""
    found = []
    for other in folder.manifest.needs(info):
        if shelf.holds_stub(files[shelf.file_of(other, files)], other):
            held = "only as a stub" if other.has_gaps else "as it was released"
            found.append(f"This builds on {other.id}, which your package holds {held}: pass its check first.")
        elif history.whose(folder, files, other) not in ("yours", "reference"):
            found.append(f"This builds on {other.id}, which has not passed its check as it stands: pass that first.")
    return found


@dataclass
class _Watch:
    """A caller that remembers names the code looked for in vain, and the first error of another kind."""

    caller: Caller
    line: Callable[[], str]  # where the last error was raised, in words
    missing: dict[str, str] = field(default_factory=dict)  # and where, in words
    first: str = ""

    def __call__(self, case: Case, /) -> Outcome:
        outcome = self.caller(case)
        if outcome.kind == "error" and outcome.detail == "NameError":
            name = _quoted(outcome.message)
            if name and name not in self.missing:
                self.missing[name] = self.line()
        elif outcome.kind == "error" and outcome.detail != "NotImplementedError" and not self.first:
            # The cases are the visible ones, so the message gives nothing away.
            self.first = f"Asked for “{case.name}”, it raised {outcome.detail}{self.line()}: {outcome.message}"
        return outcome


def _line_said(package: Package, info: TaskInfo, files: dict[str, str], ip: Any, answer: str) -> str:
    """The line of the student's own that an error came through last."""
    module, first, text = "answer", 1, answer
    file, last = "", len(answer.split("\n"))
    if info.object:
        file = shelf.file_of(info, files)
        module, text = info.object.rsplit(".", 1)[0], files[file]
        first, last = shelf.lines_of(text, info)
    for where, line in reversed(package.failed_at):
        if where == module and first <= line <= last:
            in_cell = ip is not None or not file
            place = f"line {line - first + 1} of the cell" if in_cell else f"line {line} of shrinkage/{file}"
            row = text.split("\n")[line - 1].strip()
            return f" in {place} (`{row}`)" if "`" not in row else f" in {place}"
    return ""


def answer_error(package: Package, info: TaskInfo, cell: str, outcome: Outcome) -> str:
    """An error in which an answer's cell ended, with its line where it is the cell's."""
    return f"{outcome.detail}{_line_said(package, info, {}, None, cell)}: {outcome.message}".rstrip(": ")


def _quoted(message: str) -> str:
    found = re.search(r"'(\w+)'", message)
    return found.group(1) if found else ""


def import_said(problem: ImportProblem, info: TaskInfo, files: dict[str, str], ip: Any) -> str:
    """An error raised while the package is imported: in the cell's own lines where it is the cell's."""
    name = _quoted(problem.message) if problem.type == "NameError" else ""
    if name and ip is not None:
        return cells.missing(name, ip, info.id)
    path = problem.module.replace(".", "/")
    file = next((f for f in (f"{path}.py", f"{path}/__init__.py", "__init__.py") if f in files), f"{path}.py")
    place, line = f"shrinkage/{file}, line {problem.line}", problem.line
    if ip is not None and info.object and file == shelf.file_of(info, files):
        first, last = shelf.lines_of(files[file], info)
        if first <= line <= last:
            place = f"line {line - first + 1} of the cell"
    return f"{place}: importing it raises {problem.type}: {problem.message}"
