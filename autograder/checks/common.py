"""Checks that every chapter needs: gates, untouched input, agreement, edge cases.

A task states what it returns as `Part`s, named as its docstring names them; the
constructors here then know how to read a student's value, whether it came as an
array, a list or a number.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checks.base import Check, Measure, Outcome, Trial, fact

Floats = NDArray[np.float64]
NAMED_ERRORS = {n for n, v in vars(builtins).items() if isinstance(v, type) and issubclass(v, BaseException)}
NAMED_ERRORS |= {"LinAlgError", "Unreturnable", "Forbidden", "TooManyCalls"}
GATE = 0.1  # what a gate alone is worth: nearly nothing, since any number passes it
# What would do a task of one's own: a library's models, with what they call inside, its resampling, and our solvers.
LIBRARY = (
    "sklearn.linear_model",
    "sklearn.linear_model._cd_fast",
    "sklearn.linear_model._least_angle._lars_path_solver",
    "sklearn.kernel_ridge",
    "sklearn.model_selection",
    "autograder.checks.certificates",
)


@dataclass(frozen=True)
class Part:
    """One returned quantity: its name, and its shape given the arguments of the call."""

    name: str
    shape: Callable[[tuple[Any, ...]], tuple[int, ...]]


def floats(value: Any) -> Floats:
    """`value` as an array of floats; raises TypeError for anything that is not real numbers."""
    array = np.asarray(value)
    if array.dtype.kind not in "fiu":
        raise TypeError(f"not real numbers but {array.dtype}")
    return array.astype(np.float64)


def split(value: Any, parts: tuple[Part, ...]) -> tuple[Any, ...]:
    """A returned value as one object a part; raises TypeError where it cannot be taken apart.

    Of a dataclass, which arrives as a dict of its fields, the parts are the fields of their names.
    """
    if isinstance(value, dict) and {p.name for p in parts} <= value.keys():
        return tuple(value[p.name] for p in parts)
    if len(parts) == 1:
        return (value,)
    if not isinstance(value, tuple | list) or len(value) != len(parts):
        raise TypeError(f"not {len(parts)} values")
    return tuple(value)


def point(value: Any, like: Floats) -> Floats:
    """What student code gave a callback, as a finite point of the shape of `like`; raises ValueError otherwise.

    A callback runs on the trusted side: nothing of another shape may meet its data there.
    """
    if not isinstance(value, np.ndarray) or value.shape != np.shape(like) or value.dtype.kind not in "fiu":
        raise ValueError(f"a real array of shape {np.shape(like)} is asked")
    if not np.isfinite(value).all():
        raise ValueError("a finite point is asked")
    return value.astype(np.float64)


def relative(got: Any, wanted: Any) -> float:
    """Largest difference relative to the largest wanted entry (absolute where all are zero)."""
    p, q = floats(got), floats(wanted)
    if p.shape != q.shape:
        return float("inf")
    if q.size == 0:
        return 0.0
    return float(np.max(np.abs(p - q)) / (np.max(np.abs(q)) or 1.0))


def tolerance(trial: Trial, rtol: float, single: float = 1e-3) -> float:
    """`rtol`, or `single` where an input is in single precision and so carries seven digits only."""
    narrow = any(isinstance(a, np.ndarray) and a.dtype in (np.float32, np.float16) for a in trial.args)
    return max(rtol, single) if narrow else rtol


def left(what: str, error: float, tol: float = 1e-9) -> Measure:
    """A certificate relative to its terms: a right answer leaves about 1e-15, a slip far more than `tol`."""
    return Measure(error, tol, f"{what} is {error:.1e} of its terms; rounding explains at most {tol:.0e}")


def apart(error: float, what: str, tol: float = 1e-7) -> Measure:
    """Two things that a law makes equal; `what` names both."""
    return Measure(error, tol, f"{what}: they differ by {error:.1e} of their size; rounding explains at most {tol:.0e}")


def failure(outcome: Outcome) -> str:
    """Why no value came back; never words of the student's own, which can carry a hidden input."""
    if outcome.kind == "limit":
        return f"no value: the call was stopped ({re.sub(r'[^a-z ]', '', outcome.detail)[:30] or 'limit'})"
    if outcome.detail == "NotImplementedError":
        return "no value: a function, this one or one that it calls, still raises the stub's NotImplementedError"
    if outcome.detail == "TooManyCalls":
        return "no value: the function that it was given was asked more often than this problem can need"
    if outcome.detail == "Forbidden":
        return "no value: the call used a function that this task is there to replace"
    return f"no value: the call raised {repeatable(outcome.detail)}"


