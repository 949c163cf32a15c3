"""What an instructor decides about each assignment: dates, tasks, points, which attempt counts, what lateness costs.

One file a course, ``offering.toml``, written once with comments by ``autograder release`` and
the instructor's from then on.  A file that is not wholly understood is refused with one sentence
that names the key: a due date misread in silence would cost students points.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from autograder import secret
from autograder.course import Course, NotReleased, write_atomically
from autograder.late import ATTEMPTS, Late
from autograder.manifest import Chapter
from autograder.offering_values import BadOffering, Place, extension, moment, number, zone

FILE = "offering.toml"
KEYS = ("due", "tasks", "points", "extensions", "attempts", "late")
# TOML wants seconds; people do not write them in a due date.
SHORT_TIME = re.compile(
    r"""^(\s*(?:[\w.-]+|"[^"\n]*"|'[^'\n]*')\s*=\s*\d{4}-\d\d-\d\d[ Tt]\d\d:\d\d)"""
    r"""(?=\s*(?:[+-]\d\d:\d\d|[Zz])?\s*(?:\#.*)?$)""",
    re.MULTILINE,
)

EXAMPLE = """\
# What you decide about each assignment of this course.  A line that starts with # says nothing.
# After a change of tasks or points run 'autograder release' and 'autograder grade' again;
# after any other change 'autograder grade' is enough.

# The zone that times without an offset are meant in, as in https://en.wikipedia.org/wiki/Tz_database
# timezone = "Europe/Berlin"

# Which of several submissions counts: "last", "best" or "before the deadline" (the last that was in time).
# "best" is by the points of what the judge runs: written work has no part in it, and 'grade' says where it differs.
attempts = "last"

# What lateness costs: "accepted" (nothing), "zero after the deadline", a share of the points earned for
# every 24 hours begun, such as "10 % a day", or in full:
#   late = {per_day = 10, at_most = 50, grace = "15 minutes", closed_after = "7 days"}
# attempts and late may stand below an assignment as well, for that assignment alone.
late = "accepted"
"""
SECTION = """
# [{slug}]
# due = 2026-10-12 23:59          # in the zone above, or with an offset: 2026-10-12 23:59+02:00; or "never"
# tasks = [{tasks}]
# points = {{{first} = {points:g}}}   # other points than the page's
# [{slug}.extensions]
# ada = 2026-10-14 23:59          # a student's own due date, or "2 days"
"""


@dataclass(frozen=True)
class Offering:
    """One assignment as this course offers it.

    Parameters
    ----------
    assignment : str
    tasks : tuple of str, or None
        Ids of the tasks that are set (``ridge.closed_form``); None where all are.
    points : mapping
        Points that differ from the page's, by task id.
    deadline : datetime or None
        Aware; None where work is never late.
    extensions : mapping
        A student's own deadline, aware, by id.
    attempts : str
        Which submission counts: one of `autograder.late.ATTEMPTS`.
    late : autograder.late.Late
        What lateness costs.
    dated : bool
        Whether the file says when work is due, or that it never is; otherwise formgrader's due date stands.
    zone : ZoneInfo or None
        In which people of this course read times.
    """

    assignment: str
    tasks: tuple[str, ...] | None = None
    points: Mapping[str, float] = field(default_factory=dict)
    deadline: datetime | None = None
    extensions: Mapping[str, datetime] = field(default_factory=dict)
    attempts: str = ATTEMPTS[0]
    late: Late = field(default_factory=Late)
    dated: bool = False
    zone: ZoneInfo | None = None

    @classmethod
    def of(cls, course: Course, assignment: str) -> Offering:
        """The assignment as the course's file has it; everything at its default where there is no file.

        Raises
        ------
        BadOffering
            If anything in the file is not understood, in this assignment's part or outside all parts.
        """
        path = course.root / FILE
        return parse(read(path), path, assignment, _asked(course, assignment))

    def due(self, student: str) -> datetime | None:
        """When the work of a student is due, an extension included; aware, or None."""
        return self.extensions.get(student, self.deadline)

    def local(self, when: datetime) -> str:
        """A moment as people of this course read it."""
        return f"{when.astimezone(self.zone or UTC):%Y-%m-%d %H:%M %Z}"

    def sets(self, task: str) -> bool:
        """Whether the course sets this task of the page."""
        return self.tasks is None or task in self.tasks

    def applied(self, chapter: Chapter) -> Chapter:
        """The chapter with the tasks that are set and their points; prerequisites that are left out are nobody's."""
        kept = [t for t in chapter.tasks if self.sets(t.id)]
        left_out = {t.object for t in chapter.tasks if not self.sets(t.id)}
        tasks = (
            replace(
                t,
                points=self.points.get(t.id, t.points),
                prerequisites=tuple(p for p in t.prerequisites if p not in left_out),
            )
            for t in kept
        )
        return replace(chapter, tasks=tuple(tasks))


