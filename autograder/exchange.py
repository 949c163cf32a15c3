"""nbgrader's exchange: where the course's inbound folder is, and whether its names can be believed."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from autograder.attempts import Attempt
from autograder.course import Course
from autograder.inbox import printable, same_name
from autograder.platforms import Parcel
from autograder.roster import Roster


def inbound(course: Course) -> Path:
    """The inbound folder that the course's ``nbgrader_config.py`` names."""
    from nbgrader.exchange.default import Exchange

    from autograder.nbgrader_run import course_directory, settings

    root = Path(Exchange(config=settings(course.root)).root)
    return root / course_directory(course.root).course_id / "inbound"


def forged(kept: Sequence[tuple[Parcel, Attempt]]) -> Iterator[str]:
    """Whether inbound folders were changed after the moment that their names give."""
    later = []
    for parcel, attempt in kept:
        folder = _real_folder(parcel)
        if folder is None or parcel.handed_in is None:
            continue
        changed = datetime.fromtimestamp(max(os.lstat(p).st_ctime for p in folder), UTC)
        if changed > attempt.handed_in + timedelta(minutes=5):
            later.append((parcel.label, attempt.handed_in, changed))
    if later and len(later) == len(kept) and len(kept) > 1:
        yield "the inbound folder has been copied since, so the times in its names cannot be checked against the disk"
        return
    for label, named, changed in later:
        yield (
            f"{printable(label)}: the inbound folder's name says {named:%Y-%m-%d %H:%M} UTC, "
            f"but it was last changed {changed:%Y-%m-%d %H:%M} UTC; the name's time is used"
        )


def not_theirs(parcel: Parcel, student: str, roster: Roster | None) -> str:
    """Why an inbound folder is not taken as a student's: anybody can write any name on theirs, but not own it.

    Folders of the one who collects, or of root, have been copied, and say nothing.
    """
    top = next((e.place.parents[len(e.path) - 2] for e in parcel.files if e.place and len(e.path) > 1), None)
    if top is None:
        return ""
    uid, owner = _owner(top)
    if uid in (0, os.geteuid()) or same_name(owner) in (same_name(student), same_name(parcel.label)):
        return ""
    known = roster.find(owner) if roster is not None and owner else None
    if known is not None and known.id == student:
        return ""
    whose = repr(printable(owner)) if owner else f"the user of number {uid}"
    return (
        f"not taken, because its inbound folder belongs to {whose} and not to {printable(parcel.label)!r}; "
        "if it is theirs all the same, collect a copy of the inbound folder, which then belongs to you"
    )


def _owner(folder: Path) -> tuple[int, str]:
    """Whom the machine has as the owner: number, and name where there is one."""
    uid = os.lstat(folder).st_uid
    try:
        return uid, pwd.getpwuid(uid).pw_name
    except KeyError:
        return uid, ""


def _real_folder(parcel: Parcel) -> list[Path] | None:
    found = [entry.place for entry in parcel.files if entry.place is not None]
    return [*found, *{place.parent for place in found}] or None
