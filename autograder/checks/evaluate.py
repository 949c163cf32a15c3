"""Put one task's code to its checks: the same function for page, notebook, judge and tests.

It never runs student code itself (a `Caller` does), never shows an expected value, and
gives points only for an explicit pass: whatever goes wrong in between counts as failed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autograder.casesets import CaseSet
from autograder.checks.base import Caller, Case, Check, Measure, NoValue, Outcome, Task, Trial
from autograder.checks.common import described, failure
from autograder.checks.diagnosis import diagnose
from autograder.verdict import CheckResult, Diagnosis, Verdict

UNSEEN = "not looked at: other cases come first"
# What a value can do to the law that is put to it; all of it counts as failed.
UNMEASURABLE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
    np.linalg.LinAlgError,
)


def evaluate(task: Task, cases: CaseSet, caller: Caller) -> Verdict:
    """Perform every case once, measure every check, and name the misconception if there is one."""
    outcomes = tuple(caller(case) for case in cases.cases)
    trials = [
        Trial(case, outcome, expected, caller)
        for case, outcome, expected in zip(cases.cases, outcomes, cases.expected, strict=True)
    ]
    measured: list[CheckResult] = []
    gated = False
    for check in task.checks:
        # Behind a failed gate nothing is known of the value, so no law touches it.
        result = _result(check, [] if gated else [t for t in trials if t.case.edge == check.edge])
        measured.append(replace(result, waiting=True, came_back=UNSEEN) if gated else result)
        gated = gated or (check.gate and not measured[-1].passed)
    results = _explained(task, tuple(measured))
    total = sum(check.weight for check in task.checks)
    passed = sum(result.weight for result in results if result.passed)
    earned = 0.0 if gated else 1.0 if passed == total else passed / total
    if earned == 1.0:
        return Verdict(task.id, 1.0, results)
    return Verdict(task.id, earned, results, _diagnosed(task, cases, outcomes))


def _diagnosed(task: Task, cases: CaseSet, outcomes: tuple[Outcome, ...]) -> tuple[Diagnosis, ...]:
    """The misconceptions, or none where the comparison itself fails: no diagnosis is worth a verdict."""
    try:
        return diagnose(task, cases, outcomes)
    except UNMEASURABLE:
        return ()


def _result(check: Check, trials: list[Trial]) -> CheckResult:
    """The first failing trial decides; a check that met no trial has not been passed."""
    shown, measure = None, None
    for trial in trials:
        measured = _measure(check, trial)
        if measured is None:
            continue
        shown, measure = trial, measured
        if not measured.passed:
            break
    return CheckResult(
        name=check.name,
        law=check.law,
        passed=measure is not None and measure.passed,
        weight=check.weight,
        gate=check.gate,
        asked=asked(shown.case) if shown else "",
        came_back=measure.said if measure else "no case of this kind was reached",
        why=check.why,
        section=check.section,
        seconds=shown.outcome.seconds if shown else 0.0,
    )


def _explained(task: Task, results: tuple[CheckResult, ...]) -> tuple[CheckResult, ...]:
    """A failure behind another one accuses of nothing: the law it states may well have been kept."""
    failed = {result.name for result in results if not result.passed}
    return tuple(
        replace(result, waiting=True, asked="", came_back=UNSEEN)
        if not result.passed and failed & set(check.after)
        else result
        for check, result in zip(task.checks, results, strict=True)
    )


def asked(case: Case) -> str:
    """A case by its name and its sizes, which are no secret."""
    given = (arg for step in reversed(case.steps) for arg in (*step.args, *step.kwargs.values()))
    first = next((arg for arg in given if isinstance(arg, np.ndarray)), None)
    if first is None or first.ndim not in (1, 2):
        return case.name
    sizes = f"n = {len(first)}, p = {first.shape[1]}" if first.ndim == 2 else f"length {len(first)}"
    return f"{case.name} ({sizes})"


def _measure(check: Check, trial: Trial) -> Measure | None:
    try:
        return check.test(trial)
    except NoValue as further:
        said = f"a further call brought {failure(further.outcome)}"
    except UNMEASURABLE as problem:
        # What came back does not even let the law be measured: failed, never passed.
        came = described(trial.value, trial.args) if trial.outcome.kind == "value" else failure(trial.outcome)
        said = f"{came} (the law could not be measured: {type(problem).__name__})"
    return Measure(np.inf, 0.0, said)
