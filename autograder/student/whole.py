"""`check_all`: restart and check everything, as it stands in the saved notebook, before handing in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.authoring import calls, slicing
from autograder.checks import tasks as checks_of
from autograder.manifest import Chapter, TaskInfo
from autograder.student import alone, cells, desk, identity, saved, say, shelf, whole_table
from autograder.student.alone import Job, Row, Unimportable
from autograder.student.folder import Folder, Misuse, find, scored

UNUSABLE = (ArithmeticError, LookupError, MemoryError, RecursionError, ValueError)


def check_all(slug: str = "", *, notebook: str = "") -> None:
    """Check every task of a chapter in a new Python, from the notebook file as it was saved last.

    Shows one table and saves nothing.  Call it before you hand in.

    Parameters
    ----------
    slug : str
        A chapter, like ``ridge``.
    notebook : str, optional
        The notebook's file, where it is not ``<slug>.ipynb`` in the course folder.
    """
    if scored():  # nbgrader runs the notebook, each check by itself
        return
    try:
        _check_all(slug, notebook)
    except Misuse as misuse:
        say.sentence(str(misuse))
    except KeyboardInterrupt:
        say.sentence("Interrupted; nothing was changed.")
    except Exception as problem:  # whatever this meets, work can still be handed in
        say.sentence(f"check_all met {type(problem).__name__} ({problem}), which is no fault of your answers; "
                     "check the tasks one by one, and tell your instructor.")


def _check_all(slug: str, name: str) -> None:
    folder = find()
    chapter = desk.chapter_of(slug, folder, "check_all")
    found = saved.load(saved.find(folder, chapter, name), chapter)
    typed = identity.student_of(folder)
    student, varies = found.student or typed, any(task.parameters for task in chapter.tasks)
    table = judge(folder, chapter, found, student)
    whose = f" for {identity.judged_for(student)}" if student and varies else ""
    title = f"{chapter.title}: {found.when}, run afresh{whose}."
    said = [*saved.behind(found, chapter, cells.shell()), *found.odd]
    if varies and not student:
        asks = [task.id for task in chapter.tasks if task.parameters]
        said.insert(0, identity.asked_for(asks, "save the notebook and call check_all again"))
    if varies and typed and typed.casefold() != found.student.casefold():
        held = f"student id {found.student!r}" if found.student else "no student id"
        said.insert(0, f"The file's first cell holds {held}, and {typed!r} was typed last: save it with yours.")
    said += [f"{task.id}: {lacks}" for task in chapter.tasks if (lacks := _lacking(task, found))]
    whole_table.show(title, [(task, table[task.id]) for task in chapter.tasks], said, found.path.name)


def _lacking(task: TaskInfo, found: saved.Saved) -> str:
    """What to say of a cell that imports what grading lacks: it may well pass here."""
    cell = found.code.get(task.id, "")
    return cells.only_here(calls.without(cell, shelf.name_of(task)) if task.object else cell)


def judge(folder: Folder, chapter: Chapter, found: saved.Saved, student: str) -> dict[str, Row]:
    """A row for each task of the chapter, in its order."""
    known: dict[str, Row] = {}
    usable: dict[str, str] = {}
    checks = checks_of(chapter.slug)
    for task in chapter.tasks:
        cell = found.code.get(task.id)
        if task.id not in checks:
            known[task.id] = _written(found.written.get(task.id))
        elif cell is None:
            known[task.id] = Row(0.0, "no cell", "The notebook has no code cell for it.")
        elif shelf.holds_stub(cell, task) if task.object else cells.unanswered(cell):
            known[task.id] = Row(0.0, "not answered" if task.has_gaps or not task.object else "not repaired yet")
        else:
            usable[task.id] = cell
    base, tasks = _bare(folder, chapter), [task for task in chapter.tasks if task.object and task.id in usable]
    files, refused = _spliced(base, tasks, usable)
    try:
        known |= _run(folder, Job(files, usable, student, tuple(usable)), refused)
    except Unimportable:
        files, refused = _one_by_one(folder, base, tasks, usable)
        known |= _run(folder, Job(files, usable, student, tuple(usable)), refused)
    return {task.id: known[task.id] for task in chapter.tasks}


def _one_by_one(
    folder: Folder, base: dict[str, str], tasks: Sequence[TaskInfo], usable: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Some cell fails at import: as in grading, they go in one by one, and those that break it stay out."""
    if broken := alone.problem_of(folder, base):
        raise Misuse(
            f"Nothing could be judged, because your package cannot be used even without the notebook's cells: "
            f"{broken}; repair that file in shrinkage/, or unpack the course's zip again."
        )
    files, refused = base, {}
    for task in tasks:
        trial, reason = _spliced(files, [task], usable)
        if said := reason.get(task.id) or alone.problem_of(folder, trial, task):
            refused[task.id] = said
        else:
            files = trial
    return files, refused


def _run(folder: Folder, job: Job, refused: Mapping[str, str]) -> dict[str, Row]:
    """Rows of the tasks that can be judged, and of those that are refused."""
    left = tuple(task for task in job.tasks if task not in refused)
    found = dict(alone.rows(folder, replace(job, tasks=left)))
    return found | {task: Row(0.0, "refused", reason) for task, reason in refused.items()}


def _written(text: str | None) -> Row:
    if text is None:
        return Row(None, "no cell", "The notebook has no text cell for it.")
    count = len(re.findall(r"\w+", text.replace(saved.UNWRITTEN, "")))
    if not count:
        return Row(0.0, "not answered")
    return Row(None, f"written: {count} {'word' if count == 1 else 'words'}")


def _bare(folder: Folder, chapter: Chapter) -> dict[str, str]:
    """The student's package with the chapter's own tasks as released."""
    files = folder.files()
    for task in chapter.tasks:
        if task.object:
            file = shelf.file_of(task, files)
            files[file] = shelf.put(files[file], task, task.stub)
    return files


def _spliced(
    base: Mapping[str, str], tasks: Sequence[TaskInfo], usable: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The package with the notebook's cells in it, and why those left out cannot be used."""
    files, refused = dict(base), {}
    for task in tasks:
        if reason := _splice(files, task, usable[task.id]):
            refused[task.id] = reason
    return files, refused


def _splice(files: dict[str, str], task: TaskInfo, cell: str) -> str:
    """Put a cell into the package; why it cannot be used, or nothing."""
    file, name = shelf.file_of(task, files), shelf.name_of(task)
    try:
        files[file] = slicing.splice(files[file], name, calls.without(cell, name))
    except slicing.Refused as reason:
        return f"{reason}."
    except UNUSABLE as problem:
        return f"The cell could not be read ({type(problem).__name__})."
    return ""
