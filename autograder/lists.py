"""Two lists that an instructor may give to `collect`: when work was handed in, and who a name is.

Both are CSV with headings; Moodle's grading worksheet serves as either.  A time misread in
silence would cost a student points, so a line that is not understood refuses the whole list.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from autograder.errors import Foreseen
from autograder.inbox import same_name

FOUND = ("found", "name in source", "identifier", "participant", "folder", "file")
ID = (
    "id", "student_id", "student id", "student", "username", "id number", "email address", "email", "full name",
)  # fmt: skip
WHO = (
    *ID, "identifier", "participant", "found", "user id", "canvas id", "lms_user_id", "name", "login", "sis login id",
)  # fmt: skip
WHEN = (
    "handed_in", "handed in", "time", "submitted_at", "submitted at", "submitted", "submission date",
    "submission time", "last modified (submission)", "date",
)  # fmt: skip
# As Moodle writes them in English; anything else is ISO, or refused.
SPELT = ("%A, %d %B %Y, %I:%M %p", "%A, %B %d, %Y, %I:%M %p", "%A, %d %B %Y, %H:%M", "%d %B %Y, %I:%M %p")
NOTHING = ("", "-", "never")


class BadList(Foreseen):
    """A list that cannot be used; the message names file, line and cure."""


def times(path: Path, zone: tzinfo | None) -> dict[str, datetime]:
    """Times of handing in by everything that a line tells of its student.

    Parameters
    ----------
    path : Path
    zone : tzinfo or None
        What times without an offset are read in; None refuses them.

    Raises
    ------
    BadList
        At the first line whose time is not understood.
    """
    found: dict[str, dict[str, datetime]] = {}
    for line, row in _rows(path):
        column = next((name for name in WHEN if name in row), "")
        if not column:
            raise BadList(f"{path}: no column of times; give one the heading 'handed_in'")
        keys = [same_name(row[name]) for name in WHO if row.get(name, "").strip()]
        if not keys:
            raise BadList(f"{path}, line {line}: names no student; give a column the heading 'id'")
        text = row[column].strip()
        if text.lower() in NOTHING:
            continue
        when = _moment(text, zone, f"{path}, line {line}")
        for key in keys:
            lines = found.setdefault(key, {})
            # Several lines of one student are several attempts; what was collected is the last.
            lines[keys[0]] = max(when, lines.get(keys[0], when))
    # A name that two students share tells nothing.
    return {key: next(iter(lines.values())) for key, lines in found.items() if len(lines) == 1}


def names(path: Path) -> dict[str, list[str]]:
    """Ids by the name that was found; a group's name may have several lines."""
    found: dict[str, list[str]] = {}
    for line, row in _rows(path):
        values = [value for value in row.values() if value.strip()]
        key = next((row[name] for name in FOUND if row.get(name, "").strip()), values[0] if values else "")
        who = next((row[name] for name in ID if row.get(name, "").strip() and row[name] != key), "")
        if not key or not who:
            raise BadList(f"{path}, line {line}: needs a name as it was found and a student's id; headings: found,id")
        found.setdefault(same_name(key), []).append(who.strip())
    return found


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise BadList(f"{path} cannot be read ({problem.strerror})") from None
    except UnicodeDecodeError:
        raise BadList(f"{path}: not text in UTF-8; save it as CSV in UTF-8") from None
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    headings: list[str] | None = None
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if headings is None:
                headings = [same_name(cell) for cell in row]
                continue
            yield rows.line_num, dict(zip(headings, row, strict=False))
    except csv.Error as problem:
        raise BadList(f"{path}, line {rows.line_num}: not readable as CSV ({problem}); correct its quotes") from None


def _moment(text: str, zone: tzinfo | None, where: str) -> datetime:
    """A point in time in UTC, or a refusal."""
    when = None
    for form in ("", *SPELT):
        try:
            spelt = re.sub(r"\s+UTC$", "+00:00", text)
            when = datetime.strptime(text, form) if form else datetime.fromisoformat(spelt)
            break
        except ValueError:
            continue
    if when is None:
        raise BadList(f"{where}: {text[:60]!r} is not understood as a time; write it as 2026-10-12 23:59+02:00")
    if when.tzinfo is None:
        if zone is None:
            raise BadList(
                f"{where}: {text[:60]!r} has no time zone; add an offset as in +02:00, "
                'or a line timezone = "Europe/Berlin" to the course\'s offering.toml'
            )
        when = when.replace(tzinfo=zone)
    try:
        return when.astimezone(UTC)
    except OverflowError:
        raise BadList(f"{where}: {text[:60]!r} is out of range") from None


def look_up(table: dict[str, datetime], keys: Iterable[str]) -> datetime | None:
    """The time of the first key that the list knows."""
    return next((table[same_name(key)] for key in keys if key and same_name(key) in table), None)
