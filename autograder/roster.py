"""Who is in the class: read from an LMS's list, kept in the course, shown by formgrader.

A list is taken whole or not at all, so that a slip in line 80 does not leave half a class.
Students who are no longer on it stay in the gradebook, with what they have earned.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields
from functools import cached_property
from pathlib import Path

from autograder.course import Course, write_atomically
from autograder.errors import Foreseen

FILE = "roster.csv"
KINDS = ("id", "email", "lms_user_id", "name")  # what may name a student, the most certain first
LONGEST = 128  # of any value, in nbgrader's tables
MOST_BYTES = 20 << 20
MOST_LINES = 20  # named before the rest is a number
# Headings by what they hold, in order of preference, as Canvas, Moodle, Blackboard and people write them.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "id": (
        "student_id", "student id", "studentid", "sis login id", "sis login", "login id", "username", "user name",
        "login", "sis user id", "sis id", "id number", "idnumber", "student number", "matriculation number",
        "orgdefinedid", "id", "student",
    ),
    "first_name": ("first_name", "first name", "firstname", "given name", "forename"),
    "last_name": ("last_name", "last name", "lastname", "surname", "family name"),
    "name": ("name", "full name", "fullname", "display name", "student name"),
    "email": ("email", "e-mail", "email address", "e-mail address", "mail"),
    "lms_user_id": ("lms_user_id", "lms user id", "lms id", "canvas id", "canvas user id", "user id", "userid"),
}  # fmt: skip


class BadRoster(Foreseen):
    """A list that cannot be taken; the message names file, line and cure."""


@dataclass(frozen=True)
class Student:
    """One student; only `id`, the name of the folder of their work, is always there."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""

    @property
    def name(self) -> str:
        """The full name, or nothing."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True)
class Roster:
    """The class in the order of its list; `column` is the heading of the ids, `left_out` who is no student."""

    students: tuple[Student, ...]
    column: str = field(default="", compare=False)
    left_out: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def load(cls, course: Course) -> Roster | None:
        """The course's list, or None where none has been imported."""
        path = course.root / FILE
        return read(path) if path.exists() else None

    def __len__(self) -> int:
        return len(self.students)

    def __iter__(self) -> Iterator[Student]:
        return iter(self.students)

    def __contains__(self, student: object) -> bool:
        return student in self._by_id

    @cached_property
    def _by_id(self) -> dict[str, Student]:
        return {student.id: student for student in self.students}

    def get(self, student: str) -> Student | None:
        """The student with this id."""
        return self._by_id.get(student)

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], set[str]]:
        found: dict[tuple[str, str], set[str]] = {}
        for s in self.students:
            backwards = (f"{s.last_name}, {s.first_name}", f"{s.last_name} {s.first_name}") if s.last_name else ()
            keys = {("id", s.id), ("email", s.email), ("lms_user_id", s.lms_user_id)}
            keys |= {("name", name) for name in (s.name, *backwards)}
            for kind, text in keys:
                if text.strip():
                    found.setdefault((kind, _folded(text)), set()).add(s.id)
        return found

    def find(self, text: str, kinds: Sequence[str] = KINDS) -> Student | None:
        """The one student whom a text names: by id, then e-mail, then the LMS's number, then full name.

        Capitals, accents' encoding and runs of spaces do not matter.  A text that names nobody, or
        two students alike, names none.  `kinds` says what the text can be: a name that people choose
        for themselves is no id.
        """
        if "id" in kinds and (exact := self._by_id.get(text)):
            return exact
        for kind in kinds:
            found = self._by_key.get((kind, _folded(text)), set())
            if found:
                return self._by_id[next(iter(found))] if len(found) == 1 else None
        return None

    def dumps(self) -> bytes:
        """The list as CSV in our own headings."""
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow([f.name for f in fields(Student)])
        rows.writerows(astuple(student) for student in self.students)
        return text.getvalue().encode()


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def read(path: Path) -> Roster:
    """A class from a file of comma, semicolon or tab separated values.

    Raises
    ------
    BadRoster
        Naming every line that cannot be taken.
    """
    # A quote that is never closed would take the rest of the list into one cell: `strict` refuses it.
    text = _text(path)
    first = next((line for line in text.splitlines() if line.strip() and not line.lower().startswith("sep=")), "")
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: dict[str, int] | None = None
    width, heading, found = 0, "", []
    bad: list[str] = []
    left_out: list[str] = []
    where: dict[str, str] = {}
    try:
        for row in rows:
            # Excel may write a first line `sep=;`, which names the delimiter.
            if not any(cell.strip() for cell in row) or (columns is None and row[0].lower().startswith("sep=")):
                continue
            if columns is None:
                columns, width = _columns(row, f"{path}, line {rows.line_num}"), len(row)
                heading = row[columns["id"]].strip()
                continue
            line = f"{path}, line {rows.line_num}"
            if len(row) > width and any(cell.strip() for cell in row[width:]):
                bad.append(f"{line}: {len(row)} values under {width} headings; quote a value that holds a comma")
                continue
            values = {k: row[i].strip() if i < len(row) else "" for k, i in columns.items()}
            if _folded(values.get("name", "")) == "student, test":
                left_out.append(f"{values['name']!r} in line {rows.line_num}, whom Canvas adds to every course")
                continue
            try:
                student = _student(values, line)
            except BadRoster as problem:
                bad.append(str(problem))
                continue
            if student is None:
                continue
            # Two names that differ only in capitals are one folder on some machines, and one slip on all.
            here = f"line {rows.line_num}{_person(student.name)}"
            same = where.setdefault(_folded(student.id), here)
            if same != here:
                said = f"the id {student.id!r} is in {same} already; give each student their own"
                bad.append(f"{path}, {here}: {said}")
            found.append(student)
    except csv.Error as problem:
        raise BadRoster(f"{path}, line {rows.line_num}: not readable as CSV ({problem}); correct its quotes") from None
    if bad:
        more = [f"and {len(bad) - MOST_LINES} more lines"] if len(bad) > MOST_LINES else []
        raise BadRoster("\n".join([*bad[:MOST_LINES], *more]))
    if columns is None or not found:
        raise BadRoster(f"{path}: lists nobody; it needs a line of headings and below it a line for each student")
    return Roster(tuple(found), heading, tuple(left_out))


