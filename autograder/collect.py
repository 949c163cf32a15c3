"""Taking submissions into the course: plain files of students who are in the class, nothing else.

What cannot be taken is named with its reason, and the others go on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from autograder import attempts, lists
from autograder.attempts import UNKNOWN, Attempt
from autograder.course import Course
from autograder.exchange import forged, not_theirs
from autograder.inbox import Entry, NotCollected, look, printable, same_name
from autograder.lock import alone
from autograder.offering import FILE, Offering, read
from autograder.offering_values import Place
from autograder.offering_values import zone as zone_of
from autograder.people import SETTLED, People
from autograder.platforms import Parcel, parcels, unmatched
from autograder.recognise import instead, notebooks, oddities, serial
from autograder.roster import Roster
from autograder.submission import Unreadable

__all__ = ["STUDENT", "Collected", "Collection", "NotCollected", "collect"]

# Letters and digits of any script; nothing that a path, a pattern, a list or a terminal reads as its own.
STUDENT = re.compile(r"[^\W_](?:[\w.@+ -]{0,62}[\w@+-])?")


@dataclass(frozen=True)
class Collected:
    """One file found; `path` is where the student's work stands now, `problem` why it was refused.

    `notes` are sentences on what was odd about a file that was taken.
    """

    student: str
    file: str = ""
    path: Path | None = None
    problem: str = ""
    notes: tuple[str, ...] = ()

    @property
    def who(self) -> str:
        """Student and file, as every message begins."""
        return f"{self.student} ({self.file})" if self.file and self.student else self.student or self.file


@dataclass(frozen=True)
class Collection:
    """What came of a source; `remarks` are sentences on the source as a whole."""

    items: tuple[Collected, ...]
    kind: str
    remarks: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Collected]:
        return iter(self.items)


def collect(
    course: Course,
    assignment: str,
    source: Path,
    *,
    kind: str = "",
    times: Path | None = None,
    names: Path | None = None,
    enrol: bool = False,
) -> Collection:
    """Keep every submission of a source, place those that count, and put their students into the gradebook.

    Parameters
    ----------
    course : Course
    assignment : str
        The assignment, which is also the notebook's name.
    source : Path
        A folder or a zip archive, named as a folder of students, Canvas, Moodle or nbgrader's exchange names it.
    kind : str
        One of `autograder.platforms.KINDS`; found where it is not given.
    times : Path, optional
        A list of when each student handed in; it wins over what the source says.
    names : Path, optional
        A list of which student a name in the source is.
    enrol : bool
        Take also students whom the class list does not know.
    """
    offering, zone = Offering.of(course, assignment), _zone(course)
    listed = lists.times(times, zone) if times else {}
    mapped = lists.names(names) if names else {}
    inbox = look(source, zone)
    siblings = set(course.assignments()) - {assignment}
    given, (kind, found) = kind, parcels(inbox.entries, assignment, kind, siblings)
    desk = _Desk(course, assignment, siblings, offering, kind, inbox.is_zip, f"{source.name} ({kind})", listed)
    with alone(course):
        class_list = People(Roster.load(course), mapped, enrol, found)
        for parcel in found:
            for student, problem in class_list.identify(parcel, kind):
                if not problem and kind == "exchange":
                    problem = not_theirs(parcel, student, class_list.roster)
                if not problem and not class_list.is_mapped(parcel):
                    problem = desk.rival(parcel, student)
                desk.take(parcel, student, problem)
        desk.left_over(unmatched(inbox.entries, kind))
        desk.forget_known()
        stuck = attempts.settle(course, assignment, offering)
        _enrol(course, sorted({item.student for item in desk.items if item.path}))
    items = [replace(i, path=None, problem=stuck[i.student]) if i.student in stuck else i for i in desk.items]
    remarks = [*inbox.remarks, *desk.remarks(zone, bool(times)), *_look_alikes(course, items)]
    if not found:
        wrong = f"nothing in it is named as for --from {given}; leave --from out, or name another kind"
        said = wrong if given else "--from says what kind of source it is"
        remarks.append(f"{source} holds nothing that looks like a submission; {said}")
    return Collection(tuple(sorted(items, key=lambda i: (i.student, i.file))), kind, tuple(remarks))


def _zone(course: Course) -> tzinfo | None:
    path = course.root / FILE
    return zone_of(read(path).get("timezone"), Place(path).at("timezone"))


class _Desk:
    """Takes parcels one by one, and remembers what there is to say."""

    def __init__(
        self, course: Course, assignment: str, siblings: set[str], offering: Offering, kind: str, is_zip: bool,
        source: str, listed: dict[str, datetime],
    ) -> None:  # fmt: skip
        self.course, self.assignment, self.offering = course, assignment, offering
        self.kind, self.is_zip, self.source, self.listed = kind, is_zip, source, listed
        self.items: list[Collected] = []
        self.taken: dict[str, str] = {}
        self.kept: list[tuple[Parcel, Attempt]] = []
        self.from_download, self.timestamps = 0, 0
        self.charged: list[datetime] = []
        self.roster = Roster.load(course)
        self.siblings = siblings

    def take(self, parcel: Parcel, student: str, problem: str) -> None:
        """Keep the files of a parcel, those of an unknown student aside."""
        files, others = notebooks(parcel, self.assignment, self.siblings)
        shown = printable(student if not problem else parcel.label)
        if not problem and not STUDENT.fullmatch(student):
            problem = (
                "not taken, because this cannot be a student's name, "
                "which has letters, digits and . _ - + @ or single characters between them, at most 64"
            )
            self._refuse(shown, files or list(parcel.files), problem)
            return
        if not problem and student == self.assignment and self.kind == "folder":
            self._refuse("", files, f"names no student; give the folder above, of <student>/{self.assignment}.ipynb")
            return
        if not files:
            self.items.append(Collected(shown, problem=f"no notebook{instead(others, self.assignment)}"))
            return
        for entry in files:
            self._file(parcel, entry, student, shown, problem, others)

    def left_over(self, names: list[str]) -> None:
        """Name what nobody can be found for: it may be somebody's work."""
        platform = {"canvas": "Canvas", "moodle": "Moodle"}.get(self.kind, "the exchange")
        problem = f"not taken, because it is not named as {platform} names files, so whose it is cannot be told"
        self.items += [Collected("", printable(name), problem=problem) for name in names]

    def rival(self, parcel: Parcel, student: str) -> str:
        """Whether somebody else in this source is this student by their name already."""
        before = self.taken.get(student, parcel.label)
        if same_name(before) == same_name(parcel.label):
            return ""
        both = f"{printable(before)!r} and {printable(parcel.label)!r}"
        return f"not taken, because {both} are both {student!r} by their names, and the first stands; {SETTLED}"

    def _refuse(self, shown: str, files: list[Entry], problem: str) -> None:
        named = [(printable(entry.name), entry.problem or problem) for entry in files] or [("", problem)]
        self.items += [Collected(shown, name, problem=said) for name, said in named]

    def _file(
        self, parcel: Parcel, entry: Entry, student: str, shown: str, problem: str, others: list[Entry]
    ) -> None:
        name = printable(entry.name)
        try:
            if entry.problem:
                raise Unreadable(entry.problem)
            data = entry.read()
            notes = list(oddities(data, entry, self.assignment))
            self.timestamps += any(other.name == "timestamp.txt" for other in others)
        except Unreadable as reason:
            said = str(reason).removeprefix(f"{name}: ").removeprefix(f"{entry.name}: ")
            self.items.append(Collected(shown, name, problem=said))
            return
        when, basis = self._time(parcel, entry, student, notes)
        about = Attempt(Path(), when, "", name, self.source, basis, parcel.order or serial(entry.name))
        where = f"{UNKNOWN}/{_folder_name(parcel.label)}" if problem else student
        attempt, _ = attempts.keep(self.course, self.assignment, where, data, about)
        if problem:
            self.items.append(Collected(shown, name, problem=f"{problem}; the file is kept in {attempt.path.parent}"))
            return
        before = self.taken.setdefault(student, parcel.label)
        if before != parcel.label:
            notes.append(f"{printable(before)!r} and {printable(parcel.label)!r} are both this student's")
        self.kept.append((parcel, attempt))
        place = attempts.submitted(self.course, self.assignment, student)
        self.items.append(Collected(student, name, place, notes=tuple(notes)))

    def _time(self, parcel: Parcel, entry: Entry, student: str, notes: list[str]) -> tuple[datetime, str]:
        """When a file was handed in, as far as its source can be trusted, and what that rests on."""
        known = self.roster.get(student) if self.roster else None
        about = (known.email, known.lms_user_id, known.name) if known else ()
        if listed := lists.look_up(self.listed, (student, *parcel.names, *about)):
            return listed, attempts.LISTED
        if self.listed:
            notes.append("the list of times has no line of this student")
        now, due = datetime.now(UTC), self.offering.due(student)
        basis = attempts.OF_ENTRY if self.is_zip else attempts.OF_FILE
        basis = "the name of its inbound folder" if parcel.handed_in else basis
        when = parcel.handed_in or entry.time
        if when is None or when.year < 2000 or when > now + timedelta(minutes=5):
            shown = self.offering.local(when) if when else "none"
            notes.append(f"its time ({shown}) cannot be right; the time of collecting is used instead")
            return now, attempts.COLLECTING
        if self.kind in ("canvas", "moodle"):
            self.from_download += 1
            if self.kind == "canvas" and not parcel.late:
                return (min(when, due) if due else when), attempts.IN_TIME
            if due is not None and when > due:
                self.charged.append(when)
            if self.kind == "canvas":
                told = f"the time of the download, {self.offering.local(when)}, counts until --times tells"
                notes.append(f"Canvas calls it late, without saying by how much; {told}")
            return when, attempts.DOWNLOAD
        return when, basis

    def remarks(self, zone: tzinfo | None, timed: bool) -> Iterator[str]:
        """What there is to say of the source as a whole."""
        if self.is_zip and not timed and self.kept:
            local = zone or datetime.now().astimezone().tzinfo
            yield f"times in the archive are local and were read in the zone {local}"
        if self.from_download:
            platform = self.kind.capitalize()
            export = "submissions report" if self.kind == "canvas" else "grading worksheet"
            late = ", but those that Canvas does not call LATE count as in time" if self.kind == "canvas" else ""
            yield (
                f"{platform} gives every file the time of the download, not of handing in{late}; "
                f"give its {export} with --times where lateness matters"
            )
        if self.charged:
            first, last = self.offering.local(min(self.charged)), self.offering.local(max(self.charged))
            when = first if first == last else f"{first} to {last}"
            files = "1 file counts" if len(self.charged) == 1 else f"{len(self.charged)} files count"
            yield f"{files} as late, handed in at the time of the download, {when}; --times puts that right"
        if self.timestamps:
            beside = f"beside {self.timestamps} of the notebooks" if self.timestamps > 1 else "beside a notebook"
            yield f"timestamp.txt {beside} is not believed: anybody can write one"
        if self.kind == "exchange":
            yield from forged(self.kept)

    def forget_known(self) -> None:
        """What was kept aside for an unknown name, and is a student's now, need not be kept twice."""
        for parcel, attempt in self.kept:
            aside = attempts.folder(self.course, self.assignment, f"{UNKNOWN}/{_folder_name(parcel.label)}")
            for path in aside.glob(f"*-{attempt.sha256[:8]}.*"):
                path.unlink()
            if aside.is_dir() and not any(aside.iterdir()):
                aside.rmdir()


def _folder_name(label: str) -> str:
    return re.sub(r"[^\w@+-]", "_", unicodedata.normalize("NFC", label))[:64] or "_"


def _look_alikes(course: Course, items: list[Collected]) -> Iterator[str]:
    """Names that differ in capitals alone are, as a rule, one student."""
    taken = {item.student for item in items if item.path}
    there = {path.name for path in course.submitted.glob("*") if path.is_dir()} | taken
    alike: dict[str, set[str]] = {}
    for student in there:
        alike.setdefault(same_name(student), set()).add(student)
    for group in alike.values():
        if len(group) > 1 and group & taken:
            shown = " and ".join(repr(name) for name in sorted(group))
            yield f"{shown} differ only in how they are written and count as two students; --map makes them one"


def _enrol(course: Course, students: list[str]) -> None:
    # Here, because nbgrader takes two seconds to import.
    from autograder.gradebook_rows import add_students
    from autograder.nbgrader_run import open_gradebook

    with open_gradebook(course.root) as book:
        add_students(book, students)
        book.db.commit()
