"""The verdict on a student's package, with words for whatever the code needed and did not find."""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.casesets import CaseSet
from autograder.checks.base import Caller, Case, Outcome, Task
from autograder.checks.evaluate import evaluate
from autograder.manifest import TaskInfo
from autograder.sandbox.runner import ImportProblem, Package
from autograder.student import cells, desk, shelf
from autograder.student.folder import Folder, Misuse
from autograder.verdict import Verdict


def judged(folder: Folder, info: TaskInfo, task: Task, files: dict[str, str], ip: Any) -> Verdict:
    """The verdict on a package, and in words whatever the code needed and did not find."""
    path = folder.root / "autograder" / "cases" / f"{info.id}.npz"
    try:
        cases = CaseSet.load(path)
    except (OSError, ValueError, KeyError):
        raise Misuse(f"{path} is missing or damaged; unpack the course's zip again.") from None
    # Text on stderr, a warning included, would cost all points under nbgrader's own autograder.
    with contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        package = Package(files)
        try:
            package.load()
        except ImportProblem as problem:
            return Verdict(info.id, 0.0, refused=_import_said(problem, info, files, ip))
        watch = _Watch(package.caller(forbids=task.forbids), lambda: _line_said(package, info, files, ip))
        found = evaluate(task, cases, watch)
    notes = [cells.missing(name, ip, info.id) for name in watch.missing]
    if not found.passed and not notes and watch.first:
        notes.append(watch.first)
    if not found.passed:
        notes += [
            f"This builds on {need}, which your package holds only as a stub: pass its check first."
            for need in info.prerequisites
            if (other := folder.manifest.task(need)) and shelf.holds_stub(files[shelf.file_of(other, files)], other)
        ]
    if foreign := desk.imported_elsewhere(folder):
        notes.append(foreign)
    return replace(found, notes=(*found.notes, *notes))


@dataclass
class _Watch:
    """A caller that remembers names the code looked for in vain, and the first error of another kind."""

    caller: Caller
    line: Callable[[], str]  # where the last error was raised, in words
    missing: list[str] = field(default_factory=list)
    first: str = ""

    def __call__(self, case: Case, /) -> Outcome:
        outcome = self.caller(case)
        if outcome.kind == "error" and outcome.detail == "NameError":
            name = _quoted(outcome.message)
            if name and name not in self.missing:
                self.missing.append(name)
        elif outcome.kind == "error" and outcome.detail != "NotImplementedError" and not self.first:
            # The cases are the visible ones, so the message gives nothing away.
            self.first = f"Asked for “{case.name}”, it raised {outcome.detail}{self.line()}: {outcome.message}"
        return outcome


def _line_said(package: Package, info: TaskInfo, files: dict[str, str], ip: Any) -> str:
    """The line of the student's own that an error came through last."""
    file = shelf.file_of(info, files)
    first, last = shelf.lines_of(files[file], info)
    module = info.object.rsplit(".", 1)[0]
    for where, line in reversed(package.failed_at):
        if where == module and first <= line <= last:
            place = f"line {line - first + 1} of the cell" if ip is not None else f"line {line} of shrinkage/{file}"
            text = files[file].split("\n")[line - 1].strip()
            return f" in {place} (`{text}`)" if "`" not in text else f" in {place}"
    return ""


def _quoted(message: str) -> str:
    found = re.search(r"'(\w+)'", message)
    return found.group(1) if found else ""


def _import_said(problem: ImportProblem, info: TaskInfo, files: dict[str, str], ip: Any) -> str:
    """An error raised while the package is imported: in the cell's own lines where it is the cell's."""
    name = _quoted(problem.message) if problem.type == "NameError" else ""
    if name and ip is not None:
        return cells.missing(name, ip, info.id)
    path = problem.module.replace(".", "/")
    file = next((f for f in (f"{path}.py", f"{path}/__init__.py", "__init__.py") if f in files), f"{path}.py")
    place, line = f"shrinkage/{file}, line {problem.line}", problem.line
    if ip is not None and file == shelf.file_of(info, files):
        first, last = shelf.lines_of(files[file], info)
        if first <= line <= last:
            place = f"line {line - first + 1} of the cell"
    return f"{place}: importing it raises {problem.type}: {problem.message}"
