"""`check`: judge one task on the visible cases, show the verdict, save what passed."""

from __future__ import annotations

import contextlib
import io
import re
import time
import warnings
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.authoring import slicing
from autograder.casesets import CaseSet
from autograder.checks import tasks as checks_of
from autograder.checks.base import AnswerTask, Caller, Case, Outcome, Task
from autograder.checks.evaluate import evaluate
from autograder.manifest import TaskInfo
from autograder.sandbox.runner import ImportProblem, Package, run_answer
from autograder.student import cells, desk, say, shelf
from autograder.student.folder import PACKAGE, Folder, Misuse, find
from autograder.verdict import Verdict

_running: list[str] = []


@say.misuse_as_sentence(0.0)
def check(task_id: str) -> float:
    """Judge a task, show what came of it, and save a passed cell into your package.

    In a notebook the cell last run that begins ``# task: <task_id>`` is judged; in a terminal,
    the function as it stands in your package.

    Parameters
    ----------
    task_id : str
        Like ``ridge.closed_form``.

    Returns
    -------
    float
        The points earned on the visible cases; 0 for what is judged only at grading.
    """
    if _running:  # a cell that calls check is being judged by check
        return 0.0
    folder = find()
    info = desk.lookup(task_id, folder, "check")
    task = checks_of(info.id.split(".")[0]).get(info.id)
    ip = cells.shell()
    _running.append(info.id)
    began = time.perf_counter()
    try:
        if isinstance(task, AnswerTask):
            return _answer(info, task, ip)
        if task is None or not info.object:
            raise Misuse(f"{info.title} is written work: it is read and graded by a person, so there is no check.")
        return _implement(folder, info, task, ip)
    except KeyboardInterrupt:
        waited = time.perf_counter() - began
        raise Misuse(
            f"Interrupted after {waited:.0f} s, nothing was saved; if it did not end by itself, "
            f"look for a loop in {info.id} whose condition never becomes false."
        ) from None
    finally:
        _running.clear()


def _implement(folder: Folder, info: TaskInfo, task: Task, ip: Any) -> float:
    files = folder.files()
    file = shelf.file_of(info, files)
    name = shelf.name_of(info)
    cell = _cell(ip, info, name)
    if cell is not None:
        try:
            files[file], _ = shelf.splice(files[file], info, cell)
        except slicing.Refused as reason:
            return _shown(folder, info, Verdict(info.id, 0.0, refused=f"{reason}."))
    if _is_stub(cell if cell is not None else shelf.current(files[file], info), info):
        place = "its cell" if cell is not None else f"shrinkage/{file}"
        raise Misuse(
            f"`{name}` is not written yet: {place} still holds the stub; write your lines in the place of "
            "`raise NotImplementedError()`, then check again."
        )
    found = _judged(folder, info, task, files, ip if cell is not None else None)
    if found.passed:
        note = f"It passes as it stands in shrinkage/{file}." if cell is None else _save(folder, info, cell)
        found = replace(found, notes=(*found.notes, note))
    return _shown(folder, info, found)


def _cell(ip: Any, info: TaskInfo, name: str) -> str | None:
    """The cell to judge; None where there are no cells and the package itself is judged."""
    if ip is None:
        return None
    try:
        return cells.without_calls_of_check(cells.last_run(ip, info.id, name))
    except Misuse:
        if cells.in_notebook(ip):
            raise
        return None


def _is_stub(text: str, info: TaskInfo) -> bool:
    try:
        return shelf.is_stub(slicing.cut(text, shelf.name_of(info)), info)
    except (KeyError, SyntaxError):
        return False