def repeatable(name: str) -> str:
    """The name of an exception class, which is the student's to choose, only where it is a well-known one."""
    return name if name in NAMED_ERRORS else "an exception of its own"


def described(value: Any, args: tuple[Any, ...] = (), deep: bool = True) -> str:
    """A value by its type and shape, without its numbers, in few words.

    What a call returns is a student's to choose and a hidden input theirs to know, so there
    is no room in this for a text: a size is spelt out only where the arguments make it likely.
    """
    likely = _likely(args)
    if isinstance(value, np.ndarray):
        if value.ndim > 3 or not set(value.shape) <= likely:
            return f"an array of another shape and of type {value.dtype}"
        return f"an array of shape {value.shape} and type {value.dtype}"
    if isinstance(value, dict):
        return "a record of named fields (a dataclass or a dict)"
    kind = type(value).__name__
    if isinstance(value, tuple | list) and deep:
        if len(value) > 4 or all(isinstance(v, int | float) for v in value):
            return f"a {kind} of length {len(value)}" if len(value) in likely else f"a {kind} of another length"
        inner = [described(v, args, deep=False) for v in value]
        return f"a {kind} of {' and '.join(inner)}" if inner else f"an empty {kind}"
    return f"{'an' if kind == 'int' else 'a'} {kind}" if value is not None else "None"


def _likely(args: tuple[Any, ...]) -> set[int]:
    """Sizes that a slip makes of the arguments' own: theirs, one more or less, and one."""
    own = {size for arg in args for size in np.shape(arg)} | {arg for arg in args if type(arg) is int}
    return {1} | {size + step for size in own for step in (-1, 0, 1)}


def _asked(part: Part, args: tuple[Any, ...]) -> str:
    shape = part.shape(args)
    return f"{part.name} of shape {shape}" if shape else f"the number {part.name}"


def _shape_of(value: Any, parts: tuple[Part, ...], args: tuple[Any, ...]) -> Measure:
    wanted = " and ".join(_asked(part, args) for part in parts)
    shapes = [p.shape(args) for p in parts]
    said = f"{described(value, args)}, where {wanted} is asked"
    try:
        found = [floats(v).shape for v in split(value, parts)]
    except (TypeError, ValueError):
        return fact(False, said)
    if found != shapes:
        return fact(False, f"{said}, in this order" if found == shapes[::-1] else said)
    # Callers use methods of an array, such as .sum, which a list of the same numbers lacks.
    for part, got, shape in zip(parts, split(value, parts), shapes, strict=True):
        if shape and not isinstance(got, np.ndarray):
            what = described(got, args) if len(parts) == 1 else f"{part.name} is {described(got, args)}"
            return fact(False, f"{what}, where an array is asked: np.array(...)")
    return fact(True, described(value, args))


def _finite(value: Any, parts: tuple[Part, ...]) -> Measure:
    try:
        flat = np.concatenate([floats(v).ravel() for v in split(value, parts)])
    except (TypeError, ValueError):
        return fact(False, f"{described(value)}, which is not an array of real numbers")
    bad = int(np.sum(~np.isfinite(flat)))
    return fact(bad == 0, f"{bad} of {flat.size} numbers are NaN or infinite" if bad else "finite numbers")


def _ran(trial: Trial) -> Measure:
    if trial.outcome.kind != "value":
        return fact(False, failure(trial.outcome))
    if trial.value is None:
        return fact(False, "None: no return statement was reached")
    return fact(True, described(trial.value, trial.args))