def _person(name: str) -> str:
    return f" ({name})" if name else ""


def _text(path: Path) -> str:
    """The file's text: UTF-8 or UTF-16 where it says so or is valid, else the old Western encoding."""
    data = path.read_bytes()
    if len(data) > MOST_BYTES:
        raise BadRoster(f"{path}: {len(data) >> 20} MB is no class list; give the CSV file that your LMS exports")
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = data.decode("utf-16")
        elif b"\0" in data:
            raise BadRoster(f"{path}: not a text file; export the class list as CSV")
        else:
            text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        if problem.encoding.startswith("utf-16"):
            raise BadRoster(f"{path}: damaged UTF-16; export the class list again as CSV in UTF-8") from None
        # What Windows calls Latin 1; bytes that it leaves open become controls, which no value may hold.
        text = data.decode("latin-1") if set(data) & set(b"\x81\x8d\x8f\x90\x9d") else data.decode("cp1252")
    return text


def _columns(row: list[str], line: str) -> dict[str, int]:
    """Which column holds what; `ID` is the LMS's number where another column is a login, as in Canvas."""
    headings = [_folded(cell) for cell in row]
    plain = [heading.replace("_", " ") for heading in headings]
    columns: dict[str, int] = {}
    for what, synonyms in HEADINGS.items():
        for synonym in synonyms:
            wanted = synonym.replace("_", " ")
            if plain.count(wanted) > 1:
                raise BadRoster(f"{line}: the heading {synonym!r} stands there twice; remove one of its columns")
            if wanted in plain:
                columns[what] = plain.index(wanted)
                break
    if "id" not in columns:
        shown = ", ".join(repr(cell.strip()) for cell in row[:8])
        raise BadRoster(
            f"{line}: no column of ids among {shown}; "
            "name the column whose values are the students' folder names 'student_id'"
        )
    # Canvas exports "Student" for the name: it is an id only where nothing else is.
    if plain[columns["id"]] != "student" and "student" in plain and "name" not in columns:
        columns["name"] = plain.index("student")
    if "id" in plain and plain.index("id") != columns["id"]:
        columns.setdefault("lms_user_id", plain.index("id"))
    return columns


def _student(values: dict[str, str], line: str) -> Student | None:
    """One line's student, or a refusal; None for the lines that Canvas adds of its own."""
    from autograder.collect import STUDENT

    for what, value in values.items():
        if len(value) > LONGEST:
            raise BadRoster(f"{line}: {what} is longer than {LONGEST} characters; shorten it")
        if not value.isprintable():
            raise BadRoster(f"{line}: {what} holds characters that cannot be printed; remove them")
    name = values.pop("name", "")
    if not values["id"] and _folded(name) in ("points possible", "test student"):
        return None
    person = _person(name or f"{values.get('first_name', '')} {values.get('last_name', '')}".strip())
    student_id = unicodedata.normalize("NFC", values["id"])
    if not student_id:
        raise BadRoster(f"{line}{person}: no id; give the student one, or remove the line")
    if not STUDENT.fullmatch(student_id):
        raise BadRoster(
            f"{line}{person}: {student_id!r} cannot be a student's id, which has letters, digits and . _ - + @ "
            "or single characters between them, at most 64"
        )
    first, last = values.get("first_name", ""), values.get("last_name", "")
    if name and not (first or last):
        # "Lovelace, Ada" as LMSs sort, else the last word is the family's.
        last, comma, first = (part.strip() for part in name.partition(","))
        if not comma:
            first, _, last = name.rpartition(" ")
    return Student(student_id, first.strip(), last.strip(), values.get("email", ""), values.get("lms_user_id", ""))


def take(course: Course, path: Path) -> tuple[Roster, list[str]]:
    """Import a list into the course and its gradebook; returns it and the ids that left since the last one."""
    roster, before = read(path), Roster.load(course)
    left = [student.id for student in before or () if student.id not in roster]
    course.create()
    enrol(course, roster)
    data = roster.dumps()
    kept = course.root / FILE
    if not kept.exists() or kept.read_bytes() != data:
        write_atomically(kept, data, 0o600)
    return roster, left


def enrol(course: Course, roster: Roster) -> None:
    """Put the class into nbgrader's table of students; nobody is taken out of it."""
    # Here, because nbgrader takes two seconds to import.
    from autograder.gradebook_rows import add_students
    from autograder.nbgrader_run import open_gradebook

    with open_gradebook(course.root) as book:
        add_students(book, [student.id for student in roster], roster)
        book.db.commit()
