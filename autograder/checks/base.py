"""The words in which a task is judged: cases, outcomes, checks, tasks.

A `Case` says what to ask of a student's code, an `Outcome` what came back, a `Check`
states one law about it, a `Task` gathers the checks of one exercise.  Nothing here
runs student code: a `Caller` does, and the checks never learn whether it is the
function itself (notebook) or a jail (grading).  Only numpy and the standard library
are imported, because these modules travel to students and into the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np

Op = Literal["call", "new", "method", "get", "set_params", "clone", "next", "drop", "answer"]


@dataclass(frozen=True)
class Ref:
    """A dotted path under the student's `shrinkage`, called with `kwargs` on the student's side."""

    path: str
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Callback:
    """A function of `checks/<slug>.py` that the judge runs; `name` is ``slug.function``."""

    name: str
    data: Any = None
    max_calls: int = 10_000


def callback(function: Callable[..., Any], data: Any = None, max_calls: int = 10_000) -> Callback:
    """A `Callback` on a function of the chapter's own checks; naming it so, a change of it is seen to change the task.

    The function is called as ``function(data, *args)`` with whatever arguments student code gives, on the
    trusted side: it checks them (`common.point`) before it computes anything.
    """
    slug = function.__module__.rpartition(".")[2].replace("_", "-")
    return Callback(f"{slug}.{function.__name__}", data, max_calls)


def callbacks_in(values: Iterable[Any]) -> Iterator[Callback]:
    """Every callback among arguments, those that a `Ref` is made with included, in order."""
    for value in values:
        if type(value) is Callback:
            yield value
        elif type(value) is Ref:
            yield from callbacks_in(value.kwargs.values())


@dataclass(frozen=True)
class Earlier:
    """The result of an earlier step of the same case."""

    step: int


@dataclass(frozen=True)
class Step:
    """One operation on the student's package; `target` is ``module.name`` for a call."""

    op: Op
    target: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """Steps to perform in order; `name` tells a student what was asked, without its numbers.

    `edge` cases (n = 1, a zero column, ...) are judged by `edge` checks alone, so they never gate.
    `hidden` cases are left out of the bundle.
    """

    name: str
    steps: tuple[Step, ...]
    edge: bool = False
    hidden: bool = False

    @property
    def args(self) -> tuple[Any, ...]:
        """Arguments of the last step, the one whose result is judged."""
        return self.steps[-1].args

    @property
    def callbacks(self) -> tuple[Callback, ...]:
        """Every callback of the case, in order; whoever asks one names it by its place here."""
        return tuple(c for step in self.steps for c in callbacks_in((*step.args, *step.kwargs.values())))


def call(target: str, *args: Any, name: str, edge: bool = False, hidden: bool = False) -> Case:
    """A case of one call: the usual one."""
    return Case(name, (Step("call", target, args),), edge=edge, hidden=hidden)


def answered(*, name: str, **inputs: Any) -> Case:
    """A case of an analysis: the whole cell is run with `inputs` at hand, and its ``answer`` is the value."""
    return Case(name, (Step("answer", "", (), inputs),))


@dataclass(frozen=True)
class Outcome:
    """What came back from a case.

    `kind` is ``value`` (one value a step), ``error`` (`detail` is the exception's type,
    `message` its text) or ``limit`` (`detail` names the limit, or ``crash``).
    `changed` lists the arguments (by position in their step) that were changed in place.
    `asked` says how often each `Callback` of the case was asked, by name and counted on our
    side; questions that were refused because of `max_calls` are counted too.
    """

    kind: Literal["value", "error", "limit"]
    values: tuple[Any, ...] = ()
    detail: str = ""
    message: str = ""
    seconds: float = 0.0
    changed: tuple[int, ...] = ()
    asked: Mapping[str, int] = field(default_factory=dict)

    @property
    def value(self) -> Any:
        """The last step's value."""
        return self.values[-1]


class Caller(Protocol):
    """Performs a case on a student's code; never raises because of that code."""

    def __call__(self, case: Case, /) -> Outcome: ...


@dataclass(frozen=True)
class Measure:
    """The result of one test: an error, its tolerance, and what to tell the student.

    Passed means ``error <= tol``; NaN fails.  `said` describes what came back and never
    holds a hidden input or an expected value.
    """

    error: float
    tol: float
    said: str

    @property
    def passed(self) -> bool:
        return bool(self.error <= self.tol)


def fact(holds: bool, said: str) -> Measure:
    """A measure of a yes-or-no law."""
    return Measure(0.0 if holds else np.inf, 0.5, said)


@dataclass(frozen=True)
class Trial:
    """One case, what came back, what the reference gave, and a way to ask further."""

    case: Case
    outcome: Outcome
    expected: Outcome
    call: Caller

    @property
    def args(self) -> tuple[Any, ...]:
        return self.case.args

    @property
    def inputs(self) -> Mapping[str, Any]:
        """What an analysis was given."""
        return self.case.steps[-1].kwargs

    @property
    def value(self) -> Any:
        return self.outcome.value

    def ask(self, *args: Any, **kwargs: Any) -> Any:
        """The value at other arguments (an analysis: at other `inputs`); raises `NoValue` if none came back."""
        last = self.case.steps[-1]
        steps = (*self.case.steps[:-1], Step(last.op, last.target, args, {**last.kwargs, **kwargs}))
        outcome = self.call(Case(self.case.name, steps))
        if outcome.kind != "value":
            raise NoValue(outcome)
        return outcome.value


class NoValue(Exception):
    """A further call made by a law brought back no value."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.detail)
        self.outcome = outcome


@dataclass(frozen=True)
class Check:
    """One law, stated for the student in `law`, with the reason in `why`.

    `test` measures one trial, or returns None where the law does not apply to it.
    `gate` checks zero the task when they fail.  `edge` checks see the edge cases only,
    all others see the plain ones only.  `section` is the label to read when it fails.
    `after` names checks whose failure explains this one's: it then counts as failed, and
    nothing is said about its own law.
    """

    name: str
    law: str
    why: str
    test: Callable[[Trial], Measure | None]
    weight: float = 1.0
    gate: bool = False
    edge: bool = False
    section: str = ""
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """What one task's calls may use: wall seconds a call, and a task's calls together."""

    call_seconds: float = 5.0
    task_seconds: float = 20.0


@dataclass(frozen=True)
class Task:
    """Everything that executes for one exercise judged by laws: a definition of the package, or an analysis.

    `draw` makes the plain cases from a generator (only seeds tell hidden from visible);
    `edges` makes the edge cases, the same for everyone.  `rtol` and `atol` say when two
    outcomes are the same, for agreement and for diagnosis.  `forbids` lists what must not
    be touched while this task is called.
    """

    id: str
    checks: tuple[Check, ...]
    draw: Callable[[np.random.Generator], Sequence[Case]]
    edges: Callable[[], Sequence[Case]] = tuple
    forbids: tuple[str, ...] = ()
    limits: Limits = Limits()
    rtol: float = 1e-6
    atol: float = 1e-9