Test = Callable[[Trial], Measure | None]
Shapes = Callable[[Mapping[str, Any]], Mapping[str, tuple[int, ...]]]


def needs_value(test: Test) -> Test:
    """`test`, failing with the reason where no value came back."""

    def guarded(trial: Trial) -> Measure | None:
        if trial.outcome.kind != "value":
            return fact(False, failure(trial.outcome))
        # An infinity in what came back fails the law by itself and needs no warning.
        with np.errstate(all="ignore"):
            try:
                return test(trial)
            except (LookupError, TypeError, ValueError):
                return fact(False, f"{described(trial.value, trial.args)}, to which this law cannot be put")

    return guarded


def law(name: str, law: str, why: str, test: Test, *, section: str, weight: float = 1.0) -> Check:
    """A law about a value, on the plain cases."""
    return Check(name, law, why, needs_value(test), weight=weight, section=section)


def gates(*parts: Part, section: str) -> tuple[Check, Check, Check]:
    """The three gates: it runs, what it returns has the right shape, and it is finite."""

    def finite(trial: Trial) -> Measure:
        return _finite(trial.value, parts)

    def shape(trial: Trial) -> Measure:
        return _shape_of(trial.value, parts, trial.args)

    names = " and ".join(p.name for p in parts)
    return (
        Check("runs", "The function returns a value.", "Nothing else can be looked at before it does.", _ran,
              weight=GATE, gate=True, section=section),
        Check("shape", f"The function returns {names} in the shape its docstring states.",
              "Callers use what comes back in that form; a list, a maximum or a transposed product has another.",
              needs_value(shape), weight=GATE, gate=True, section=section),
        Check("finite", "Every returned number is finite.",
              "NaN and infinity come from a division by zero or from a singular system.", needs_value(finite),
              weight=GATE, gate=True, section=section),
    )  # fmt: skip


def entries(shapes: Shapes, section: str) -> tuple[Check, Check, Check]:
    """The three gates of an analysis: it runs, it is a dict of the named entries, and all of it is finite.

    `shapes` gives the shape of each entry from the inputs of the case.
    """

    def form(trial: Trial) -> Measure:
        wanted = shapes(trial.inputs)
        if not isinstance(trial.value, dict) or set(trial.value) != set(wanted):
            asked = f"answer must be a dict with the keys {', '.join(map(repr, wanted))}, and no others"
            return fact(False, f"{asked}; it is {_keys(trial.value, wanted)}")
        for name, shape in wanted.items():
            try:
                found = floats(trial.value[name]).shape
            except (TypeError, ValueError):
                return fact(False, f"the entry {name!r} is not made of real numbers")
            if found != shape:
                what = f"an array of shape {shape}" if shape else "one number"
                came = described(np.asarray(trial.value[name]), tuple(trial.inputs.values())) if found else "one number"
                return fact(False, f"the entry {name!r} is {came}; {what} is asked")
        return fact(True, "a dict with the entries that are asked")

    def finite(trial: Trial) -> Measure:
        bad = [name for name, value in trial.value.items() if not np.isfinite(floats(value)).all()]
        return fact(not bad, f"{', '.join(map(repr, bad))} is NaN or infinite" if bad else "finite numbers")

    def ran(trial: Trial) -> Measure:
        came = trial.outcome.kind == "value"
        return fact(came, "an answer" if came else failure(trial.outcome))

    return (
        Check("runs", "The cell sets answer, on every table.", "Nothing else can be looked at before it does.", ran,
              weight=GATE, gate=True, section=section),
        Check("form", "answer is a dict with the entries that are asked.",
              "A number in another place is another number.", needs_value(form),
              weight=GATE, gate=True, section=section),
        Check("finite", "Every number is finite.", "NaN and infinity come from a division by zero.",
              needs_value(finite), weight=GATE, gate=True, section=section),
    )  # fmt: skip


