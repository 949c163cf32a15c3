"""The main job: judge a class, write the gradebook, print what was found."""

from __future__ import annotations

import fcntl
import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from autograder import gradebook, judge, results
from autograder.course import Course
from autograder.errors import Foreseen
from autograder.results import SubmissionResult
from autograder.sandbox.jail import Level, Sandbox, probe
from autograder.submission import Unreadable

BATCH = 50


class NotNow(Foreseen):
    """Grading cannot start; the message says what to do first."""


@contextmanager
def only_grader(course: Course) -> Iterator[None]:
    """Two graders at once would write each other's gradebook: the second is told so."""
    with open(course.root / ".grading", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotNow(f"another 'grade' is running on {course.root}; wait for it or stop it") from None
        yield


def grade(
    course: Course,
    assignment: str,
    *,
    trust: bool,
    workers: int,
    out: Console,
    err: Console,
    bar: Callable[[], Progress],
) -> bool:
    """Judge, commit in batches, print the table; False when some submission could not be graded."""
    students = list(course.submissions(assignment))
    course.release(assignment)
    if not students:
        raise NotNow(f"no submissions of {assignment!r} in {course.submitted}; run 'autograder collect' first")
    found = probe()
    if found.level is None:
        raise NotNow("student code cannot be run here at all; 'autograder doctor' says why")
    if found.level is Level.D:
        why = escape(found.details[Level.A])
        err.print(f"[black on yellow] level D: no jail on this machine [/] {why}", soft_wrap=True)
    sandbox = Sandbox(found.level)
    judged: dict[str, SubmissionResult] = {}
    failed: dict[str, str] = {}
    with only_grader(course), ThreadPoolExecutor(workers) as pool, bar() as show:
        step = show.add_task(f"judging {assignment}", total=len(students))
        jobs = {
            pool.submit(results.judge_submission, course, assignment, student, sandbox, trust=trust): student
            for student in students
        }
        waiting: list[SubmissionResult] = []
        for job in as_completed(jobs):
            _settle(job, assignment, jobs[job], judged, failed, waiting)
            show.advance(step)
            if len(waiting) >= BATCH:
                gradebook.commit(course, waiting)
                waiting = []
        show.update(step, description="writing the gradebook")
        gradebook.commit(course, waiting)
    out.print(table(course, assignment, judged, failed))
    out.print(legend(course, assignment))
    for student, problem in itertools.chain(_oddities(judged), failed.items()):
        err.print(f"[yellow]{escape(student)}[/]: {escape(problem)}", soft_wrap=True)
    return all(problem.startswith("not run") for problem in failed.values())


def _settle(
    job: Future[SubmissionResult],
    assignment: str,
    student: str,
    judged: dict[str, SubmissionResult],
    failed: dict[str, str],
    waiting: list[SubmissionResult],
) -> None:
    """One submission's trouble is a line in the report, never the end of the class."""
    try:
        judged[student] = job.result()
    except results.Untrusted as refusal:
        failed[student] = str(refusal).removeprefix(f"{student}: ")
    except Unreadable as problem:
        # The student has handed in, so the gradebook says so, with nothing earned and the reason.
        judged[student] = SubmissionResult(student, assignment, "", "none", (), (str(problem),))
        waiting.append(judged[student])
    except Exception as problem:
        failed[student] = f"could not be judged: {type(problem).__name__}: {problem}"
    else:
        waiting.append(judged[student])


def _oddities(judged: dict[str, SubmissionResult]) -> Iterator[tuple[str, str]]:
    for student in sorted(judged):
        for problem in judged[student].problems:
            yield student, problem


def table(course: Course, assignment: str, judged: dict[str, SubmissionResult], failed: dict[str, str]) -> Table:
    """Student × task, what was diagnosed, and the jail's level."""
    tasks = course.release(assignment).chapter.tasks
    title = f"{assignment}: {len(judged)} of {len(judged) + len(failed)} graded"
    shown = Table(title=title, title_justify="left", header_style="bold", box=SIMPLE, padding=(0, 1, 0, 0))
    shown.add_column("student", no_wrap=True)
    for number, task in enumerate(tasks, 1):
        shown.add_column(f"{number}\n/{task.points:g}", justify="right", no_wrap=True)
    shown.add_column(f"total\n/{sum(t.points for t in tasks):g}", justify="right", no_wrap=True)
    shown.add_column("misconceptions", overflow="fold", min_width=14)
    shown.add_column("jail", no_wrap=True, min_width=4)
    for student in sorted({*judged, *failed}):
        result = judged.get(student)
        if result is None:
            shown.add_row(escape(student), *["–"] * len(tasks), "–", "not graded", "–")
            continue
        points = [_points(result, task.id) for task in tasks]
        total = round(sum(t.points for t in result.tasks), 2)
        shown.add_row(escape(student), *points, f"{total:g}", _misconceptions(result), result.level)
    return shown


def _misconceptions(result: SubmissionResult) -> str:
    """What was diagnosed, once each, with the numbers of its tasks."""
    where: dict[str, list[str]] = {}
    for number, task in enumerate(result.tasks, 1):
        for diagnosis in task.verdict.diagnoses if task.verdict else ():
            where.setdefault(diagnosis.name, []).append(str(number))
    return ", ".join(f"{name} ({' '.join(numbers)})" for name, numbers in where.items())


def legend(course: Course, assignment: str) -> str:
    """The tasks by number, and what the marks mean."""
    tasks = course.release(assignment).chapter.tasks
    names = "  ".join(f"{number} {task.id.split('.')[1]}" for number, task in enumerate(tasks, 1))
    return f"{names}\nh: graded by hand in formgrader   *: judged with the reference for a failed prerequisite\n"


def _points(result: SubmissionResult, task: str) -> str:
    found = result.of(task)
    if found is None:
        return "0"
    if found.verdict is None:
        return "[dim]h[/]"
    mark = "*" if found.run != judge.OWN else ""
    return f"{round(found.points, 2):g}{mark}"
