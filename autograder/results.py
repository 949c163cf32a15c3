"""What the judge decided, kept by content hash: append-only, atomic, never re-run for nothing.

A result's key covers everything it depends on: the submission's cells, the task's checks
and limits, its case set, the released package, the jail's level and the environment.
Changing one check therefore regrades only the tasks that use it.
"""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path

import numpy as np

from autograder import judge, secret
from autograder.checks import tasks as checks_of
from autograder.checks.answers import VARIANTS, variant_of
from autograder.checks.evaluate import evaluate
from autograder.course import Course, Release, write_atomically
from autograder.errors import Foreseen
from autograder.fingerprint import fingerprint
from autograder.offering import FILE as OFFERING
from autograder.offering import Offering
from autograder.sandbox.jail import Level, Sandbox, open_sandbox
from autograder.submission import Submission, Unreadable, load, read_plain_file, wanted
from autograder.verdict import CheckResult, Diagnosis, Verdict

# The level of a file that could not be read at all.
UNREAD = "none"


class Untrusted(Foreseen):
    """Level D keeps nothing out, so it runs only code that somebody vouches for."""


class Stale(Foreseen):
    """The checks are no longer those that the released case sets were drawn for."""


def stamps(assignment: str) -> dict[str, str]:
    """What each task's verdicts rest on in the code: its checks and the way they are evaluated."""
    judging = "".join(map(fingerprint, (evaluate, judge.judge_answer, judge.discreet)))
    checks = checks_of(assignment).items()
    return {task: judge.sha(fingerprint(check).encode(), judging.encode()) for task, check in checks}


def require_current(release: Release) -> None:
    """Refuse to judge by what the release was not made for: everybody would lose points.

    Raises
    ------
    Stale
        If checks, the course's secret, or the tasks and points it sets have changed since.
    """
    slug = release.assignment
    again = f"run {release.course.command(f'release {slug}')} again"
    if release.drawn.get("secret") != secret.tag(release.course.root):
        raise Stale(f"the hidden cases of {slug!r} were drawn from another secret than {release.course.root} has now; "
                    f"{again}, then grade, which judges all of its submissions anew")  # fmt: skip
    set_now, now = {task.id for task in release.chapter.tasks}, stamps(slug)
    changed = sorted(task for task in {*now, *release.checks} & set_now if now.get(task) != release.checks.get(task))
    if changed:
        raise Stale(
            f"the checks of {', '.join(changed)} have changed since {slug!r} was released; "
            f"{again} (case sets keep their seeds), then grade"
        )
    offered = Offering.of(release.course, slug)
    wanted = {t: offered.points.get(t, points) for t, points in release.asked.items() if offered.sets(t)}
    if wanted != {task.id: task.points for task in release.chapter.tasks}:
        raise Stale(f"{release.course.root / OFFERING} sets other tasks or points than {slug!r} was released with; "
                    f"{again}, then grade")  # fmt: skip


@dataclass(frozen=True)
class TaskResult:
    """One task's points; `verdict` is None for written work, which is graded by hand."""

    task: str
    points: float
    max_points: float
    verdict: Verdict | None
    run: str = judge.OWN


@dataclass(frozen=True)
class SubmissionResult:
    """A whole submission judged; `level` is the jail's, `problems` what was odd in the file."""

    student: str
    assignment: str
    sha256: str
    level: str
    tasks: tuple[TaskResult, ...]
    problems: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Equal exactly for equal results: what `grade` compares before it writes again."""
        return judge.sha(json.dumps(asdict(self), sort_keys=True).encode())

    def of(self, task: str) -> TaskResult | None:
        return next((t for t in self.tasks if t.task == task), None)


def key(release: Release, submission: Submission, task: str, case_set: int, level: Level, variant: int) -> str:
    """The content hash under which one task's result is kept: for everybody who has this case set and variant."""
    info = release.manifest.task(task)
    cases = release.case_file(task, case_set)
    about = {
        "cells": submission.cells,
        "task": task,
        "check": release.checks[task],
        "package": release.package,
        "reference": release.reference,
        "key": release.keys.get(task),
        "variant": variant if info and info.parameters else None,
        "level": level.value,
        "environment": [platform.python_version(), platform.machine(), np.__version__, *_libraries()],
    }
    return judge.sha(json.dumps(about, sort_keys=True).encode(), cases.read_bytes() if cases.exists() else b"")


def _libraries() -> Iterator[str]:
    """What else cells may compute with, as far as it is installed."""
    for name in ("scipy", "scikit-learn"):
        with suppress(metadata.PackageNotFoundError):
            yield f"{name} {metadata.version(name)}"


def _path(course: Course, name: str) -> Path:
    folder: Path = course.results
    return folder / name[:2] / f"{name}.json"


