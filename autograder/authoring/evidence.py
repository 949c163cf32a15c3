"""What an author is told of a proof that fails: on which inputs, which check looked there, who looked alike.

Only for authors: it prints inputs, which a student never sees of a hidden case.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograder.casesets import CaseSet
from autograder.checks.base import Caller, Case, Outcome, Task
from autograder.checks.common import described, failure
from autograder.checks.diagnosis import same
from autograder.checks.evaluate import asked
from autograder.manifest import TaskInfo
from autograder.verdict import Verdict

SHOWN = 2  # cases told in full; the rest are counted
LARGE = 30  # numbers of an array beyond which its shape says more than they do
DIGITS = (4, 7, 10, 13, 17)  # as many as part two values that are not the same


class Heard:
    """A caller that remembers what it brought back."""

    def __init__(self, caller: Caller) -> None:
        self.caller, self.outcomes = caller, list[Outcome]()

    def __call__(self, case: Case, /) -> Outcome:
        self.outcomes.append(self.caller(case))
        return self.outcomes[-1]


class Evidence:
    """One task over one case set: whom a failing mutant or variant agrees with, and where."""

    def __init__(self, info: TaskInfo, task: Task, cases: CaseSet, right: Sequence[Outcome]) -> None:
        self.task, self.cases, self.right = task, cases, right
        self.names = _parameters(info.stub)

    def differs(self, outcomes: Sequence[Outcome], others: Sequence[Outcome]) -> list[int]:
        """Numbers of the cases on which two outcomes are not the same."""
        pairs = enumerate(zip(outcomes, others, strict=True))
        return [i for i, (a, b) in pairs if not same(a, b, self.task.rtol, self.task.atol)]

    def of_mutant(self, name: str, verdict: Verdict, outcomes: Sequence[Outcome]) -> str:
        """Why a mutant is not caught, or not named."""
        wrong = self.differs(outcomes, self.right)
        if not wrong:
            said = f"it returns what the reference returns on all {len(outcomes)} cases, so no check can tell: "
            return said + f"draw a case on which the slip shows; some that do not:\n{self.shown(range(len(outcomes)))}"
        if verdict.passed:
            looking = ", ".join(sorted(set(self._looking(wrong))))
            return (
                f"it is wrong on {self.counted(wrong)}, and none of {looking} notices:\n{self.shown(wrong, outcomes)}"
            )
        return "\n".join([*self._unnamed(name, wrong, outcomes), *self._taken_for(name, verdict, wrong, outcomes)])

    def _looking(self, wrong: Sequence[int]) -> Iterator[str]:
        """Checks that see one of these cases: those that should have noticed."""
        for i in wrong:
            yield from (c.name for c in self.task.checks if c.edge == self.cases.cases[i].edge and c.weight)

    def _unnamed(self, name: str, wrong: Sequence[int], outcomes: Sequence[Outcome]) -> Iterator[str]:
        mode = next((m.mode for m in self.cases.mutants if m.name == name), "agrees")
        if mode != "agrees":
            yield f"its symptom {mode!r} does not hold, or another mutant agrees outright; it is wrong on:"
            yield self.shown(wrong, outcomes)
        elif len(wrong) < 2:
            yield "it is wrong on one case, and two are needed to name it; draw another like this one:"
            yield self.shown(wrong, outcomes)
        elif all(outcomes[i].kind != "value" for i in wrong):
            yield "it returns no value wherever it is wrong, and an exception alone names nobody:"
            yield self.shown(wrong, outcomes)

    def _taken_for(
        self, name: str, verdict: Verdict, wrong: Sequence[int], outcomes: Sequence[Outcome]
    ) -> Iterator[str]:
        taken = {d.name for d in verdict.diagnoses} - {name}
        for other in (m for m in self.cases.mutants if m.name in taken):
            apart = self.differs(outcomes, other.outcomes)
            alike = [i for i in wrong if i not in apart]
            yield f"taken for {other.name}: the same on {self.counted(alike)}"
            if apart:
                yield f"  they differ on {self.counted(apart)}: more cases like these would part them:"
                yield self.shown(apart, outcomes)
            else:
                yield "  they differ on no case: draw one on which they do, or merge the two; some that do not:"
                yield self.shown(alike)

    def of_verdict(self, verdict: Verdict, outcomes: Sequence[Outcome]) -> str:
        """Which law failed on what inputs."""
        lines = []
        for result in (r for r in verdict.results if not r.passed and not r.waiting):
            lines.append(f"{result.name}: {result.law} It came back: {result.came_back}")
            where = [i for i, case in enumerate(self.cases.cases) if asked(case) == result.asked]
            lines.append(self.shown(where[:1], outcomes))
        return "\n".join(lines)

    def counted(self, numbers: Sequence[int]) -> str:
        names = list(dict.fromkeys(f"“{self.cases.cases[i].name}”" for i in numbers))
        more = f" and {len(names) - 4} more" if len(names) > 4 else ""
        return f"{len(numbers)} of {len(self.cases.cases)} cases ({', '.join(names[:4])}{more})"

    def shown(self, numbers: Sequence[int], outcomes: Sequence[Outcome] | None = None) -> str:
        """Cases with their inputs, shortened, and what came back from them."""
        lines = []
        for i in list(numbers)[:SHOWN]:
            case = self.cases.cases[i]
            names = self.names or [f"argument {k}" for k in range(1, len(case.args) + 1)]
            inputs = {**dict(zip(names, case.args, strict=False)), **case.steps[-1].kwargs}
            lines.append(f"  {asked(case)}: " + ", ".join(f"{name} = {_short(v)}" for name, v in inputs.items()))
            if outcomes is not None:
                lines.append("    came back {}; right is {}".format(*_both(outcomes[i], self.right[i])))
        return "\n".join(lines)


def _parameters(stub: str) -> list[str]:
    """Names of a definition's parameters, in order."""
    body = ast.parse(stub).body if stub else []
    return [a.arg for node in body if isinstance(node, ast.FunctionDef) for a in node.args.args]


