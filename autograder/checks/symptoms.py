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


def asked_twice(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    """About twice as many questions as the reference puts, on every plain case that has a callback."""
    ratios = [
        sum(outcome.asked.values()) / total
        for case, outcome, right in zip(cases, outcomes, expected, strict=True)
        if not case.edge and (total := sum(right.asked.values()))
    ]
    return len(ratios) >= 2 and all(1.8 <= ratio <= 2.2 for ratio in ratios)


def asked_ahead(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    """The reference's values, after far more questions, on every plain case."""
    more = [
        sum(outcome.asked.values()) > 2.2 * sum(right.asked.values())
        and all(map(_close, outcome.values[1:], right.values[1:]))
        for case, outcome, right in zip(cases, outcomes, expected, strict=True)
        if not case.edge
    ]
    return len(more) >= 2 and all(more)


def ran_out(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    """Time or memory ran out on an edge case, while every plain case came back."""
    plain = [o for c, o in zip(cases, outcomes, strict=True) if not c.edge]
    spent = [o.kind == "limit" or o.detail == "MemoryError" for c, o in zip(cases, outcomes, strict=True) if c.edge]
    return any(spent) and all(o.kind == "value" for o in plain)


def refuses(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    """A ValueError in the place of some plain values, and none that is wrong; two values at least are right."""
    refused = {i for i, o in enumerate(outcomes) if o.detail == "ValueError"}
    plain = {i for i, case in enumerate(cases) if not case.edge}
    right = {i for i, (o, e) in enumerate(zip(outcomes, expected, strict=True)) if _right(o, e)}
    return bool(plain & refused) and plain <= refused | right and len(right) >= 2


def zero_refused(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    """A ValueError at least twice, each time where nothing but zeros is due, and right everywhere else."""
    zero = {i for i, e in enumerate(expected) if not np.any(floats(e.value))}
    refused = {i for i, o in enumerate(outcomes) if o.detail == "ValueError"}
    others = [_right(o, e) for i, (o, e) in enumerate(zip(outcomes, expected, strict=True)) if i not in refused]
    return len(refused) >= 2 and refused <= zero and all(others)


def type_errors(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    """A TypeError in the place of every value."""
    return all(outcome.detail == "TypeError" for outcome in outcomes)


def lost_digits(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    """Right wherever columns are well apart, wrong or refused where they are almost, but not quite, dependent."""
    right = [np.allclose(got, wanted, rtol=1e-6, atol=1e-9) for got, wanted in _plain(cases, outcomes, expected)]
    lost = []
    for case, outcome, wanted in zip(cases, outcomes, expected, strict=True):
        if 1e5 < np.linalg.cond(np.asarray(case.args[0], dtype=np.float64)) < 1e9:
            failed = outcome.kind == "error"
            lost.append(failed or not np.allclose(floats(outcome.value), floats(wanted.value), rtol=1e-6))
    return all(right) and len(right) >= 2 and any(lost)


def right_only_when_square(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    """Right where X has as many columns as rows, an error wherever it has not."""
    square = [np.shape(c.args[0])[0] == np.shape(c.args[0])[1] for c in cases]
    right = [_right(o, e) for o, e, s in zip(outcomes, expected, square, strict=True) if s]
    wrong = [o.kind == "error" for c, o, s in zip(cases, outcomes, square, strict=True) if not (s or c.edge)]
    return bool(right) and all(right) and len(wrong) >= 2 and all(wrong)


def right_only_for_one(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    """Right where the first argument holds one number, a ValueError wherever it holds several."""
    triples = list(zip(cases, outcomes, expected, strict=True))
    right = [_right(o, e) for c, o, e in triples if np.size(c.args[0]) == 1]
    wrong = [o.detail == "ValueError" for c, o, _ in triples if np.size(c.args[0]) > 1]
    return bool(right) and all(right) and len(wrong) >= 2 and all(wrong)


def right_only_for_numbers(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    """Right where the last argument is a number, an error wherever it is an array of several."""
    triples = list(zip(cases, outcomes, expected, strict=True))
    right = [_right(o, e) for c, o, e in triples if np.ndim(c.args[-1]) == 0]
    wrong = [o.kind == "error" for c, o, _ in triples if np.size(c.args[-1]) > 1]
    return bool(right) and all(right) and len(wrong) >= 2 and all(wrong)


def blown_up_without_penalty(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    """Right on every plain case, enormous on some edge case."""
    edges = [_enormous(o, e) for c, o, e in zip(cases, outcomes, expected, strict=True) if c.edge]
    return _plain_right(cases, outcomes, expected) and any(edges)


def tiny_values_lost(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    """Right on every plain case, wrong wherever positive entries of the first argument are tiny."""
    tiny = [not _right(o, e) for c, o, e in zip(cases, outcomes, expected, strict=True) if 0 < np.min(c.args[0]) < 1e-6]
    return _plain_right(cases, outcomes, expected) and len(tiny) >= 2 and all(tiny)


def small_units_lost(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    """Right on every plain case, wrong wherever all entries of the first argument are small and not all are 0."""
    triples = list(zip(cases, outcomes, expected, strict=True))
    small = [not _right(o, e) for c, o, e in triples if 0 < np.max(np.abs(c.args[0])) < 1e-3]
    return _plain_right(cases, outcomes, expected) and bool(small) and all(small)


def zeros_not_exact(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    """Right on every plain case, and something finite that is not 0 where exactly 0 is due."""
    unset = []
    for outcome, wanted in zip(outcomes, expected, strict=True):
        left = floats(outcome.value)[floats(wanted.value) == 0]
        unset.append(bool(np.any(np.isfinite(left) & (left != 0))))
    return _plain_right(cases, outcomes, expected) and any(unset)


def tiny_beside_others(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    """In an analysis' answers, numbers that are not 0 and less than a millionth of the largest of their array."""
    arrays = [np.abs(floats(entry)) for outcome in outcomes for entry in outcome.value.values()]
    return any(bool(np.any((a > 0) & (a < 1e-6 * a.max()))) for a in arrays if a.size)


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


def _plain_right(cases: Sequence[Case], outcomes: Sequence[Outcome], expected: Sequence[Outcome]) -> bool:
    right = [_right(o, e) for c, o, e in zip(cases, outcomes, expected, strict=True) if not c.edge]
    return len(right) >= 2 and all(right)


def _close(got: object, wanted: object) -> bool:
    p, q = floats(got), floats(wanted)
    return p.shape == q.shape and bool(np.allclose(p, q, rtol=1e-6, atol=1e-9))


def _right(outcome: Outcome, expected: Outcome) -> bool:
    if outcome.kind != "value" or np.shape(outcome.value) != np.shape(expected.value):
        return False
    return bool(np.allclose(floats(outcome.value), floats(expected.value), rtol=1e-6, atol=1e-9))


def _enormous(outcome: Outcome, expected: Outcome) -> bool:
    """Numbers a million times those expected: rounding divided by rounding."""
    if outcome.kind != "value" or np.shape(outcome.value) != np.shape(expected.value):
        return False
    return bool(np.abs(floats(outcome.value)).max() > 1e6 * np.abs(floats(expected.value)).max())