def _read(path: Path) -> judge.Judged | None:
    """A stored result; None where there is none, or one that a full disk or an editor has damaged."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        verdict = raw["verdict"]
        results = tuple(CheckResult(**r) for r in verdict["results"])
        diagnoses = tuple(Diagnosis(**d) for d in verdict["diagnoses"])
        told = {"results": results, "diagnoses": diagnoses, "notes": tuple(verdict["notes"])}
        return judge.Judged(Verdict(**{**verdict, **told}), raw["own"], raw["run"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def judge_submission(
    course: Course, assignment: str, student: str, sandbox: Sandbox, *, trust: bool = False, path: Path | None = None
) -> SubmissionResult:
    """Judge one collected submission (or another attempt, at `path`), taking from the store what is there already.

    Raises
    ------
    Untrusted
        At level D, unless the code is our own sample's or `trust` is given.
    autograder.submission.Unreadable
        If the file is no notebook.
    """
    release = course.release(assignment)
    require_current(release)
    submission = load(path or course.submissions(assignment)[student], wanted(release.chapter))
    if sandbox.level is Level.D and not trust and not _vouched(course, assignment, student, submission):
        raise Untrusted(
            f"{student}: not run, because this machine has no jail (level D); "
            "install bubblewrap, or vouch for every submission with --i-trust-this-code"
        )
    case_set = course.case_set_of(student)
    variant = variant_of(student)
    executes = [task.id for task in release.chapter.tasks if task.id in checks_of(assignment)]
    keys = {t: key(release, submission, t, case_set, sandbox.level, variant) for t in executes}
    judged = judge.judge(
        release,
        submission,
        case_set,
        sandbox,
        wanted=lambda task: _read(_path(course, keys[task])),
        store=lambda task, result: write_atomically(
            _path(course, keys[task]), json.dumps(asdict(result), indent=1, sort_keys=True).encode()
        ),
        variant=variant,
    )
    tasks = task_results(release, judged, student)
    problems = [*submission.problems, *_missing(release, submission), *_from_tomorrow(course, assignment, student)]
    return SubmissionResult(student, assignment, submission.sha256, sandbox.level.value, tasks, tuple(problems))


def task_results(release: Release, judged: Mapping[str, judge.Judged], student: str) -> tuple[TaskResult, ...]:
    """Every task of the assignment with its points; written work without a verdict."""
    variant = variant_of(student)
    tasks = []
    for info in release.chapter.tasks:
        found = judged.get(info.id)
        # Whole hundredths, cut off: every table and page then shows the same number, and only full marks look full.
        points = math.floor(info.points * found.verdict.earned * 100 + 1e-6) / 100 if found else 0.0
        verdict, run = (found.verdict, found.run) if found else (None, judge.OWN)
        if verdict and info.parameters:
            # Said here, because the store keeps one result for all who have the variant.
            whose = f"Judged for the student id {student!r}, which has variant {variant + 1} of {VARIANTS}."
            verdict = replace(verdict, notes=(*verdict.notes, whose))
        tasks.append(TaskResult(info.id, points, info.points, verdict, run))
    return tuple(tasks)


def _missing(release: Release, submission: Submission) -> Iterator[str]:
    """What is said of tasks that execute and have no cell."""
    executes = [task.id for task in release.chapter.tasks if task.id in checks_of(release.assignment)]
    absent = [task for task in executes if task not in submission.cells]
    if absent and len(absent) == len(executes):
        yield "no cell carries the notebook's ids, so nothing in it could be matched to a task"
    elif absent:
        yield f"no cell for {', '.join(absent)}"


def _from_tomorrow(course: Course, assignment: str, student: str) -> Iterator[str]:
    """A hand-in time that has not come yet: some clock was wrong, and dates and lateness rest on it."""
    stamp = course.submitted / student / assignment / "timestamp.txt"
    try:
        said = read_plain_file(stamp, limit=200).decode("utf-8").strip()
        handed_in = datetime.strptime(said.removesuffix(" UTC"), "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=UTC)
    except (Unreadable, ValueError):
        return
    if handed_in - datetime.now(UTC) > timedelta(days=1):
        yield f"handed in on {handed_in:%Y-%m-%d %H:%M} UTC, which has not come yet: set the clocks, then collect again"


def _vouched(course: Course, assignment: str, student: str, submission: Submission) -> bool:
    trusted = (course.sample or {}).get("trusted", {}).get(assignment, {})
    return bool(trusted.get(student) == submission.sha256)


def result_for(course: Course, assignment: str, student: str) -> SubmissionResult | None:
    """The result of a submission, judged now if it is not in the store; None if it is no notebook.

    This is what nbgrader's own commands and formgrader's button call through the plug-in.  What is
    not the submission's fault (no jail, checks newer than the release) is raised: a zero would be wrong.
    """
    # Here, because the gradebook is written by what results are read from.
    from autograder.gradebook import set_dates

    set_dates(course, assignment, [student])
    try:
        return judge_submission(course, assignment, student, open_sandbox())
    except Unreadable:
        return None


def totals(results: Sequence[SubmissionResult]) -> dict[str, float]:
    """Points by student."""
    return {r.student: round(sum(t.points for t in r.tasks), 4) for r in results}