def _short(value: Any, digits: int = DIGITS[0]) -> str:
    if isinstance(value, np.ndarray):
        if value.size > LARGE:
            return f"an array of shape {value.shape}"
        text = np.array2string(value, precision=digits - 1, threshold=8, edgeitems=2, separator=", ")
        return " ".join(text.split())
    if isinstance(value, dict):
        entries = ", ".join(f"{name!r}: {_short(entry, digits)}" for name, entry in list(value.items())[:8])
        return f"{{{entries}}}"
    if isinstance(value, tuple | list):
        return f"({', '.join(_short(v, digits) for v in value[:4])}{', …' if len(value) > 4 else ''})"
    return f"{value:.{digits}g}" if isinstance(value, float) else f"{value!r:.60}"


def _came(outcome: Outcome, digits: int = DIGITS[0]) -> str:
    if outcome.kind != "value":
        return failure(outcome)
    small = isinstance(outcome.value, np.ndarray | np.generic | tuple | list | dict | float | int | str)
    changed = f", argument {outcome.changed[0] + 1} changed" if outcome.changed else ""
    return (_short(outcome.value, digits) if small else described(outcome.value)) + changed


def _both(outcome: Outcome, right: Outcome) -> tuple[str, str]:
    """What came back and what is right, with as many digits as part them."""
    for digits in DIGITS:
        came, wanted = _came(outcome, digits), _came(right, digits)
        if came != wanted:
            return came, wanted
    arrays = [o.value for o in (outcome, right) if o.kind == "value" and isinstance(o.value, np.ndarray)]
    if len(arrays) == 2 and arrays[0].shape == arrays[1].shape and all(a.dtype.kind in "iuf" for a in arrays):
        worst = np.unravel_index(np.argmax(np.abs(arrays[0] - arrays[1])), arrays[0].shape)
        got, wanted = _both(*(Outcome("value", (float(a[worst]),)) for a in arrays))
        if got != wanted:
            at = f" at {tuple(map(int, worst))}"
            return f"{_came(outcome)} with {got}{at}", f"{_came(right)} with {wanted}{at}"
    return _came(outcome), _came(right)
