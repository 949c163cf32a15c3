"""Taking submissions from a folder into the course: plain files of plausible students, nothing else.

What cannot be taken is named with its reason, and the others go on.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.course import Course, write_atomically
from autograder.errors import Foreseen
from autograder.submission import Unreadable, read_plain_file

# Letters and digits of any script; nothing that a path, a pattern, a list or a terminal reads as its own.
STUDENT = re.compile(r"[^\W_](?:[\w.@+ -]{0,62}[\w@+-])?")


class NotCollected(Foreseen):
    """Nothing can be collected from where it was asked."""


@dataclass(frozen=True)
class Collected:
    """One submission found; `path` is where it stands now, `problem` why it was refused."""

    student: str
    path: Path | None = None
    problem: str = ""


def collect(course: Course, assignment: str, source: Path) -> list[Collected]:
    """Copy submissions into ``submitted/`` and their students into the gradebook.

    Parameters
    ----------
    course : Course
    assignment : str
        The assignment, which is also the notebook's name.
    source : Path
        A folder of ``<student>/<assignment>.ipynb``, ``<student>_<assignment>.ipynb`` or
        ``<student>.ipynb``; other files, and names that start with a dot, are passed over.

    Returns
    -------
    list of Collected
        One for each submission found, in the order of names.
    """
    if not source.is_dir():
        raise NotCollected(f"{source} is not a folder; it should hold <student>/{assignment}.ipynb")
    taken: dict[str, Collected] = {}
    refused = []
    for name, path in _found(source, assignment):
        student = unicodedata.normalize("NFC", name)
        problem = _bad_name(student, path, assignment)
        if not problem and student in taken:
            problem = f"{path.relative_to(source)} is a second submission; the first one was taken"
        if not problem:
            problem = _take(course, assignment, student, path)
        if problem:
            refused.append(Collected(_printable(name), problem=problem))
        else:
            where = course.submitted / student / assignment / f"{assignment}.ipynb"
            taken[student] = Collected(student, path=where)
    _enrol(course, list(taken))
    return sorted([*taken.values(), *refused], key=lambda item: item.student)


def _found(source: Path, assignment: str) -> Iterator[tuple[str, Path]]:
    """Names of students and where their notebooks should be."""
    with os.scandir(source) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        if entry.name.startswith(".") or entry.name == "__MACOSX":
            continue
        path = Path(entry.path)
        if path.suffix == ".ipynb":
            yield path.stem.removesuffix(f"_{assignment}"), path
        elif entry.is_symlink():
            # A linked folder may show anything on this machine as somebody's work.
            yield entry.name, path
        elif entry.is_dir():
            yield entry.name, path / f"{assignment}.ipynb"


def _printable(name: str) -> str:
    """A name that cannot rearrange the line it is printed in."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
    return shown if len(shown) <= 80 else shown[:77] + "..."


def _bad_name(student: str, path: Path, assignment: str) -> str:
    if student == assignment:
        return f"{path.name} names no student; give the folder above, which holds <student>/{assignment}.ipynb"
    if STUDENT.fullmatch(student):
        return ""
    return (
        f"{_printable(path.name)} is not taken, because this cannot be a student's name; "
        "a name has letters, digits and . _ - + @ or single characters between them, at most 64"
    )


def _take(course: Course, assignment: str, student: str, path: Path) -> str:
    """Copy one submission; returns why not, or an empty string."""
    try:
        data = read_plain_file(path)
        handed_in = datetime.fromtimestamp(path.lstat().st_mtime, UTC)
    except Unreadable as problem:
        if path.parent.is_dir() and not path.exists() and not path.is_symlink():
            there = sorted(p.name for p in path.parent.glob("*.ipynb"))
            return f"no {path.name} in its folder" + (f"; found {_printable(there[0])}: rename it" if there else "")
        return str(problem)
    except (OSError, OverflowError, ValueError) as problem:
        return f"{path.name}: cannot be read ({problem})"
    folder = course.submitted / student / assignment
    # The time is the file's own, never one that a submission claims for itself.
    stamp = handed_in.strftime("%Y-%m-%d %H:%M:%S.%f UTC\n").encode()
    for name, content in ((f"{assignment}.ipynb", data), ("timestamp.txt", stamp)):
        target = folder / name
        if target.is_symlink() or not target.exists() or target.read_bytes() != content:
            write_atomically(target, content)
    return ""


def _enrol(course: Course, students: list[str]) -> None:
    # Here, because nbgrader takes two seconds to import.
    from autograder.gradebook_rows import add_students
    from autograder.nbgrader_run import open_gradebook

    with open_gradebook(course.root) as book:
        add_students(book, students)
        book.db.commit()
