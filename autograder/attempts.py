"""Every file that was ever collected, and which of a student's several attempts counts.

Nothing here is overwritten: ``attempts/<assignment>/<student>/<UTC stamp>-<sha8>.ipynb`` with
what is known of it in a ``.json`` beside it.  The attempt that counts is copied to ``submitted/``,
where nbgrader and the judge look.  A file that somebody put there by hand becomes an attempt.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from autograder import cells
from autograder.course import Course, write_atomically
from autograder.offering import Offering
from autograder.submission import Unreadable, read_plain_file

# No student's name starts so: files of people whom the class list does not know.
UNKNOWN = "_unknown"
STAMP = "%Y%m%dT%H%M%SZ"
BY_HAND = "put into submitted/"
LISTED = "the list of times"
# Both are later than the work was handed in: by how much, the source does not say.
DOWNLOAD = "the download"
IN_TIME = "the download; Canvas does not call it late"
COLLECTING = "the time of collecting"
OF_FILE, OF_ENTRY = "the file's time", "the archive"


@dataclass(frozen=True)
class Attempt:
    """One file handed in.

    Parameters
    ----------
    path : Path
        Where it is kept.
    handed_in : datetime
        Aware, in UTC.
    basis : str
        What the time rests on, in words: ``the file's time``, ``the list of times``.
    order : int
        Of two files of one moment the one with the larger number is the later.
    kept : int
        The how manieth file of the student it was; of two that are alike so far the later.
    """

    path: Path
    handed_in: datetime
    sha256: str
    file: str = ""
    source: str = ""
    basis: str = ""
    order: int = 0
    kept: int = 0

    def counted(self, due: datetime | None) -> datetime:
        """The moment that is charged: what Canvas does not call late is in time, whenever it was downloaded."""
        return min(self.handed_in, due) if self.basis == IN_TIME and due else self.handed_in

    @property
    def is_guess(self) -> bool:
        """Whether the time is no more than the latest that it can have been."""
        return self.basis in (DOWNLOAD, COLLECTING)

    @property
    def upload(self) -> int:
        """Canvas' own number of the file, which grows with time; 0 of other sources."""
        return self.order if self.source.endswith("(canvas)") else 0


def folder(course: Course, assignment: str, student: str) -> Path:
    """Where a student's attempts are kept."""
    return course.root / "attempts" / assignment / student


def of(course: Course, assignment: str, student: str) -> list[Attempt]:
    """A student's attempts, the earliest first."""
    return in_order([_read(path) for path in folder(course, assignment, student).glob("*.ipynb")])


def in_order(attempts: Sequence[Attempt]) -> list[Attempt]:
    """The earliest first; a time of a download is later than the handing in, and says only what came before it."""

    def key(attempt: Attempt) -> tuple[datetime, int, int]:
        latest = [attempt.handed_in]
        if attempt.upload and attempt.basis in (DOWNLOAD, IN_TIME):
            latest += [a.handed_in for a in attempts if a.upload > attempt.upload]
        return min(latest), attempt.order, attempt.kept

    return sorted(attempts, key=key)


def _read(path: Path) -> Attempt:
    try:
        raw = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        raw["handed_in"] = datetime.fromisoformat(raw["handed_in"])
        return Attempt(path, **raw)
    except (OSError, ValueError, TypeError, KeyError):
        # Stopped between the two files: the name holds the essentials.
        stamp, _, _ = path.stem.partition("-")
        try:
            handed_in = datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
        except ValueError:
            handed_in = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return Attempt(path, handed_in, hashlib.sha256(path.read_bytes()).hexdigest())


def keep(course: Course, assignment: str, student: str, data: bytes, about: Attempt) -> tuple[Attempt, bool]:
    """Keep a file once; returns its attempt, and whether it is new.

    The same file handed in again changes nothing, except that a listed time replaces a found
    one and of two found times the earlier stands: a copy can only be younger than the original.
    """
    sha = hashlib.sha256(data).hexdigest()
    before = of(course, assignment, student)
    old = next((a for a in before if a.sha256 == sha), None)
    if old is not None:
        ranks = [(a.basis == LISTED, -a.handed_in.timestamp()) for a in (about, old)]
        # A listed time replaces also a listed one: the list may have been corrected.
        if about.basis != LISTED and ranks[0] <= ranks[1]:
            return old, False
        about = replace(about, path=old.path, sha256=sha, kept=old.kept)
        if about != old:
            _describe(about)
        return about, False
    where = folder(course, assignment, student)
    name = f"{about.handed_in:{STAMP}}-{sha[:8]}.ipynb"
    attempt = replace(about, path=where / name, sha256=sha, kept=1 + max((a.kept for a in before), default=0))
    write_atomically(attempt.path, data)
    _describe(attempt)
    return attempt, True