def _judged(folder: Folder, info: TaskInfo, task: Task, files: dict[str, str], ip: Any) -> Verdict:
    """The verdict on a package, and in words whatever the code needed and did not find."""
    path = folder.root / "autograder" / "cases" / f"{info.id}.npz"
    try:
        cases = CaseSet.load(path)
    except (OSError, ValueError, KeyError):
        raise Misuse(f"{path} is missing or damaged; unpack the course's zip again.") from None
    printed = io.StringIO()
    # A warning or a print in one of many calls would bury the verdict, and text on stderr
    # would cost all points under nbgrader's own autograder.
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        package = Package(files)
        try:
            package.load()
        except ImportProblem as problem:
            return Verdict(info.id, 0.0, refused=_import_said(problem, info, files, ip))
        watch = _Watch(package.caller())
        found = evaluate(task, cases, watch)
    notes = [cells.missing(name, ip, info.id) for name in watch.missing]
    if not found.passed:
        notes += [
            f"This builds on {need}, which your package holds only as a stub: pass its check first."
            for need in info.prerequisites
            if (other := folder.manifest.task(need)) and _is_stub(files[shelf.file_of(other, files)], other)
        ]
    if printed.getvalue():
        notes.append("What your function printed or warned during the check is not shown.")
    if foreign := desk.imported_elsewhere(folder):
        notes.append(foreign)
    return replace(found, notes=(*found.notes, *notes))


@dataclass
class _Watch:
    """A caller that remembers names the code looked for in vain."""

    caller: Caller
    missing: list[str] = field(default_factory=list)

    def __call__(self, case: Case, /) -> Outcome:
        outcome = self.caller(case)
        if outcome.kind == "error" and outcome.detail == "NameError":
            name = _quoted(outcome.message)
            if name and name not in self.missing:
                self.missing.append(name)
        return outcome


def _quoted(message: str) -> str:
    found = re.search(r"'(\w+)'", message)
    return found.group(1) if found else ""


def _import_said(problem: ImportProblem, info: TaskInfo, files: dict[str, str], ip: Any) -> str:
    """An error raised while the package is imported: in the cell's own lines where it is the cell's."""
    name = _quoted(problem.text) if problem.type == "NameError" else ""
    if name and ip is not None:
        return cells.missing(name, ip, info.id)
    path = problem.module.removeprefix(PACKAGE).lstrip(".").replace(".", "/")
    file = next((f for f in (f"{path}.py", f"{path}/__init__.py", "__init__.py") if f in files), f"{path}.py")
    place, line = f"shrinkage/{file}, line {problem.line}", problem.line
    if ip is not None and file == shelf.file_of(info, files):
        first, last = shelf.lines_of(files[file], info)
        if first <= line <= last:
            place = f"line {line - first + 1} of the cell"
    return f"{place}: importing it raises {problem.type}: {problem.text}"


def _save(folder: Folder, info: TaskInfo, cell: str) -> str:
    try:
        changed = shelf.save(folder, info, cell)
    except Misuse as problem:
        return str(problem)
    desk.forget()
    module, name = info.object.rsplit(".", 1)
    where = f"shrinkage/{module.replace('.', '/')}.py"
    if not changed:
        return f"{where} already holds this version."
    return f"Saved into {where}: `from shrinkage.{module} import {name}` is now yours; `undo({info.id!r})` takes it back."


def _answer(info: TaskInfo, task: AnswerTask, ip: Any) -> float:
    if ip is None:
        raise Misuse(f"{info.id} asks for `answer = …` in its cell of the notebook; run its check there.")
    source = cells.without_calls_of_check(cells.last_run(ip, info.id, "answer"))
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        outcome = run_answer(source)
    if outcome.kind != "value":
        raise Misuse(f"The cell of {info.id} ends in {outcome.detail}: {outcome.message}".rstrip(": ") + ".")
    if fault := task.form(outcome.value):
        raise Misuse(f"{info.id}: {fault}.")
    say.sentence(f"`answer = {outcome.value!r:.60}` is well formed; whether it is right comes with grading.", good=True)
    return 0.0


def _shown(folder: Folder, info: TaskInfo, found: Verdict) -> float:
    say.verdict(found, folder.manifest)
    return float(round(info.points * found.earned, 4))
