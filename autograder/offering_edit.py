"""One line changed in an offering file that a person keeps: everything else stays as it was typed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from autograder import roster
from autograder.collect import STUDENT
from autograder.course import Course, write_atomically
from autograder.offering import FILE, Offering, loads, parse, read
from autograder.offering_values import SPAN, BadOffering, Place, extension

HEADER = re.compile(r"\s*\[.*\]\s*(#.*)?")


def extend(course: Course, assignment: str, student: str, until: str) -> str:
    """Give a student a due date of their own; returns it in words.

    Raises
    ------
    BadOffering
        If it cannot be meant, or the file has extensions in a form that only a person should change;
        the file is then as it was.
    """
    path = course.root / FILE
    if not STUDENT.fullmatch(student):
        raise BadOffering(f"{student!r} cannot be a student's id; give the id under which work is collected")
    offering, value = Offering.of(course, assignment), until.strip()
    if offering.deadline is None:
        raise BadOffering(f"{path}: [{assignment}] due: is not there to be extended; write due = … first")
    extension(value, offering.deadline, offering.zone, Place(path, assignment, ("extensions", student)))
    if unknown(course, assignment, [student]):
        meant = (roster.Roster.load(course) or roster.Roster(())).find(student)
        cure = f"did you mean {meant.id!r}?" if meant else "give the id under which work is collected"
        where = f"{course.root / roster.FILE}, and nothing of {assignment!r} was collected under it"
        raise BadOffering(f"{student!r} is no id in {where}; {cure}")
    text = path.read_text(encoding="utf-8-sig")
    key = student if re.fullmatch(r"[A-Za-z0-9_-]+", student) else json.dumps(student, ensure_ascii=False)
    # TOML knows a time as it is written, but not with a space before its offset.
    quoted = SPAN.fullmatch(value) or re.search(r"\s([+-]|[Zz]$)", value)
    value = json.dumps(value) if quoted else value
    changed = _with_line(text, f"[{assignment}.extensions]", key, f"{key} = {value}")
    by_hand = f"{path}: [{assignment}] extensions: not in a form to add to; write {key} = {value} there yourself"
    before = read(path)
    try:
        after = loads(changed, path)
    except BadOffering:
        raise BadOffering(by_hand) from None
    found = parse(after, path, assignment)
    if _others(before, assignment, student) != _others(after, assignment, student) or student not in found.extensions:
        raise BadOffering(by_hand)
    write_atomically(path, changed.encode(), path.stat().st_mode & 0o777)
    return found.local(found.extensions[student])


def unknown(course: Course, assignment: str, students: Iterable[str]) -> list[str]:
    """Those who are neither on the class list, where there is one, nor among those who handed in."""
    listed = roster.Roster.load(course)
    if listed is None:
        return []
    collected = course.submissions(assignment)
    return sorted(student for student in students if student not in listed and student not in collected)


def strangers(course: Course, offering: Offering) -> str:
    """One sentence on extensions that are nobody's; nothing where all are somebody's."""
    found = unknown(course, offering.assignment, offering.extensions)
    where = f"{course.root / FILE}: [{offering.assignment}.extensions]"
    said = f"{where} {', '.join(found)}: not in {roster.FILE}; write the id under which work is collected"
    return said if found else ""


def _others(raw: dict[str, Any], assignment: str, student: str) -> dict[str, Any]:
    """All that the file says but one extension."""
    part = raw[assignment]
    extensions = {name: due for name, due in part.get("extensions", {}).items() if name != student}
    return {**raw, assignment: {**part, "extensions": extensions}}


def _with_line(text: str, header: str, key: str, line: str) -> str:
    """The text with a line under a table's header, in the place of the key's own line or at the table's end."""
    lines = text.splitlines()
    place = next((i for i, old in enumerate(lines) if old.split("#")[0].strip() == header), None)
    if place is None:
        return "\n".join([*lines, "", header, line, ""])
    end = next((i for i in range(place + 1, len(lines)) if HEADER.fullmatch(lines[i])), len(lines))
    same = re.compile(rf"\s*(?:{re.escape(key)}|\"{re.escape(key)}\")\s*=[^#]*(#.*)?")
    for i in range(place + 1, end):
        if found := same.fullmatch(lines[i]):
            lines[i] = f"{line}  {found[1]}" if found[1] else line
            return "\n".join([*lines, ""])
    while end > place + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return "\n".join([*lines[:end], line, *lines[end:], ""])
