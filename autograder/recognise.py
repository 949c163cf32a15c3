"""Which of a student's files is the notebook of an assignment, and what is odd about it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from autograder import cells
from autograder.inbox import Entry, printable
from autograder.platforms import Parcel
from autograder.submission import Unreadable


def notebooks(parcel: Parcel, assignment: str, siblings: Collection[str] = ()) -> tuple[list[Entry], list[Entry]]:
    """A student's files of this assignment, and the others.

    `siblings` are the course's other assignments: a file in a student's folder that is named as one of
    these is none of ours, unless its cells are.
    """
    ours: list[Entry] = []
    others: list[Entry] = []
    for entry in parcel.files:
        stem, _, suffix = entry.name.rpartition(".")
        plain = len(entry.path) == 1 or stem.casefold() == assignment.casefold()
        wanted = suffix.lower() == "ipynb" and not entry.is_folder
        elsewhere = stem in siblings
        if elsewhere and not plain and entry.problem:
            continue
        if wanted and not plain and not entry.problem:
            try:
                wanted = cells.belongs(entry.read(), assignment)
            except Unreadable:
                wanted = not elsewhere  # refused by name, with its reason
        (ours if wanted else others).append(entry)
    return ours or [entry for entry in others if entry.problem and not entry.is_folder], others


def instead(others: list[Entry], assignment: str) -> str:
    """What was found in the place of a notebook."""
    files = [entry for entry in others if not entry.is_folder] or others
    if not files:
        return f"; its folder is empty, and should hold {assignment}.ipynb"
    if files[0].name.lower().endswith(".ipynb") and not files[0].is_folder:
        return f"; {printable(files[0].name)} holds no cell of {assignment!r}"
    kind = " (a folder)" if files[0].is_folder else ""
    return f"; found {printable(files[0].name)}{kind}, and {assignment}.ipynb is needed"


def oddities(data: bytes, entry: Entry, assignment: str) -> Iterator[str]:
    """What is odd about a file that is taken all the same."""
    try:
        given, said = cells.read(data, entry.name)
        yield from said
        if not any(c.grade_id.startswith(f"{assignment}--") or c.task.startswith(f"{assignment}.") for c in given):
            yield f"holds no cell of {assignment!r}; it will have no points"
    except Unreadable as problem:
        yield f"{str(problem).removeprefix(f'{entry.name}: ')}; it is kept, and will have no points"
    # A number behind the name is the platform's own, of a second upload.
    usual = re.fullmatch(rf"{re.escape(assignment)}(-\d+)?\.ipynb", entry.name)
    if len(entry.path) > 1 and not usual and cells.belongs(data, assignment):
        yield "taken under another name, because its cells are of this assignment"


def serial(name: str) -> int:
    """Of ``ridge (2).ipynb`` and ``ridge-1.ipynb`` the larger is the later, where their times are equal."""
    found = re.search(r"[ _(-](\d{1,6})\)?\.ipynb$", name, re.IGNORECASE)
    return int(found[1]) if found else 0
