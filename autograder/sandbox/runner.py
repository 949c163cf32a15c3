"""Performs cases on a student's package in this process: inside the jail, and in the notebook.

Arguments are copied before a call and results after it, through the codec, so nothing
student code keeps hold of can change what is judged, and notebook and jail refuse the
same values.
"""

from __future__ import annotations

import contextlib
import dataclasses
import linecache
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.checks.base import Callback, Caller, Case, Earlier, Outcome, Ref, Step, callbacks_in
from autograder.sandbox import codec
from autograder.sandbox.codec import Unreturnable
from autograder.sandbox.forbids import Forbidden
from autograder.sandbox.oracle import Callbacks, Oracle
from autograder.sandbox.package import ANSWER, ImportProblem, described, quiet
from autograder.sandbox.package import Package as _Package

__all__ = ["Forbidden", "ImportProblem", "Package", "TooManyCalls", "Unreturnable", "run_answer"]


class TooManyCalls(RuntimeError):
    """Student code asked a callback more often than its case allows."""


class Package(_Package):
    """A student's package that can be asked cases."""

    def caller(self, callbacks: Callbacks | None = None, forbids: Sequence[str] = (), answer: str = "") -> Caller:
        """A caller on this package in this process.

        Parameters
        ----------
        callbacks : mapping, optional
            Functions by the name a `Callback` gives; those of `autograder.checks` unless others are given.
        forbids : sequence of str, optional
            Dotted paths, below the package or of a library, whose use raises `Forbidden` meanwhile.
        answer : str, optional
            The cell that a step ``answer`` executes.

        Returns
        -------
        Caller
            Never raises because of student code; only a keyboard interrupt passes through.
        """
        known = _chapters() if callbacks is None else callbacks

        def call(case: Case, /) -> Outcome:
            oracle = Oracle(case, known)
            return replace(self.perform(case, oracle.tell, forbids, answer), asked=oracle.asked)

        return call

    def perform(self, case: Case, tell: Tell, forbids: Sequence[str] = (), answer: str = "") -> Outcome:
        """Perform one case; `tell` is how its callbacks are asked, by their place in it."""
        run = _Run(self, tell, forbids, answer)
        try:
            return run.perform(case)
        finally:
            run.over = True


def _chapters() -> Callbacks:
    from autograder.checks import CALLBACKS  # in a jail there are none

    return CALLBACKS


Tell = Callable[[int, tuple[Any, ...]], Mapping[str, Any]]


