"""Whose numbers a student's questions have: the id typed in a notebook's first cell, remembered in the folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.checks.answers import VARIANTS, variant_of
from autograder.manifest import Chapter
from autograder.student.folder import Folder, Misuse, grading, read, write
from autograder.student.history import HISTORY

STUDENT = "student.txt"  # beside the history: the id typed last
_typed: dict[Path, str] = {}  # ids typed in this Python, by folder: all there is while nbgrader runs a notebook


def student_of(folder: Folder) -> str:
    """The student id typed last in this folder, or nothing."""
    if folder.root in _typed or grading():
        return _typed.get(folder.root, "")
    path = folder.root / HISTORY / STUDENT
    return read(path)[0].strip() if path.is_file() else ""


def judged_for(student: str) -> str:
    """Whose numbers a question has, in words."""
    return f"student id {student!r} (variant {variant_of(student) + 1} of {VARIANTS})"


def asked_for(tasks: Sequence[str], then: str) -> str:
    """What to say of tasks whose numbers depend on an id that nobody typed; `then` is what to do in the end."""
    return (
        f"The numbers of {', '.join(tasks)} depend on your student id, which is not known yet: type it in quotes in "
        f"the notebook's first cell, as in `student = \"ada\"`, run that cell and the one below it, {then}."
    )


def remember(folder: Folder, chapter: Chapter, student: object) -> str:
    """Take note of the student id that a notebook's first cell holds; what to say of it.

    Raises
    ------
    Misuse
        If it is no text, or the note cannot be kept.
    """
    if isinstance(student, int) and not isinstance(student, bool):
        student = str(student)
    if not isinstance(student, str):
        raise Misuse(f"`student` is your student id in quotes, as in `student = \"ada\"`; it is {student!r:.40}.")
    student, before = student.strip(), student_of(folder)
    asks = [task.id for task in chapter.tasks if task.parameters]
    if not student:
        if not asks:
            return ""
        if before:
            return f"Its numbers are those of {judged_for(before)}, typed earlier: type yours in the first cell."
        return (
            f"Type your student id in the first cell and run both cells again: the numbers of {', '.join(asks)} "
            "depend on it."
        )
    _typed[folder.root] = student
    if student != before and not grading():
        write(folder.root / HISTORY / STUDENT, student + "\n")
    if before and student.casefold() != before.casefold():
        changed = variant_of(student) != variant_of(before)
        what = "run again the cells that use `inputs`, because their numbers change" if changed else "no number changes"
        return f"The student id was {before!r} and is now {student!r}: {what}."
    return f"Its numbers are those of {judged_for(student)}." if asks else ""
