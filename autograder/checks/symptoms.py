"""What shows a misconception whatever else the code does: predicates on outcomes.

A mutant whose header says ``symptom <name>`` is diagnosed by the function of that name
where no mutant's outcomes agree outright.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from autograder.checks.base import Case, Outcome
from autograder.checks.common import floats


def changed_input(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    """An argument was changed in place on at least two cases."""
    return sum(bool(outcome.changed) for outcome in outcomes) >= 2


def ran_out(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    """Time or memory ran out on an edge case, while every plain case came back."""
    plain = [o for c, o in zip(cases, outcomes, strict=True) if not c.edge]
    spent = [o.kind == "limit" or o.detail == "MemoryError" for c, o in zip(cases, outcomes, strict=True) if c.edge]
    return any(spent) and all(o.kind == "value" for o in plain)


def lost_digits(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    """Right wherever columns are well apart, wrong or refused where they are almost, but not quite, dependent."""
    right = [np.allclose(got, wanted, rtol=1e-6, atol=1e-9) for got, wanted in _plain(cases, outcomes, expected)]
    lost = []
    for case, outcome, wanted in zip(cases, outcomes, expected, strict=True):
        if 1e5 < np.linalg.cond(np.asarray(case.args[0], dtype=np.float64)) < 1e9:
            failed = outcome.kind == "error"
            lost.append(failed or not np.allclose(floats(outcome.value), floats(wanted.value), rtol=1e-6))
    return all(right) and len(right) >= 2 and any(lost)


def opposite_sign(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    """Every plain value is the expected one times -1."""
    pairs = list(_plain(cases, outcomes, expected))
    return len(pairs) >= 2 and all(np.allclose(got, -wanted, rtol=1e-6, atol=1e-9) for got, wanted in pairs)


def _plain(
    cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for case, outcome, right in zip(cases, outcomes, expected, strict=True):
        if not case.edge:
            got, wanted = floats(outcome.value), floats(right.value)
            if got.shape != wanted.shape:
                raise ValueError("shapes differ")
            yield got, wanted
