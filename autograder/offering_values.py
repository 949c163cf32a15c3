"""The values of an offering file, read strictly: zones, moments, spans of time, numbers.

A local time that daylight saving skips or repeats names no moment, so it is refused with its
possible readings; a due date computed from a span falls on the later of two readings, in the
student's favour.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autograder.errors import Foreseen

SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(minute|hour|day|week)s?")
SPELT = re.compile(r"\d{4}-\d\d-\d\d[ Tt]\d\d:\d\d(:\d\d)?\s*([+-]\d\d:\d\d|[Zz])?")
# Longer than any course: what is beyond it is a slip, or a trap for arithmetic on dates.
LONGEST_DAYS = 3660


class BadOffering(Foreseen):
    """The offering file says something that cannot be meant; the message names file, key and cure."""


@dataclass(frozen=True)
class Place:
    """Where in the file a value stands, for the one sentence that is said of it."""

    path: Path
    section: str = ""
    keys: tuple[str, ...] = ()

    def at(self, key: str) -> Place:
        """The place of a key below this one."""
        return Place(self.path, self.section, (*self.keys, key))

    def refuse(self, wrong: str, cure: str) -> NoReturn:
        """Say what is wrong here and what to do."""
        words = " ".join(word for word in (self.section and f"[{self.section}]", ".".join(self.keys)) if word)
        raise BadOffering(f"{self.path}: {words}{': ' if words else ''}{wrong}; {cure}")


def zone(value: Any, where: Place) -> ZoneInfo | None:
    """The zone of a course's local times; None where it names none."""
    if value is None:
        return None
    try:
        if not isinstance(value, str) or not value:
            raise ValueError
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        where.refuse(f"{value!r} is no time zone", 'write one as "Europe/Berlin" or "UTC"')


def moment(value: Any, here: ZoneInfo | None, where: Place) -> datetime:
    """A point in time, in UTC, from a TOML date-time or the same as text; local ones in the zone `here`."""
    if isinstance(value, str) and SPELT.fullmatch(value.strip()):
        try:
            value = datetime.fromisoformat(re.sub(r"\s+(?=[+-]\d\d:|[Zz]$)", "", value.strip()).upper())
        except ValueError as problem:
            where.refuse(f"{value!r} is no time ({problem})", "correct the date")
    if isinstance(value, date) and not isinstance(value, datetime):
        where.refuse(f"{value} has no time of day", f"write it out, as in {value} 23:59")
    if not isinstance(value, datetime):
        where.refuse(f"{value!r} is no time", "write it as 2026-10-12 23:59")
    if value.tzinfo is None:
        if here is None:
            where.refuse(
                f"{value:%Y-%m-%d %H:%M} needs a time zone",
                'add a line timezone = "Europe/Berlin" at the top, or an offset to the time, as in +02:00',
            )
        value = _local(value, here, where)
    at: datetime = value
    try:
        return at.astimezone(UTC)
    except OverflowError:
        where.refuse(f"{value} is out of range", "correct the year")


def _local(naive: datetime, here: ZoneInfo, where: Place) -> datetime:
    """The one moment that a local time names."""
    first, second = (naive.replace(tzinfo=here, fold=fold) for fold in (0, 1))
    try:
        exists = first.astimezone(UTC).astimezone(here).replace(tzinfo=None) == naive
    except OverflowError:
        where.refuse(f"{naive} is out of range", "correct the year")
    if not exists:
        after = first.astimezone(UTC).astimezone(here)
        where.refuse(
            f"{naive:%Y-%m-%d %H:%M} does not exist in {here.key}, where the clocks go forward then",
            f"write {after:%Y-%m-%d %H:%M} if that is meant",
        )
    if first.utcoffset() != second.utcoffset():
        readings = " or ".join(f"{reading:%Y-%m-%d %H:%M}{_offset(reading)}" for reading in (first, second))
        where.refuse(
            f"{naive:%Y-%m-%d %H:%M} occurs twice in {here.key}, where the clocks go back then",
            f"say which is meant: {readings}",
        )
    return first


def _offset(at: datetime) -> str:
    text = f"{at:%z}"
    return f"{text[:3]}:{text[3:5]}"


def span(value: Any, where: Place) -> timedelta:
    """A length of time such as "2 days" or "90 minutes"; a day is 24 hours here."""
    found = SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        where.refuse(f"{value!r} is no length of time", 'write it as "2 days", "36 hours" or "15 minutes"')
    amount = float(found.group(1)) * {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0}[found.group(2)]
    if amount > LONGEST_DAYS:
        where.refuse(f"{value!r} is longer than ten years", "correct it")
    return timedelta(days=amount)


def extension(value: Any, deadline: datetime, here: ZoneInfo | None, where: Place) -> datetime:
    """A student's own due date: a moment, or a span after the assignment's.

    Whole days and weeks keep the time of day in the course's zone, whatever the clocks do between.
    """
    found = SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        if isinstance(value, str) and not SPELT.fullmatch(value.strip()):
            where.refuse(f"{value!r} is neither a time nor a length", 'write 2026-10-14 23:59 or "2 days"')
        own = moment(value, here, where)
    else:
        length = span(value, where)
        if found.group(2) in ("day", "week") and length % timedelta(days=1) == timedelta(0) and here is not None:
            # Of a repeated hour the second; in a skipped one Python already moves forward.
            later = (deadline.astimezone(here).replace(tzinfo=None) + length).replace(tzinfo=here)
            own = max(later.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        else:
            own = deadline + length
    if own < deadline:
        where.refuse("is before the assignment's own due date", "an extension can only be later")
    return own


def number(value: Any, where: Place, most: float = 10_000.0) -> float:
    """A finite number that is not negative."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        where.refuse(f"{value!r} is no number", "write a number such as 3 or 2.5")
    if not math.isfinite(value) or not 0 <= value <= most:
        where.refuse(f"{value} is not possible", f"write a number from 0 to {most:g}")
    return float(value)
