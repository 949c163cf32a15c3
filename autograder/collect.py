"""Taking submissions into the course: plain files of students who are in the class, nothing else.

What cannot be taken is named with its reason, and the others go on.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from autograder import attempts, cells, lists
from autograder.attempts import UNKNOWN, Attempt
from autograder.course import Course
from autograder.inbox import Entry, NotCollected, look, printable, same_name
from autograder.lock import alone
from autograder.offering import FILE, Offering, read
from autograder.offering_values import Place
from autograder.offering_values import zone as zone_of
from autograder.platforms import Parcel, parcels
from autograder.roster import Roster, Student
from autograder.submission import Unreadable

__all__ = ["STUDENT", "Collected", "Collection", "NotCollected", "collect", "exchange_of"]

# Letters and digits of any script; nothing that a path, a pattern, a list or a terminal reads as its own.
STUDENT = re.compile(r"[^\W_](?:[\w.@+ -]{0,62}[\w@+-])?")
NAMES = "give --map names.csv (found,id), or take them under these names with --enrol"


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
        return f"{self.student} ({self.file})" if self.file else self.student


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
    kind, found = parcels(inbox.entries, assignment, kind)
    desk = _Desk(course, assignment, offering, kind, inbox.is_zip, f"{source.name} ({kind})", listed)
    with alone(course):
        class_list = _People(Roster.load(course), mapped, enrol, found)
        for parcel in found:
            for student, problem in class_list.identify(parcel, kind):
                desk.take(parcel, student, problem)
        desk.forget_known()
        stuck = attempts.settle(course, assignment, offering)
        _enrol(course, sorted({item.student for item in desk.items if item.path}))
    items = [replace(i, path=None, problem=stuck[i.student]) if i.student in stuck else i for i in desk.items]
    remarks = [*inbox.remarks, *desk.remarks(zone, bool(times)), *_look_alikes(course, items)]
    if not found:
        remarks.append(f"{source} holds nothing that looks like a submission; --from says what kind of source it is")
    return Collection(tuple(sorted(items, key=lambda i: (i.student, i.file))), kind, tuple(remarks))


def _zone(course: Course) -> tzinfo | None:
    path = course.root / FILE
    return zone_of(read(path).get("timezone"), Place(path).at("timezone"))


class _People:
    """Who a parcel is from, by the map, then the class list, then its own name."""

    def __init__(
        self, roster: Roster | None, mapped: dict[str, list[str]], enrol: bool, found: list[Parcel]
    ) -> None:
        self.roster, self.mapped, self.enrol = roster, mapped, enrol
        people = {(same_name(p.full_name), p.label) for p in found if p.full_name}
        self.full_names = Counter(name for name, _ in people)

    def identify(self, parcel: Parcel, kind: str) -> list[tuple[str, str]]:
        """Students' ids, each with a problem or nothing; several where a group is mapped."""
        told = next((self.mapped[same_name(n)] for n in parcel.names if same_name(n) in self.mapped), None)
        if told is not None:
            return [self._mapped(name, parcel) for name in told]
        if self.roster is not None and (known := self._listed(parcel, kind)):
            return [(known.id, "")]
        name = parcel.label
        if kind == "moodle" and parcel.full_name and not self._shared(parcel):
            # Moodle's number is the assignment's, not the student's: the next one has another.
            name = parcel.full_name
        if kind in ("canvas", "moodle"):
            name = " ".join(re.sub(r"[^\w.@+ -]", "", name).split()).strip(". -_+@") or parcel.label
        return [self._one(name, parcel)]

    def _mapped(self, name: str, parcel: Parcel) -> tuple[str, str]:
        known = self.roster.find(name) if self.roster is not None else None
        if known is None and self.roster is not None and not self.enrol:
            return name, f"not taken, because --map calls it {printable(name)!r}, who is not on the class list"
        return (known.id if known else unicodedata.normalize("NFC", name)), ""

    def _one(self, name: str, parcel: Parcel) -> tuple[str, str]:
        known = self.roster.find(name) if self.roster is not None and not self._shared(parcel) else None
        if known is not None:
            return known.id, ""
        student = unicodedata.normalize("NFC", name)
        if self.roster is not None and not self.enrol:
            twice = ", which two in this source are called" if self._shared(parcel) else ""
            label = printable(parcel.label)
            return student, f"not taken, because nobody on the class list is {label!r}{twice}; {NAMES}"
        return student, ""

    def _listed(self, parcel: Parcel, kind: str) -> Student | None:
        assert self.roster is not None
        if parcel.number and (found := _only(s for s in self.roster if s.lms_user_id == parcel.number)):
            return found
        if self._shared(parcel):
            return None
        if kind == "canvas":
            # Canvas runs "Lovelace, Ada" together; its number, not found above, is never one of our ids.
            name = _squeezed(parcel.full_name)
            return _only(s for s in self.roster if name and _squeezed(s.last_name + s.first_name) == name)
        name = parcel.full_name if kind == "moodle" else parcel.label
        return self.roster.find(name) if name else None

    def _shared(self, parcel: Parcel) -> bool:
        return bool(parcel.full_name) and self.full_names.get(same_name(parcel.full_name), 0) > 1


