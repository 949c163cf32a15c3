"""The class as a table: who earned what, what was hard, which misconceptions were found, what waits for a person."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import mean
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder import words
from autograder.course import Course
from autograder.inbox import printable
from autograder.late import in_words
from autograder.manifest import TaskInfo
from autograder.offering import Offering
from autograder.results import UNREAD, SubmissionResult
from autograder.roster import Roster
from autograder.standing import Mark, Standing, standings

SHOWN = 6  # students named before the rest is a number
NAME = 16  # characters of a student's id in the table

Judged = dict[str, SubmissionResult]


def table(course: Course, assignment: str, judged: Judged, failed: dict[str, str]) -> Table:
    """Student × task as the gradebook has it, marks given by hand included, then how hard each task was."""
    tasks = course.release(assignment).chapter.tasks
    levels = sorted({result.level for result in judged.values()} - {UNREAD})
    standing = standings(course, assignment, judged) if judged else {}
    late = any(s.seconds_late for s in standing.values())
    again = any(s.attempt[1] > 1 for s in standing.values())
    jail = f", jail level {levels[0]}" if len(levels) == 1 else ""
    title = f"{assignment}: {len(judged)} of {len(judged) + len(failed)} graded{jail}"
    # A class of any size with fifteen tasks fits into 120 columns.
    layout: dict[str, Any] = {"box": SIMPLE, "show_edge": False, "pad_edge": False, "padding": (0, 1, 0, 0)}
    shown = Table(title=title, title_justify="left", header_style="bold", **layout)
    shown.add_column("student", no_wrap=True)
    for number, task in enumerate(tasks, 1):
        shown.add_column(f"{number}\n/{task.points:g}", justify="right", no_wrap=True)
    shown.add_column(f"total\n/{sum(t.points for t in tasks):g}", justify="right", no_wrap=True)
    for heading, wanted in (("late", late), ("lost", late), ("try", again), ("jail", len(levels) > 1)):
        if wanted:
            shown.add_column(heading, justify="right", no_wrap=True)
    for student in sorted({*judged, *failed}):
        result, found = judged.get(student), standing.get(student)
        if result is None or found is None:
            shown.add_row(_name(student), *["–"] * len(tasks), "–")
            continue
        more = [*_late(found)] if late else []
        more += ["{}/{}".format(*found.attempt) if found.attempt[1] > 1 else ""] if again else []
        more += [result.level] if len(levels) > 1 else []
        points = [_points(found.marks[task.id]) for task in tasks]
        shown.add_row(_name(student), *points, words.number(found.total), *more)
    if standing:
        shown.add_section()
        marks = [_tried(task, judged, standing) for task in tasks]
        means = (f"{100 * mean(mark.share for mark in found):.0f}" if found else "–" for found in marks)
        shown.add_row("mean, %", *means, style="dim")
        shown.add_row("tried by", *(str(len(found)) for found in marks), style="dim")
    # As wide as it is, wherever it is printed: squeezed to a narrow window, it would lose its numbers.
    shown.width = Console(width=10_000).measure(shown).maximum
    return shown


def _name(student: str) -> str:
    return escape(student if len(student) <= NAME else f"{student[: NAME - 1]}…")


def _points(mark: Mark) -> str:
    """A task's points; `h` where a person has still to read it, or to read it again."""
    if mark.waiting:
        return "[dim]h[/]"
    return f"{words.number(mark.points)}{'*' if mark.helped else ''}{'[dim]h[/]' if mark.again else ''}"


def _late(found: Standing) -> tuple[str, str]:
    """How late, in one unit, and what that cost."""
    if not found.seconds_late:
        return "", ""
    number, unit = in_words(found.seconds_late).split()[:2]
    return f"{number} {unit}{'?' if found.is_guess else ''}", f"−{words.number(found.lost)}"


def _tried(task: TaskInfo, judged: Judged, standing: dict[str, Standing]) -> list[Mark]:
    """The marks of those who wrote something for a task, as far as it has been read."""
    marks = [found.marks[task.id] for student, found in standing.items() if student in judged]
    return [mark for mark in marks if mark.tried and not mark.waiting]


