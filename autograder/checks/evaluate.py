"""Put one task's code to its checks: the same function for page, notebook, judge and tests.

It never runs student code itself (a `Caller` does), never shows an expected value, and
gives points only for an explicit pass: whatever goes wrong in between counts as failed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from autograder.casesets import CaseSet, MutantRecord
from autograder.checks import symptoms
from autograder.checks.base import Caller, Case, Check, Measure, NoValue, Outcome, Task, Trial
from autograder.verdict import CheckResult, Diagnosis, Verdict


def evaluate(task: Task, cases: CaseSet, caller: Caller) -> Verdict:
    """Perform every case once, measure every check, and name the misconception if there is one."""
    outcomes = tuple(caller(case) for case in cases.cases)
    trials = [
        Trial(case, outcome, expected, caller)
        for case, outcome, expected in zip(cases.cases, outcomes, cases.expected, strict=True)
    ]
    results = tuple(_result(check, [t for t in trials if t.case.edge == check.edge]) for check in task.checks)
    results = _explained(task, results)
    gated = any(check.gate and not result.passed for check, result in zip(task.checks, results, strict=True))
    total = sum(check.weight for check in task.checks)
    passed = sum(result.weight for result in results if result.passed)
    earned = 0.0 if gated else 1.0 if passed == total else passed / total
    if earned == 1.0:
        return Verdict(task.id, 1.0, results)
    return Verdict(task.id, earned, results, diagnose(task, cases, outcomes))


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
    said = "not looked at: other cases come first"
    return tuple(
        replace(result, waiting=True, asked="", came_back=said)
        if not result.passed and failed & set(check.after)
        else result
        for check, result in zip(task.checks, results, strict=True)
    )


def asked(case: Case) -> str:
    """A case by its name and its sizes, which are no secret."""
    first = next((arg for arg in case.args if isinstance(arg, np.ndarray)), None)
    if first is None or first.ndim not in (1, 2):
        return case.name
    sizes = f"n = {len(first)}, p = {first.shape[1]}" if first.ndim == 2 else f"length {len(first)}"
    return f"{case.name} ({sizes})"


def _measure(check: Check, trial: Trial) -> Measure | None:
    try:
        return check.test(trial)
    except NoValue as further:
        said = f"a further call ended in {further.outcome.detail or further.outcome.kind}"
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, np.linalg.LinAlgError) as problem:
        # What came back does not even let the law be measured: failed, never passed.
        said = _what(trial.outcome) + f" (the law could not be measured: {type(problem).__name__})"
    return Measure(np.inf, 0.0, said)


def _what(outcome: Outcome) -> str:
    if outcome.kind != "value":
        return f"no value: {outcome.detail}"
    value = outcome.value
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and type {value.dtype}"
    return f"a {type(value).__name__}"


def same(a: Outcome, b: Outcome, rtol: float, atol: float) -> bool:
    """Whether two outcomes are the same up to tolerance: values, or the same kind of failure.

    Arguments changed in place are part of an outcome.  Limits of time never compare equal
    to anything but limits: the clock is not evidence of a misconception.
    """
    if a.kind != b.kind or a.changed != b.changed:
        return False
    if a.kind != "value":
        return a.detail == b.detail
    return len(a.values) == len(b.values) and all(
        same_value(x, y, rtol, atol) for x, y in zip(a.values, b.values, strict=True)
    )


def same_value(x: Any, y: Any, rtol: float, atol: float) -> bool:
    """Equality of plain values with tolerance; NaN equals NaN, shapes must agree."""
    if isinstance(x, list | tuple) and isinstance(y, list | tuple):
        return len(x) == len(y) and all(same_value(a, b, rtol, atol) for a, b in zip(x, y, strict=True))
    if isinstance(x, dict) and isinstance(y, dict):
        return x.keys() == y.keys() and all(same_value(x[k], y[k], rtol, atol) for k in x)
    numeric = (int, float, complex, bool, np.ndarray, np.generic)
    # A list of numbers is the same answer as the array of them.
    if not all(isinstance(v, (*numeric, list, tuple)) for v in (x, y)):
        return type(x) is type(y) and bool(x == y)
    try:
        p, q = np.asarray(x), np.asarray(y)
    except ValueError:  # a list of lists of unequal lengths
        return False
    if not {p.dtype.kind, q.dtype.kind} <= set("biufc"):
        return False
    return p.shape == q.shape and bool(np.allclose(p, q, rtol=rtol, atol=atol, equal_nan=True))


def diagnose(task: Task, cases: CaseSet, outcomes: tuple[Outcome, ...]) -> tuple[Diagnosis, ...]:
    """The mutants that explain a failure best.

    A mutant's evidence is the set of cases on which the student's outcome is its outcome
    and is not the reference's; two such cases are needed, one of them with a value: exceptions of
    one type are too common to convict.  One of them must be a plain case, if the mutant is
    wrong on any.  A mutant whose evidence is a
    strict part of another's explains less and is dropped, and so is one that rests on edge
    cases alone beside one that explains plain cases; equal or incomparable ones are named
    together.  A mutant judged by a symptom is named when its predicate holds, unless
    some mutant agrees outright.  No match names nothing: a wrong name is worse than none.
    """
    edges = {i for i, case in enumerate(cases.cases) if case.edge}
    evidence: dict[str, set[int]] = {}

    def alike(a: Outcome, b: Outcome) -> bool:
        return same(a, b, task.rtol, task.atol)

    for mutant in cases.mutants:
        if mutant.mode == "agrees":
            triples = enumerate(zip(outcomes, mutant.outcomes, cases.expected, strict=True))
            wrong = {i: (got, theirs) for i, (got, theirs, right) in triples if not alike(theirs, right)}
            found = {i for i, (got, theirs) in wrong.items() if alike(got, theirs)}
            partly = found <= edges and not wrong.keys() <= edges
            if len(found) >= 2 and not partly and any(outcomes[i].kind == "value" for i in found):
                evidence[mutant.name] = found
    if not all(found <= edges for found in evidence.values()):
        evidence = {name: found for name, found in evidence.items() if not found <= edges}
    best = {name for name, found in evidence.items() if not any(found < other for other in evidence.values())}
    if not best:
        best = {m.name for m in cases.mutants if m.mode != "agrees" and _symptom(m, cases, outcomes)}
    return tuple(Diagnosis(m.name, m.message, m.section) for m in cases.mutants if m.name in best)


def _symptom(mutant: MutantRecord, cases: CaseSet, outcomes: tuple[Outcome, ...]) -> bool:
    predicate = getattr(symptoms, mutant.mode)
    try:
        return bool(predicate(cases.cases, outcomes, cases.expected))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, np.linalg.LinAlgError):
        return False