def read(path: Path) -> dict[str, Any]:
    """The file as data, or nothing where there is none; times may lack their seconds."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise BadOffering(f"{path}: not text in UTF-8; save it as UTF-8") from None
    return loads(text, path)


def loads(text: str, path: Path) -> dict[str, Any]:
    """The text of the file at `path` as data."""
    try:
        return tomllib.loads(SHORT_TIME.sub(r"\1:00", text))
    except tomllib.TOMLDecodeError as problem:
        raise BadOffering(f"{path}: not valid TOML: {problem}; correct that line") from None


def parse(raw: Mapping[str, Any], path: Path, assignment: str, asked: Collection[str] | None = None) -> Offering:
    """One assignment's part of the data of an offering file.

    Parameters
    ----------
    raw : mapping
        As `read` gives it.
    path : Path
        The file, for messages.
    assignment : str
    asked : collection of str, or None
        Ids of every task of the assignment's page; None where that is not known here.
    """
    top = Place(path)
    for key, value in raw.items():
        if key not in ("timezone", "attempts", "late") and not isinstance(value, dict):
            top.at(key).refuse("is not known here", "the keys above all parts are timezone, attempts and late")
    where = Place(path, assignment)
    part = raw.get(assignment, {})
    for key in sorted(set(part) - set(KEYS)):
        where.at(key).refuse("is not known", f"use one of {', '.join(KEYS)}")
    here = zone(raw.get("timezone"), top.at("timezone"))
    never = part.get("due") == "never"
    deadline = moment(part["due"], here, where.at("due")) if "due" in part and not never else None
    tasks = _tasks(part, assignment, asked, where)
    return Offering(
        assignment,
        tasks,
        _points(part, assignment, asked, tasks, where),
        deadline,
        _extensions(part, deadline, here, where),
        _attempts(part, where) or _attempts(raw, top) or ATTEMPTS[0],
        Late.parse(part["late"], where.at("late"))
        if "late" in part
        else Late.parse(raw.get("late", "accepted"), top.at("late")),
        "due" in part,
        here,
    )


def _task(name: Any, assignment: str, asked: Collection[str] | None, where: Place) -> str:
    """A task's whole id, from the id or its part after the dot."""
    if not isinstance(name, str):
        where.refuse(f"{name!r} is no task", "write the task's name in quotes")
    whole = name if name.startswith(f"{assignment}.") else f"{assignment}.{name}"
    if asked is not None and whole not in asked:
        known = ", ".join(sorted(t.removeprefix(f"{assignment}.") for t in asked))
        where.refuse(f"{assignment!r} has no task {name!r}", f"its tasks are {known}")
    return whole


def _tasks(
    part: Mapping[str, Any], assignment: str, asked: Collection[str] | None, where: Place
) -> tuple[str, ...] | None:
    if "tasks" not in part:
        return None
    listed, at = part["tasks"], where.at("tasks")
    if not isinstance(listed, list) or not listed:
        at.refuse("is no list of tasks", 'write tasks = ["name", …], or leave the line out to set them all')
    found = tuple(_task(name, assignment, asked, at) for name in listed)
    twice = sorted({name for name in found if found.count(name) > 1})
    if twice:
        at.refuse(f"names {twice[0]!r} twice", "name it once")
    return found


def _points(
    part: Mapping[str, Any],
    assignment: str,
    asked: Collection[str] | None,
    tasks: tuple[str, ...] | None,
    where: Place,
) -> dict[str, float]:
    given, at, found = part.get("points", {}), where.at("points"), {}
    if not isinstance(given, dict):
        at.refuse("is no table", "write points = {name = 3}")
    # A dotted id without quotes, ridge.closed_form = 3, is a table within the table.
    if isinstance(given.get(assignment), dict):
        given = {**{k: v for k, v in given.items() if k != assignment}, **given[assignment]}
    for name, value in given.items():
        task = _task(name, assignment, asked, at)
        if tasks is not None and task not in tasks:
            at.refuse(f"{name!r} is not among the tasks that are set", "add it to tasks, or take its points away")
        if task in found:
            at.refuse(f"gives {task!r} points twice", "give them once")
        found[task] = number(value, at.at(name))
    return found


def _attempts(part: Mapping[str, Any], where: Place) -> str:
    value = part.get("attempts", "")
    if "attempts" in part and value not in ATTEMPTS:
        where.at("attempts").refuse(f"{value!r} is no rule", "use " + ", ".join(f'"{rule}"' for rule in ATTEMPTS))
    return str(value)


def _extensions(
    part: Mapping[str, Any], deadline: datetime | None, here: ZoneInfo | None, where: Place
) -> dict[str, datetime]:
    given, at = part.get("extensions", {}), where.at("extensions")
    if not isinstance(given, dict):
        at.refuse("is no table", f"write [{where.section}.extensions] and below it a line for each student")
    if given and deadline is None:
        at.refuse("extends no due date", "give the assignment a line due = …")
    found = {}
    for student, value in given.items():
        assert deadline is not None
        found[student] = extension(value, deadline, here, at.at(student))
    return found


def _asked(course: Course, assignment: str) -> list[str] | None:
    try:
        return list(course.release(assignment).asked)
    except (NotReleased, FileNotFoundError):
        return None


def check_all(course: Course, chapters: Collection[Chapter]) -> dict[str, Offering]:
    """Every assignment of the book as the course offers it; refuses a part that is no assignment's.

    What the book no longer lists and the course has released before keeps its part.
    """
    path = course.root / FILE
    raw = read(path)
    slugs = [chapter.slug for chapter in chapters]
    for key, value in raw.items():
        if isinstance(value, dict) and key != "late" and key not in (*slugs, *secret.releases(course.root)):
            Place(path, key).refuse("is no assignment of this book", f"the book lists {', '.join(slugs)}")
    return {c.slug: parse(raw, path, c.slug, [t.id for t in c.tasks]) for c in chapters}


def write_example(course: Course, chapters: Collection[Chapter]) -> None:
    """Put a file that decides nothing, with examples as comments, where there is none: it is the instructor's."""
    path = course.root / FILE
    if not path.exists():
        write_atomically(path, example(chapters).encode(), 0o600)


def example(chapters: Collection[Chapter]) -> str:
    """The text of a file that decides nothing."""
    text = EXAMPLE
    for chapter in chapters:
        names = [t.id.removeprefix(f"{chapter.slug}.") for t in chapter.tasks]
        if names:
            listed = ", ".join(f'"{name}"' for name in names)
            text += SECTION.format(slug=chapter.slug, tasks=listed, first=names[0], points=chapter.tasks[0].points)
    return text
