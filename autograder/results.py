"""What the judge decided, kept by content hash: append-only, atomic, never re-run for nothing.

A result's key covers everything it depends on: the submission's cells, the task's checks
and limits, its case set, the released package, the jail's level and the environment.
Changing one check therefore regrades only the tasks that use it.
"""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from autograder import judge
from autograder.checks import tasks as checks_of
from autograder.checks.answers import VARIANTS, variant_of
from autograder.checks.evaluate import evaluate
from autograder.course import Course, Release, write_atomically
from autograder.errors import Foreseen
from autograder.fingerprint import fingerprint
from autograder.sandbox.jail import Level, Sandbox, open_sandbox
from autograder.submission import Submission, Unreadable, load, wanted
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
    """Refuse to judge by checks that the case sets were not drawn for: everybody would lose points."""
    now = stamps(release.assignment)
    changed = sorted(task for task in {*now, *release.checks} if now.get(task) != release.checks.get(task))
    if changed:
        raise Stale(
            f"the checks of {', '.join(changed)} have changed since {release.assignment!r} was released; "
            f"run 'autograder release {release.assignment}' again (case sets keep their seeds), then grade"
        )


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
        "environment": [platform.python_version(), platform.machine(), np.__version__],
    }
    return judge.sha(json.dumps(about, sort_keys=True).encode(), cases.read_bytes() if cases.exists() else b"")


def _path(course: Course, name: str) -> Path:
    folder: Path = course.results
    return folder / name[:2] / f"{name}.json"


def _read(path: Path) -> judge.Judged | None:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    verdict = raw["verdict"]
    results = tuple(CheckResult(**r) for r in verdict["results"])
    diagnoses = tuple(Diagnosis(**d) for d in verdict["diagnoses"])
    notes = tuple(verdict["notes"])
    told = {"results": results, "diagnoses": diagnoses, "notes": notes}
    return judge.Judged(Verdict(**{**verdict, **told}), raw["own"], raw["run"])


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
    if sandbox.level is Level.D and not trust and not _vouched(course, student, submission):
        raise Untrusted(
            f"{student}: not run, because this machine has no jail (level D); "
            "install bubblewrap, or vouch for every submission with --i-trust-this-code"
        )
    case_set = course.case_set_of(student)
    variant = variant_of(student)
    keys = {t: key(release, submission, t, case_set, sandbox.level, variant) for t in checks_of(assignment)}
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
    absent = [t.task for t in tasks if t.task in keys and t.task not in submission.cells]
    problems = submission.problems
    if len(absent) == len(keys):
        problems = (*problems, "no cell carries the notebook's ids, so nothing in it could be matched to a task")
    elif absent:
        problems = (*problems, f"no cell for {', '.join(absent)}")
    return SubmissionResult(student, assignment, submission.sha256, sandbox.level.value, tuple(tasks), problems)


def _vouched(course: Course, student: str, submission: Submission) -> bool:
    trusted = (course.sample or {}).get("trusted", {})
    return bool(trusted.get(student) == submission.sha256)


def result_for(course: Course, assignment: str, student: str) -> SubmissionResult | None:
    """The result of a submission, judged now if it is not in the store; None if it is no notebook.

    This is what nbgrader's own commands and formgrader's button call through the plug-in.  What is
    not the submission's fault (no jail, checks newer than the release) is raised: a zero would be wrong.
    """
    try:
        return judge_submission(course, assignment, student, open_sandbox())
    except Unreadable:
        return None


def totals(results: Sequence[SubmissionResult]) -> dict[str, float]:
    """Points by student."""
    return {r.student: round(sum(t.points for t in r.tasks), 4) for r in results}
