"""Which misconception explains a failure: outcomes compared with those of known-wrong solutions."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.casesets import ENTRY, WITHHELD, CaseSet, MutantRecord
from autograder.checks import symptoms
from autograder.checks.base import Outcome, Task
from autograder.verdict import Diagnosis


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
    """Equality of plain values with tolerance; NaN equals NaN, shapes must agree.

    What is withheld of `y`, because it is right, is not compared.
    """
    if isinstance(y, str) and y == ENTRY:
        return True
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
    and is not the reference's.  Two such cases are needed, one of them with a value, since
    exceptions of one type are too common to convict, and one of them plain, if the mutant is
    wrong on any plain case.  A mutant whose evidence is a strict part of another's explains
    less and is dropped, and so is one that rests on edge cases alone beside one that explains
    plain cases; equal or incomparable ones are named together.  A mutant judged by a symptom
    is named when its predicate holds, unless some mutant agrees outright.  No match names
    nothing: a wrong name is worse than none.

    Of an analysis, a bundle holds only the entries that a mutant has wrong.  They are then the
    evidence one by one, so that whoever shares more of them explains more.
    """
    edges = {i for i, case in enumerate(cases.cases) if case.edge}
    evidence: dict[str, set[tuple[int, Any]]] = {}

    def alike(a: Outcome, b: Outcome) -> bool:
        return same(a, b, task.rtol, task.atol)

    for mutant in cases.mutants:
        if mutant.mode == "agrees":
            triples = enumerate(zip(outcomes, mutant.outcomes, cases.expected, strict=True))
            wrong = {i: (got, theirs) for i, (got, theirs, right) in triples if not alike(theirs, right)}
            found = {i for i, (got, theirs) in wrong.items() if alike(got, theirs)}
            partly = found <= edges and not wrong.keys() <= edges
            if len(found) >= 2 and not partly and any(outcomes[i].kind == "value" for i in found):
                evidence[mutant.name] = {(i, entry) for i in found for entry in _entries(mutant, cases, i)}
    on_edges = {name for name, found in evidence.items() if {i for i, _ in found} <= edges}
    if on_edges != evidence.keys():
        evidence = {name: found for name, found in evidence.items() if name not in on_edges}
    best = {name for name, found in evidence.items() if not any(found < other for other in evidence.values())}
    if not best:
        best = {m.name for m in cases.mutants if m.mode != "agrees" and _symptom(m, cases, outcomes)}
    return tuple(Diagnosis(m.name, m.message, m.section) for m in cases.mutants if m.name in best)


def _entries(mutant: MutantRecord, cases: CaseSet, i: int) -> list[Any]:
    """What of a mutant's outcome counts for itself: all of it, or, where what is right is withheld, each entry."""
    theirs = mutant.outcomes[i]
    if cases.expected[i] != WITHHELD or theirs.kind != "value" or not isinstance(theirs.value, dict):
        return [None]
    return [name for name, value in theirs.value.items() if not (isinstance(value, str) and value == ENTRY)]


def _symptom(mutant: MutantRecord, cases: CaseSet, outcomes: tuple[Outcome, ...]) -> bool:
    predicate = getattr(symptoms, mutant.mode)
    try:
        return bool(predicate(cases.cases, outcomes, cases.expected))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, np.linalg.LinAlgError):
        return False