def legend(course: Course, assignment: str, judged: Judged) -> str:
    """What the numbers and marks mean, what failed most, the misconceptions, the unreadable, and what waits."""
    tasks = course.release(assignment).chapter.tasks
    standing = standings(course, assignment, judged) if judged else {}
    roster = Roster.load(course)
    said = ["tasks, and the check that failed most", *_tasks(tasks, judged), ""]
    said += _misconceptions(tasks, judged)
    unread = [(s, "; ".join(r.problems)) for s, r in sorted(judged.items()) if r.level == UNREAD]
    said += ["", "no notebook, 0 points", *(f"  {s}: {why}" for s, why in unread)] if unread else []
    if any(s.seconds_late for s in standing.values()):
        said += ["", f"late: {Offering.of(course, assignment).late.words}", *_downloads(standing)]
    if any(mark.helped for found in standing.values() for mark in found.marks.values()):
        said += ["", "*: judged with the reference in place of a prerequisite that failed"]
    again = sum(mark.again for found in standing.values() for mark in found.marks.values())
    waiting = again + sum(mark.waiting for found in standing.values() for mark in found.marks.values())
    if waiting:
        notes = f"marking notes in solutions/answers/{assignment}.md"
        answers = "1 written answer waits" if waiting == 1 else f"{waiting} written answers wait"
        said += ["", f"h: {answers} for a reader, in formgrader; {notes}"]
    if again:
        said += [f"   {again} of them with points (3h) given by hand to an earlier answer, which has changed since"]
    said += [*_typed(assignment, standing, roster), *_absent(roster, {*standing, *course.submissions(assignment)})]
    return escape("\n".join([*said, ""]))


def _downloads(standing: dict[str, Standing]) -> Iterator[str]:
    """Who loses points by a time that nobody knows to be right."""
    guessed = [f"{s} loses {words.number(f.lost)}" for s, f in sorted(standing.items()) if f.is_guess and f.lost]
    if guessed:
        yield f"  by the time of the download, later than they handed in: {', '.join(guessed)}"
        yield "  collect again with --times, a list of when they handed in, and grade again"
    elif any(f.is_guess and f.seconds_late for f in standing.values()):
        yield "  ?: by the time of the download, later than the work was handed in"


def _typed(assignment: str, standing: dict[str, Standing], roster: Roster | None) -> Iterator[str]:
    """Who worked with another student's numbers, because the notebook's first cell has another id."""
    for student, found in sorted(standing.items()):
        if found.typed:
            known = roster.find(found.typed) if roster is not None else None
            typed = repr(printable(found.typed))
            yield f"{student} typed {typed} as their id, and worked with other numbers than those they are judged by;"
            yield "  let them type their own id and hand in again, or give the points by hand in formgrader"
            if known is not None and known.id == student:
                command = f"autograder grade {assignment} --dry-run FILE --student {shlex.quote(found.typed)}"
                yield f"  {typed} is theirs too; what they solved with those numbers says: {command}"


def _absent(roster: Roster | None, handed_in: set[str]) -> Iterator[str]:
    """How many of the class list have no work here."""
    absent = [student.id for student in roster or () if student.id not in handed_in]
    if absent and roster is not None:
        yield f"not handed in: {len(absent)} of {len(roster)} on the class list: {_some(absent)}"


def _tasks(tasks: Sequence[TaskInfo], judged: Judged) -> Iterator[str]:
    for number, task in enumerate(tasks, 1):
        failed: Counter[str] = Counter()
        for result in judged.values():
            found = result.of(task.id)
            for check in found.verdict.results if found and found.verdict else ():
                if not check.passed and not check.waiting:
                    failed[check.name] += 1
        most = min(failed.items(), key=lambda item: (-item[1], item[0]), default=None)
        yield f"  {number:2d}  {task.id.split('.')[1]}" + (f": {most[0]}, {most[1]} times" if most else "")


def _misconceptions(tasks: Sequence[TaskInfo], judged: Judged) -> Iterator[str]:
    """What was diagnosed, most students first, with task and names; what one student alone has, in one line."""
    numbers = {task.id: number for number, task in enumerate(tasks, 1)}
    whose: dict[str, list[tuple[int, str]]] = {}
    for student in sorted(judged):
        for task in judged[student].tasks:
            for diagnosis in task.verdict.diagnoses if task.verdict else ():
                whose.setdefault(diagnosis.name, []).append((numbers[task.task], student))
    if not whose:
        yield "no misconception was recognised"
        return
    yield "misconceptions found: students, name, task and whose work"
    single = []
    for name, found in sorted(whose.items(), key=lambda item: (-len({s for _, s in item[1]}), item[0])):
        students = {student for _, student in found}
        if len(students) == 1:
            number, student = found[0]
            single.append(f"{name} ({number} {student})")
            continue
        by_task: dict[int, list[str]] = {}
        for number, student in sorted(found):
            by_task.setdefault(number, []).append(student)
        yield f"  {len(students):3d}  {name}: " + "; ".join(f"{n} {_some(s)}" for n, s in by_task.items())
    if single:
        yield "    1  " + ", ".join(single)


def _some(students: Sequence[str]) -> str:
    """Names, and how many more."""
    if len(students) <= SHOWN:
        return ", ".join(students)
    return f"{', '.join(students[:SHOWN])} and {len(students) - SHOWN} more"
