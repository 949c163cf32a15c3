"""nbgrader's exchange: where the course's inbound folder is, and whether its names can be believed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from autograder.attempts import Attempt
from autograder.course import Course
from autograder.inbox import printable
from autograder.platforms import Parcel


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


def _real_folder(parcel: Parcel) -> list[Path] | None:
    found = [entry.place for entry in parcel.files if entry.place is not None]
    return [*found, *{place.parent for place in found}] or None
