"""What was judged and graded, told again or handed on: nothing is run here."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, tzinfo
from typing import Any

from autograder import attempts, results, roster
from autograder.course import Course, NotReleased
from autograder.offering import Offering
from autograder.results import UNREAD, SubmissionResult
from autograder.sandbox.jail import Level
from autograder.standing import Standing, standings
from autograder.submission import Unreadable

# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
INNER_FORMULA = re.compile(r"([;,\t\r\n])((?:[^\S\t\r\n]|\")*)(?=[=+\-@])")


class _NotStored(Exception):
    """A result would have to be judged first."""


class _Shelf:
    """Stands where a sandbox would: whatever asks for a session asks for more than is stored."""

    def __init__(self, level: Level) -> None:
        self.level = level

    def open(self, *_: Any, **__: Any) -> Any:
        raise _NotStored


def stored(course: Course, assignment: str) -> tuple[dict[str, SubmissionResult], dict[str, str]]:
    """Results in the store by student, and why others have none."""
    judged, failed = {}, {}
    for student in course.submissions(assignment):
        failed[student] = f"not judged yet, or handed in again since; run {course.command(f'grade {assignment}')}"
        for level in Level:
            try:
                shelf: Any = _Shelf(level)
                judged[student] = results.judge_submission(course, assignment, student, shelf, trust=True)
            except _NotStored:
                continue
            except Unreadable as problem:
                judged[student] = SubmissionResult(student, assignment, "", UNREAD, (), (str(problem),))
            del failed[student]
            break
    return judged, failed


def grades(course: Course, assignment: str) -> str:
    """The gradebook as CSV: a line for each student of the class list and of the gradebook.

    Raises
    ------
    autograder.course.NotReleased
        If nothing of the assignment is graded.
    """
    tasks = course.release(assignment).chapter.tasks
    standing = standings(course, assignment, {})
    if not standing:
        cure = course.command(f"grade {assignment}")
        raise NotReleased(f"nothing of {assignment!r} is graded in {course.root}; run {cure}")
    zone = Offering.of(course, assignment).zone or UTC
    listed = {student.id: student for student in roster.Roster.load(course) or ()}
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    about = ["student_id", "first_name", "last_name", "email", "lms_user_id", "assignment", "handed_in", "time_is"]
    rows.writerow([*about, *(t.id for t in tasks), "hours_late", "lost_by_lateness", "total", "max_total", "unread"])
    most = sum(task.points for task in tasks)
    for name in sorted({*listed, *standing}):
        student, found = listed.get(name, roster.Student(name)), standing.get(name)
        who = [student.id, student.first_name, student.last_name, student.email, student.lms_user_id]
        row: list[Any] = [*map(_plain, who), assignment]
        if found is None:
            rows.writerow([*row, "", "", *[""] * len(tasks), "", "", 0, f"{most:g}", ""])
            continue
        marks = [found.marks[task.id] for task in tasks]
        row += _when(found, zone)
        row += ["" if mark.waiting else f"{mark.points:g}" for mark in marks]
        row += [f"{found.seconds_late / 3600:.2f}", f"{found.lost:g}", f"{found.total:g}", f"{most:g}"]
        rows.writerow([*row, sum(mark.waiting or mark.again for mark in marks)])
    return text.getvalue()


def _when(found: Standing, zone: tzinfo) -> tuple[str, str]:
    """When work was handed in, in the course's zone, and what kind of time that is."""
    if found.handed_in is None or found.basis == attempts.IN_TIME:
        return "", "in time, as Canvas says" if found.handed_in else ""
    kinds = {
        attempts.DOWNLOAD: "of the download", attempts.COLLECTING: "of collecting",
        attempts.OF_FILE: "of the file", attempts.OF_ENTRY: "of the file",
    }  # fmt: skip
    shown = found.handed_in.astimezone(zone).isoformat(timespec="seconds")
    return shown, kinds.get(found.basis, "of handing in")


def _plain(value: str) -> str:
    """A value that no spreadsheet takes for a formula, nor any part of it where it reads another separator."""
    value = INNER_FORMULA.sub(r"\1'\2", value)
    return f"'{value}" if value.lstrip(' "').startswith(FORMULA) else value