class _Run:
    """One case being performed; earlier results are its handles."""

    def __init__(self, package: _Package, tell: Tell, forbids: Sequence[str], answer: str) -> None:
        self.package, self.tell, self.forbids, self.answer = package, tell, forbids, answer
        self.results: list[Any] = []
        self.places: dict[int, int] = {}
        self.over = False

    def perform(self, case: Case) -> Outcome:
        values: list[Any] = []
        changed: set[int] = set()
        seconds = 0.0
        last = len(case.steps) - 1
        copies = [codec.copied([list(s.args), dict(s.kwargs)], records=True) for s in case.steps]
        held = [c for args, kwargs in copies for c in callbacks_in((*args, *kwargs.values()))]
        self.places = {id(c): i for i, c in enumerate(held)}
        with self.package.active(), self.package.without(self.forbids), quiet():
            for i, (step, (args, kwargs)) in enumerate(zip(case.steps, copies, strict=True)):
                marks = [_mark(a) for a in args]
                start = time.perf_counter()
                try:
                    named = {k: self._real(v) for k, v in kwargs.items()}
                    result = self._step(step, [self._real(a) for a in args], named)
                    seconds = time.perf_counter() - start
                    self.results.append(result)
                    values.append(self._value(result, step, must=i == last))
                except KeyboardInterrupt:
                    raise
                except BaseException as error:
                    seconds = seconds if len(self.results) > i else time.perf_counter() - start
                    detail, message = described(error)
                    self.package.note(error)
                    changed.update(_changed(marks, args))
                    return Outcome("error", (), detail, message, seconds, tuple(sorted(changed)))
                changed.update(_changed(marks, args))
        return Outcome("value", tuple(values), "", "", seconds, tuple(sorted(changed)))

    def _real(self, arg: Any) -> Any:
        """An argument as student code sees it."""
        if type(arg) is Earlier:
            return self.results[arg.step]
        if type(arg) is Ref:
            return self.package.find(arg.path)(**{k: self._real(v) for k, v in arg.kwargs.items()})
        if type(arg) is Callback:
            return self._handle(arg)
        return arg

    def _handle(self, callback: Callback) -> Callable[..., Any]:
        """A function that asks the callback while its case lasts."""
        place = self.places[id(callback)]

        def asked(*args: Any) -> Any:
            if self.over:
                raise RuntimeError("this function answers during its own call only")
            reply = self.tell(place, codec.copied(args))
            if "told" in reply:
                return reply["told"]
            raise TooManyCalls(reply["over"]) if "over" in reply else RuntimeError(reply["refused"])

        asked.__name__ = asked.__qualname__ = callback.name.rpartition(".")[2]
        return asked

    def _step(self, step: Step, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """Perform one operation; those on a handle take it as their first argument."""
        if step.op in ("call", "new"):
            return self.package.find(step.target)(*args, **kwargs)
        if step.op == "method":
            return getattr(args[0], step.target)(*args[1:], **kwargs)
        if step.op == "get":
            return getattr(args[0], step.target)
        if step.op == "set_params":
            return args[0].set_params(**kwargs)
        if step.op == "clone":
            return type(args[0])(**args[0].get_params(deep=False))
        if step.op == "next":
            return next(args[0])
        if step.op == "answer":
            return _executed(self.answer, kwargs)
        for arg in step.args:  # drop
            if type(arg) is Earlier:
                self.results[arg.step] = None
        return None

    def _value(self, result: Any, step: Step, must: bool) -> Any:
        """A result as plain data; None for a handle, which only later steps can use."""
        if step.op in ("new", "clone", "set_params", "drop") or any(result is r for r in self.results[:-1]):
            return None if not _travels(result) else _copy(result)
        if must or _travels(result):
            return _copy(result)
        return None


def _travels(result: Any) -> bool:
    try:
        codec.encode(_flat(result))
    except Unreturnable:
        return False
    return True


def _copy(result: Any) -> Any:
    return codec.copied(_flat(result))


def _flat(value: Any) -> Any:
    """Dataclasses as dicts of their declared fields, named tuples as tuples, also within plain containers."""
    kind = type(value)
    if kind is list or kind is tuple:
        return kind(map(_flat, value))
    if kind is dict:
        return {k: _flat(v) for k, v in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _flat(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return tuple(map(_flat, value))
    return value


def _mark(arg: Any) -> Any:
    """All there is to an argument, bit by bit, memory order and read-only flag included.

    Numbers are compared as text and bytes: -0.0 is not 0.0 here, and nan is nan.
    """
    try:
        encoded, arrays = codec.encode(arg)
    except Exception:  # student code may have put anything into a list
        return None
    return repr(encoded), [(a.dtype.name, a.shape, a.tobytes()) for a in arrays]


def _changed(marks: list[Any], args: list[Any]) -> tuple[int, ...]:
    return tuple(i for i, (mark, arg) in enumerate(zip(marks, args, strict=True)) if mark != _mark(arg))


def run_answer(source: str, inputs: Mapping[str, Any] | None = None, package: _Package | None = None) -> Outcome:
    """Execute an answer cell in a fresh namespace; the outcome's value is what it calls `answer`.

    Parameters
    ----------
    source : str
        The cell.
    inputs : mapping, optional
        What the cell finds under the name `inputs`, copied.
    package : Package, optional
        What the cell imports as `shrinkage`; without it, whatever has that name here.
    """
    start = time.perf_counter()
    try:
        with quiet(), contextlib.nullcontext() if package is None else package.active():
            given = None if inputs is None else codec.copied(dict(inputs))
            value = _copy(_executed(source, given))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        detail, message = described(error)
        if package is not None:
            package.note(error)
        return Outcome("error", (), detail, message, time.perf_counter() - start)
    return Outcome("value", (value,), "", "", time.perf_counter() - start)


def _executed(source: str, inputs: Mapping[str, Any] | None) -> Any:
    namespace: dict[str, Any] = {"__name__": "answer"}
    if inputs is not None:
        namespace["inputs"] = inputs
    linecache.cache[ANSWER] = (len(source), None, source.splitlines(keepends=True), ANSWER)
    exec(compile(source, ANSWER, "exec", dont_inherit=True), namespace)
    if "answer" not in namespace:
        raise NameError("the cell does not set `answer`")
    return namespace["answer"]
