"""The main job: judge a class, write the gradebook, print what was found."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from autograder import gradebook, results
from autograder.class_table import legend, table
from autograder.course import Course
from autograder.errors import Foreseen
from autograder.results import UNREAD, SubmissionResult
from autograder.sandbox.jail import Level, Sandbox, probe
from autograder.submission import Unreadable

BATCH = 50
UNTRUSTED = "not run: no jail here, and nobody vouches for this code"
CURE = "{} left ungraded: install bubblewrap (level A), or vouch for every submission with --i-trust-this-code"


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
    results.require_current(course.release(assignment))
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
        try:
            for job in as_completed(jobs):
                _settle(job, assignment, jobs[job], judged, failed, waiting)
                show.advance(step)
                if len(waiting) >= BATCH:
                    gradebook.commit(course, waiting)
                    waiting = []
        except KeyboardInterrupt:
            show.update(step, description="stopping after the submissions at work")
            pool.shutdown(cancel_futures=True)
            raise
        show.update(step, description="writing the gradebook")
        gradebook.commit(course, waiting)
    out.print(table(course, assignment, judged, failed))
    out.print(legend(course, assignment, judged), soft_wrap=True)
    for student, problem in (*_oddities(judged), *sorted(failed.items())):
        err.print(f"[yellow]{escape(student)}[/]: {escape(problem)}", soft_wrap=True)
    untrusted = [s for s, problem in failed.items() if problem == UNTRUSTED]
    if untrusted:
        err.print(CURE.format(len(untrusted)), soft_wrap=True)
    # In a sample class the hostile student is meant to be left out; in a real one it is a lack.
    return not failed or (course.sample is not None and len(untrusted) == len(failed))


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
    except results.Untrusted:
        failed[student] = UNTRUSTED
    except Unreadable as problem:
        # The student has handed in, so the gradebook says so, with nothing earned and the reason.
        judged[student] = SubmissionResult(student, assignment, "", UNREAD, (), (str(problem),))
        waiting.append(judged[student])
    except Exception as problem:
        failed[student] = f"could not be judged: {type(problem).__name__}: {problem}"
    else:
        waiting.append(judged[student])


def _oddities(judged: dict[str, SubmissionResult]) -> Iterator[tuple[str, str]]:
    for student in sorted(judged):
        for problem in judged[student].problems:
            yield student, problem
