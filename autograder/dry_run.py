"""One file judged with the hidden cases and shown, with nothing written: no result, no gradebook, no submission."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from autograder import judge, render, roster, words
from autograder.checks.answers import variant_of
from autograder.course import Course
from autograder.offering_edit import unknown
from autograder.results import SubmissionResult, Untrusted, require_current, task_results
from autograder.sandbox.jail import Level, Sandbox, open_sandbox
from autograder.submission import load, wanted


def judged(
    course: Course, assignment: str, path: Path, student: str = "", sandbox: Sandbox | None = None, trust: bool = False
) -> SubmissionResult:
    """Judge the notebook at `path` as if a student had handed it in.

    Parameters
    ----------
    course : Course
    assignment : str
    path : Path
        Any notebook; what it is called does not matter.
    student : str
        Whose hidden case set and public variants to take; nobody's in particular if empty.
    sandbox : Sandbox, optional
        The best jail of this machine if not given.
    trust : bool
        Run it even without a jail.

    Raises
    ------
    autograder.submission.Unreadable
        If the file is no notebook.
    autograder.results.Untrusted
        If there is no jail and nobody vouches for the code.
    """
    release = course.release(assignment)
    require_current(release)
    submission = load(path, wanted(release.chapter))
    sandbox = sandbox or open_sandbox()
    if sandbox.level is Level.D and not trust:
        raise Untrusted(
            f"{path.name}: not run, because this machine has no jail (level D); "
            "install bubblewrap, or vouch for this file with --i-trust-this-code"
        )
    found = judge.judge(release, submission, course.case_set_of(student), sandbox, variant=variant_of(student))
    tasks = task_results(release, found, student)
    return SubmissionResult(student, assignment, submission.sha256, sandbox.level.value, tasks, submission.problems)


def show(course: Course, result: SubmissionResult, out: Console) -> None:
    """Print every task's verdict, what was odd in the file, and the total."""
    for line in _lines(course, result):
        out.print(line, markup=False, soft_wrap=True)


def _lines(course: Course, result: SubmissionResult) -> Iterator[str]:
    manifest = course.release(result.assignment).manifest
    for task in result.tasks:
        if task.verdict is None:
            yield f"[by hand] {task.task}: {words.number(task.max_points)} points, which a person gives\n"
        else:
            yield render.text(task.verdict, manifest, task.points, result.level)
    yield from result.problems
    executed = [task for task in result.tasks if task.verdict is not None]
    earned, most = sum(task.points for task in executed), sum(task.max_points for task in executed)
    whose = f"{result.student}'s hidden cases" if result.student else "hidden cases that are nobody's in particular"
    yield f"{words.number(earned)} of {words.number(most)} points, with {whose}; nothing has been written"
    # Said and not refused: a student may have typed another id of theirs, and worked with its numbers.
    if result.student and unknown(course, result.assignment, [result.student]):
        yield (
            f"{result.student!r} is no id in {course.root / roster.FILE}, and nothing was collected under it: "
            "no student of this class is judged by these cases"
        )