def _only(found: Iterable[Student]) -> Student | None:
    several = list(found)
    return several[0] if len(several) == 1 else None


def _squeezed(name: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFC", name)).casefold()


class _Desk:
    """Takes parcels one by one, and remembers what there is to say."""

    def __init__(
        self, course: Course, assignment: str, offering: Offering, kind: str, is_zip: bool, source: str,
        listed: dict[str, datetime],
    ) -> None:  # fmt: skip
        self.course, self.assignment, self.offering = course, assignment, offering
        self.kind, self.is_zip, self.source, self.listed = kind, is_zip, source, listed
        self.items: list[Collected] = []
        self.taken: dict[str, str] = {}
        self.kept: list[tuple[Parcel, Attempt]] = []
        self.from_download = 0
        self.roster = Roster.load(course)

    def take(self, parcel: Parcel, student: str, problem: str) -> None:
        """Keep the files of a parcel, those of an unknown student aside."""
        files, others = _notebooks(parcel, self.assignment)
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
            self.items.append(Collected(shown, problem=f"no notebook{_instead(others, self.assignment)}"))
            return
        for entry in files:
            self._file(parcel, entry, student, shown, problem, others)

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
            notes = list(_odd(data, entry, self.assignment, parcel, others))
        except Unreadable as reason:
            said = str(reason).removeprefix(f"{name}: ").removeprefix(f"{entry.name}: ")
            self.items.append(Collected(shown, name, problem=said))
            return
        when, basis = self._time(parcel, entry, student, notes)
        about = Attempt(Path(), when, "", name, self.source, basis, parcel.order or _number(entry.name))
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
        basis = "the archive" if self.is_zip else "the file's time"
        basis = "the name of its inbound folder" if parcel.handed_in else basis
        when = parcel.handed_in or entry.time
        if when is None or when.year < 2000 or when > now + timedelta(minutes=5):
            shown = f"{when:%Y-%m-%d %H:%M} UTC" if when else "none"
            notes.append(f"its time ({shown}) cannot be right; the time of collecting is used instead")
            return now, "the time of collecting"
        if self.is_zip and self.kind in ("canvas", "moodle"):
            self.from_download += 1
            if self.kind == "canvas" and due is not None and when > due and not parcel.late:
                return due, "Canvas, which does not call it late"
            if self.kind == "canvas" and parcel.late:
                notes.append("Canvas calls it late, without saying by how much; --times tells")
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
        if self.kind == "exchange":
            yield from _forged(self.kept)

    def forget_known(self) -> None:
        """What was kept aside for an unknown name, and is a student's now, need not be kept twice."""
        for parcel, attempt in self.kept:
            aside = attempts.folder(self.course, self.assignment, f"{UNKNOWN}/{_folder_name(parcel.label)}")
            for path in aside.glob(f"*-{attempt.sha256[:8]}.*"):
                path.unlink()
            if aside.is_dir() and not any(aside.iterdir()):
                aside.rmdir()


def _notebooks(parcel: Parcel, assignment: str) -> tuple[list[Entry], list[Entry]]:
    """A student's files of this assignment, and the others."""
    ours: list[Entry] = []
    others: list[Entry] = []
    for entry in parcel.files:
        stem, _, suffix = entry.name.rpartition(".")
        plain = len(entry.path) == 1 or stem.casefold() == assignment.casefold()
        wanted = suffix.lower() == "ipynb" and not entry.is_folder
        if wanted and not plain and not entry.problem:
            try:
                wanted = _belongs(entry.read(), assignment)
            except Unreadable:
                wanted = True  # refused by name, with its reason
        (ours if wanted else others).append(entry)
    return ours or [entry for entry in others if entry.problem and not entry.is_folder], others


def _belongs(data: bytes, assignment: str) -> bool:
    """Whether a notebook of another name holds cells of this assignment."""
    try:
        given, _ = cells.read(data, "")
    except Unreadable:
        return False
    return any(c.grade_id.startswith(f"{assignment}--") or c.task.startswith(f"{assignment}.") for c in given)


def _instead(others: list[Entry], assignment: str) -> str:
    """What was found in the place of a notebook."""
    files = [entry for entry in others if not entry.is_folder] or others
    if not files:
        return f"; its folder is empty, and should hold {assignment}.ipynb"
    if files[0].name.lower().endswith(".ipynb") and not files[0].is_folder:
        return f"; {printable(files[0].name)} holds no cell of {assignment!r}"
    kind = " (a folder)" if files[0].is_folder else ""
    return f"; found {printable(files[0].name)}{kind}, and {assignment}.ipynb is needed"


def _odd(data: bytes, entry: Entry, assignment: str, parcel: Parcel, others: list[Entry]) -> Iterator[str]:
    """What is odd about a file that is taken all the same."""
    try:
        given, said = cells.read(data, entry.name)
        yield from said
        if not any(c.grade_id.startswith(f"{assignment}--") or c.task.startswith(f"{assignment}.") for c in given):
            yield f"holds no cell of {assignment!r}; it will have no points"
    except Unreadable as problem:
        yield f"{str(problem).removeprefix(f'{entry.name}: ')}; it is kept, and will have no points"
    if len(entry.path) > 1 and entry.name != f"{assignment}.ipynb" and _belongs(data, assignment):
        yield "taken under another name, because its cells are of this assignment"
    if any(other.name == "timestamp.txt" for other in others):
        yield "timestamp.txt beside it is not believed: anybody can write one"


def _number(name: str) -> int:
    """Of ``ridge (2).ipynb`` and ``ridge-1.ipynb`` the larger is the later, where their times are equal."""
    found = re.search(r"[ _(-](\d{1,6})\)?\.ipynb$", name, re.IGNORECASE)
    return int(found[1]) if found else 0


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


def _forged(kept: list[tuple[Parcel, Attempt]]) -> Iterator[str]:
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


def _enrol(course: Course, students: list[str]) -> None:
    # Here, because nbgrader takes two seconds to import.
    from autograder.gradebook_rows import add_students
    from autograder.nbgrader_run import open_gradebook

    with open_gradebook(course.root) as book:
        add_students(book, students)
        book.db.commit()


def exchange_of(course: Course) -> Path:
    """The inbound folder that the course's ``nbgrader_config.py`` names."""
    from nbgrader.exchange.default import Exchange

    from autograder.nbgrader_run import course_directory, settings

    root = Path(Exchange(config=settings(course.root)).root)
    return root / course_directory(course.root).course_id / "inbound"