def _describe(attempt: Attempt) -> None:
    told = {**asdict(attempt), "handed_in": attempt.handed_in.isoformat()}
    del told["path"]
    write_atomically(
        attempt.path.with_suffix(".json"), (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()
    )


def counting(attempts: Sequence[Attempt], rule: str, due: datetime | None) -> Attempt:
    """The attempt that counts by the rule "last" or "before the deadline".

    A file that is no notebook counts only where the student has handed in no notebook.  Before
    the deadline means the last attempt in time; where all are late, the first of them, which
    loses least.  ("best" is for `grade` to find: until then the last stands.)
    """
    return _by_rule(attempts if len(attempts) == 1 else _readable(attempts), rule, due)


def _by_rule(attempts: Sequence[Attempt], rule: str, due: datetime | None) -> Attempt:
    ordered = in_order(attempts)
    if rule == "before the deadline" and due is not None:
        in_time = [a for a in ordered if a.counted(due) <= due]
        return in_time[-1] if in_time else ordered[0]
    return ordered[-1]


def _readable(attempts: Sequence[Attempt]) -> Sequence[Attempt]:
    def is_notebook(attempt: Attempt) -> bool:
        try:
            cells.read(read_plain_file(attempt.path), attempt.file)
        except Unreadable:
            return False
        return True

    return [a for a in attempts if is_notebook(a)] or attempts


def submitted(course: Course, assignment: str, student: str) -> Path:
    """Where the attempt that counts stands for nbgrader and the judge."""
    found: Path = course.submitted / student / assignment / f"{assignment}.ipynb"
    return found


def placed(course: Course, assignment: str, student: str, kept: Sequence[Attempt]) -> Attempt | None:
    """Which attempt stands there now."""
    try:
        sha = hashlib.sha256(read_plain_file(submitted(course, assignment, student))).hexdigest()
    except Unreadable:
        return None
    return next((a for a in kept if a.sha256 == sha), None)


def place(course: Course, assignment: str, student: str, attempt: Attempt, due: datetime | None = None) -> Path:
    """Put an attempt where nbgrader and the judge look for it, with its time; nothing is written twice."""
    target = submitted(course, assignment, student)
    # The time is what the collector knows, never one that a submission claims for itself.
    stamp = attempt.counted(due).strftime("%Y-%m-%d %H:%M:%S.%f UTC\n").encode()
    for path, data in ((target, read_plain_file(attempt.path)), (target.with_name("timestamp.txt"), stamp)):
        if path.is_symlink() or not path.exists() or path.read_bytes() != data:
            write_atomically(path, data)
    return target


def adopt(course: Course, assignment: str, student: str) -> None:
    """Keep a file that somebody put into ``submitted/``, before another takes its place."""
    path = submitted(course, assignment, student)
    if path.is_symlink() or not path.exists():
        return
    data, stamp = read_plain_file(path), path.with_name("timestamp.txt")
    sha = hashlib.sha256(data).hexdigest()
    if any(a.sha256 == sha for a in of(course, assignment, student)):
        return
    handed_in = datetime.fromtimestamp(path.lstat().st_mtime, UTC)
    if stamp.is_file():
        from nbgrader.utils import parse_utc

        with suppress(Unreadable, ValueError, OverflowError):
            handed_in = parse_utc(read_plain_file(stamp, 200).decode().strip()).replace(tzinfo=UTC)
    keep(course, assignment, student, data, Attempt(path, handed_in, "", path.name, BY_HAND, "as it stood there"))


def students(course: Course, assignment: str) -> list[str]:
    """Students of whom anything is kept."""
    found = (course.root / "attempts" / assignment).glob("*/*.ipynb")
    return sorted({path.parent.name for path in found} - {UNKNOWN})


def settle(course: Course, assignment: str, offering: Offering) -> dict[str, str]:
    """Place everybody's counting attempt; returns what stood in the way, by student."""
    failed = {}
    for student in students(course, assignment):
        try:
            adopt(course, assignment, student)
            due = offering.due(student)
            place(course, assignment, student, counting(of(course, assignment, student), offering.attempts, due), due)
        except Unreadable as problem:
            failed[student] = f"{problem}; remove it from submitted/{student}/{assignment}"
    return failed


def told(attempt: Attempt, local: Callable[[datetime], str]) -> str:
    """When an attempt was handed in, and what is not known of that."""
    if attempt.basis == IN_TIME:
        return "handed in in time, as Canvas says"
    if attempt.basis == DOWNLOAD:
        return f"downloaded {local(attempt.handed_in)}, handed in before"
    if attempt.basis == COLLECTING:
        return f"collected {local(attempt.handed_in)}"
    return f"handed in {local(attempt.handed_in)}"


def said(attempts: Sequence[Attempt], chosen: Attempt, offering: Offering, due: datetime | None) -> str:
    """One sentence on which of several attempts counts; nothing where there is one."""
    if len(attempts) < 2:
        return ""
    rule = offering.attempts
    which = in_order(attempts).index(chosen) + 1
    late = due is not None and chosen.counted(due) > due
    in_time = "the first, all being late" if late else "the last in time"
    why = {"last": "the last", "best": "the best"}.get(rule, in_time)
    if rule != "best" and chosen != _by_rule(attempts, rule, due):
        why += " that is a notebook"
    when = told(chosen, offering.local)
    return f"attempt {which} of {len(attempts)} counts, {why} ({chosen.file or chosen.path.name}, {when})"
