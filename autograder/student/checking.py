"""`check`: judge one task on the visible cases, show the verdict, save what passed."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from autograder.authoring import calls, slicing
from autograder.checks import tasks as checks_of
from autograder.checks.answers import AnswerTask
from autograder.checks.base import Task
from autograder.manifest import TaskInfo
from autograder.sandbox.runner import Package, run_answer
from autograder.student import cells, desk, hints, history, identity, inputs, say, shelf
from autograder.student.folder import Folder, Misuse, find, scored
from autograder.student.judging import answer_error, builds_on, judged
from autograder.verdict import Verdict

_running: list[str] = []


def check(task_id: str = "") -> float | None:
    """Judge a task, show what came of it, and save a passed cell into your package.

    In a notebook the cell last run that begins ``# task: <task_id>`` is judged; in a terminal,
    the function as it stands in your package.

    Parameters
    ----------
    task_id : str
        Like ``ridge.closed_form``.

    Returns
    -------
    float or None
        Where nbgrader runs the notebook, the points earned on the visible cases, which is how it
        reads them; elsewhere nothing, because a bare number under a verdict says less than the verdict.
    """
    points = earned(task_id)
    return points if scored() else None


@say.misuse_as_sentence(0.0)
def earned(task_id: str) -> float:
    """What `check` does, with the points as its value; 0 for what is judged only at grading."""
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
            return _answer(folder, info, task, ip)
        if task is not None and not info.object:
            return _analyse(folder, info, task, ip)
        if task is None:
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
    number, typed = _cell(folder, ip, info, name)
    cell = None if typed is None else calls.without(typed, name)
    if cell is not None:
        try:
            files[file], _ = shelf.splice(files[file], info, cell)
        except slicing.Refused as reason:
            meant = _meant(folder, info, cell)
            unusable = Verdict(info.id, 0.0, refused=f"{reason}{meant}.", notes=(_judged(number),))
            return _shown(folder, info, unusable)
    notes = [_judged(number)] if cell is not None else []
    if shelf.holds_stub(cell if cell is not None else shelf.current(files[file], info), info):
        place = "its cell" if cell is not None else f"shrinkage/{file}"
        if info.has_gaps:
            raise Misuse(
                f"`{name}` is not written yet: {place} still holds the stub; write your lines in the place of "
                "`raise NotImplementedError()`, then check again."
            )
        # What is wrong is for the student to find: named before anything was tried, it would be the exercise's answer.
        raise Misuse(
            f"`{name}` is not repaired yet: {'the cell' if cell is not None else place} is as it was given; "
            "find what it does wrong, change those lines, then check again."
        )
    found = judged(folder, info, task, files, ip if cell is not None else None)
    if found.passed:
        notes.append(_record(folder, info, file) if cell is None else _save(folder, info, cell))
        notes.append(cells.only_here(cell or ""))
        if trials := calls.left_out(typed or "", name):
            lines = f"line {trials[0]}" if len(trials) == 1 else f"lines {', '.join(map(str, trials))}"
            notes.append(f"Not taken over, because it is no part of {name}: {lines}.")
            notes.append(cells.trial_that_failed(ip, typed or "", trials))
    return _shown(folder, info, _noted(folder, info, found, files, notes))


def _cell(folder: Folder, ip: Any, info: TaskInfo, name: str) -> tuple[int, str | None]:
    """Number and text of the cell to judge; no text where there are no cells and the package itself is judged."""
    if ip is None:
        return 0, None
    try:
        return cells.last_run(ip, info.id, name, folder.manifest.task)
    except cells.NotRun:
        if cells.in_notebook(ip):
            raise
        return 0, None


def _meant(folder: Folder, info: TaskInfo, cell: str) -> str:
    """What to say of a cell that is another task's, under the first line of this one."""
    for other in (t for chapter in folder.manifest.chapters for t in chapter.tasks if t.object and t.id != info.id):
        if shelf.defines(cell, other) and not shelf.defines(cell, info):
            return f": where it is the cell of {other.id}, its first line is `# task: {other.id}`"
    return ""


def _judged(number: int) -> str:
    return f"Judged: cell [{number}]."