def _keys(value: Any, wanted: Mapping[str, Any]) -> str:
    """What is wrong with the keys of a dict; of those that a student chose only that there are some."""
    if not isinstance(value, dict):
        return described(value)
    lacking = [repr(name) for name in wanted if name not in value]
    said = [f"without {' and '.join(lacking)}"] if lacking else []
    return f"a dict {' and '.join([*said, *(['with another key'] if set(value) - set(wanted) else [])])}"


def keeps_input(*names: str, section: str) -> Check:
    """No argument is changed in place."""

    def test(trial: Trial) -> Measure:
        changed = [names[i] for i in trial.outcome.changed if i < len(names)]
        said = f"{' and '.join(changed)} changed during the call" if changed else "arguments as they were"
        return fact(not trial.outcome.changed, said)

    return law("keeps_input", "The caller's arrays are the same after the call as before it.",
               "An operation in place (-=, /=, or a write to a slice) reaches the caller's data, so every later "
               "cell works on other numbers.", test, weight=0.25, section=section)  # fmt: skip


def asks(name: str, most: Callable[[Trial], int], *, section: str, what: str = "the function it was given",
         weight: float = 1.0) -> Check:  # fmt: skip
    """A `Callback`, by its name, is asked at most so often; the count is ours, whatever came back."""

    def test(trial: Trial) -> Measure:
        asked, allowed = trial.outcome.asked.get(name, 0), most(trial)
        if trial.outcome.kind != "value" and asked <= allowed:
            return fact(False, failure(trial.outcome))
        return Measure(asked, allowed, f"{what} was asked {asked} times, where {allowed} are enough")

    return Check("asks", f"The code asks for {what} no more often than the theory allows.",
                 "Each evaluation is what an iteration costs, so one that is thrown away is paid for as well.",
                 test, weight=weight, section=section)  # fmt: skip


def _compared(trial: Trial, parts: tuple[Part, ...], rtol: float) -> Measure:
    tol = tolerance(trial, rtol)
    pairs = zip(parts, split(trial.value, parts), split(trial.expected.value, parts), strict=True)
    errors = {part.name: relative(got, wanted) for part, got, wanted in pairs}
    # The first part that is off: those after it often only follow.
    part = next((p for p in parts if not errors[p.name] <= tol), None)
    part = part or max(parts, key=lambda p: errors[p.name])
    error, of = errors[part.name], "its largest entry" if part.shape(trial.args) else "its size"
    said = f"{part.name} off by {error:.1e} of {of}; rounding explains at most {tol:.0e}"
    if error == np.inf:
        said = f"{described(trial.value, trial.args)}, which cannot be compared with {part.name}"
    return Measure(error, tol, said)


def agrees(*parts: Part, section: str, rtol: float = 1e-6, weight: float = 2.0) -> Check:
    """The value is the reference's, up to rounding."""

    def test(trial: Trial) -> Measure:
        return _compared(trial, parts, rtol)

    return law("agrees", "The numbers are those of an independent solution of the same problem.",
               "The laws leave some room; this comparison leaves none.", test,
               weight=weight, section=section)  # fmt: skip


def edge(*parts: Part, section: str, rtol: float = 1e-6, weight: float = 1.0, only: str = "", without: str = "",
         name: str = "edge", law: str = "", why: str = "", numbers: bool = True,
         after: tuple[str, ...] = ("agrees",)) -> Check:  # fmt: skip
    """Edge cases: the value exists, has its shape, is finite and agrees.

    `only` and `without` choose the edge cases by name.  Without `numbers`, it need not agree.
    """

    def test(trial: Trial) -> Measure | None:
        if (only and trial.case.name != only) or (without and trial.case.name == without):
            return None
        for look in (_ran, lambda t: _shape_of(t.value, parts, t.args), lambda t: _finite(t.value, parts)):
            measure = look(trial)
            if not measure.passed:
                return measure
        return _compared(trial, parts, rtol) if numbers else fact(True, described(trial.value, trial.args))

    law = law or "It also holds at the edges: one column, equal columns, integers, single precision, no penalty."
    why = why or "Code that was only tried on ordinary data breaks on the first unusual table."
    return Check(name, law, why, test, weight=weight, edge=True, section=section, after=after)