def _record(folder: Folder, info: TaskInfo, file: str) -> str:
    """Remember what was written in the file itself."""
    said = f"It passes as it stands in shrinkage/{file}."
    try:
        recorded = history.record(folder, info)
    except Misuse as problem:
        return f"{said} {problem}"
    return f"{said} Only the notebook is graded: copy it into its cell before you hand in." if recorded else said


def _save(folder: Folder, info: TaskInfo, cell: str) -> str:
    try:
        changed = history.save(folder, info, cell)
    except Misuse as problem:
        return str(problem)
    desk.forget()
    module, name = info.object.rsplit(".", 1)
    where = f"shrinkage/{module.replace('.', '/')}.py"
    if not changed:
        return f"{where} already holds this version."
    return (
        f"Saved into {where}: `from shrinkage.{module} import {name}` is now yours; "
        f"`undo({info.id!r})` takes it back."
    )


def _analyse(folder: Folder, info: TaskInfo, task: Task, ip: Any) -> float:
    """Run the cell of an analysis on the student's package and show what the laws say of its answer."""
    number, cell = _answer_cell(folder, info, ip)
    files = folder.files()
    found = judged(folder, info, task, files, ip, answer=cell)
    notes = [_judged(number), "It ran on your package as saved, and nothing is saved of it.", cells.only_here(cell)]
    return _shown(folder, info, _noted(folder, info, found, files, notes))


def _answer(folder: Folder, info: TaskInfo, task: AnswerTask, ip: Any) -> float:
    number, cell = _answer_cell(folder, info, ip)
    given = inputs.inputs(folder, info)
    whose = f", judged for {identity.judged_for(identity.student_of(folder))}," if info.parameters else ""
    package = Package(folder.files())
    outcome = run_answer(cell, given, package)
    if outcome.kind == "value" and outcome.value is None:
        raise Misuse(_unanswered(info))
    if outcome.kind != "value":
        ends = answer_error(package, info, cell, outcome)
        raise Misuse(f"The cell of {info.id}, [{number}]{whose or ','} ends in {ends}.")
    if fault := task.form(outcome.value):
        raise Misuse(f"{info.id}{whose.rstrip(',')}: {fault}.")
    said = f"`answer = {outcome.value!r:.60}`{whose} is well formed; whether it is right comes with grading."
    read = f" Its `inputs` were those of {info.id}." if given else ""
    more = " ".join(filter(None, [_judged(number) + read, _other_inputs(info, given, ip), cells.only_here(cell)]))
    say.sentence(f"{said} {more}", good=True)
    return 0.0


def _other_inputs(info: TaskInfo, given: dict[str, Any], ip: Any) -> str:
    """What to say where the notebook's `inputs` are another question's, on which the same cell ends in an error."""
    held = ip.user_ns.get("inputs") if given and ip is not None else None
    if not isinstance(held, dict) or held.keys() == given.keys():
        return ""
    return (
        "In this notebook `inputs` holds those of another exercise at the moment: before you run this cell again, "
        f"run the cell `inputs = inputs_of({info.id!r})` above it."
    )


def _answer_cell(folder: Folder, info: TaskInfo, ip: Any) -> tuple[int, str]:
    """Number and text of the cell last run that answers a question."""
    if ip is None:
        raise Misuse(f"{info.id} asks for `answer = …` in its cell of the notebook; run its check there.")
    number, typed = cells.last_run(ip, info.id, "answer", folder.manifest.task)
    if cells.unanswered(typed):
        raise Misuse(_unanswered(info))
    return number, calls.of_answer(typed)


def _unanswered(info: TaskInfo) -> str:
    return f"{info.id} is not answered yet: replace None in `answer = None`, run the cell, then check again."


def _noted(folder: Folder, info: TaskInfo, found: Verdict, files: dict[str, str], notes: list[str]) -> Verdict:
    """The verdict with what it builds on, where it failed, and one paragraph of notes."""
    needs = [] if found.passed else builds_on(folder, info, files)
    said = " ".join(filter(None, notes))
    return replace(found, notes=(*found.notes, *needs, *([said] if said else [])))


def _shown(folder: Folder, info: TaskInfo, found: Verdict) -> float:
    say.verdict(found, folder.manifest, hints.seen(folder, info))
    return float(round(info.points * found.earned, 4))
