"""Performs cases on a student's package in this process: inside the jail, and in the notebook.

Arguments are copied before a call and results after it, through the codec, so nothing
student code keeps hold of can change what is judged, and notebook and jail refuse the
same values.
"""

from __future__ import annotations

import dataclasses
import linecache
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder.checks.base import Callback, Caller, Case, Earlier, Outcome, Ref, Step
from autograder.sandbox import codec
from autograder.sandbox.codec import Unreturnable
from autograder.sandbox.package import Forbidden, ImportProblem, described, quiet
from autograder.sandbox.package import Package as _Package

__all__ = ["Forbidden", "ImportProblem", "Package", "Unreturnable", "run_answer"]

Callbacks = Mapping[str, Callable[..., Any]]


class TooManyCalls(RuntimeError):
    """Student code asked a callback more often than its case allows."""


class Package(_Package):
    """A student's package that can be asked cases."""

    def caller(self, callbacks: Callbacks | None = None, forbids: Sequence[str] = ()) -> Caller:
        """A caller on this package in this process.

        Parameters
        ----------
        callbacks : mapping, optional
            Functions by the name a `Callback` gives; each is called as ``function(data, *args)``.
        forbids : sequence of str, optional
            Dotted paths below the package whose use raises `Forbidden` meanwhile.

        Returns
        -------
        Caller
            Never raises because of student code; only a keyboard interrupt passes through.
        """

        def call(case: Case, /) -> Outcome:
            return _Run(self, {} if callbacks is None else callbacks, forbids).perform(case)

        return call


class _Run:
    """One case being performed; earlier results are its handles."""

    def __init__(self, package: _Package, callbacks: Callbacks, forbids: Sequence[str]) -> None:
        self.package, self.callbacks, self.forbids = package, callbacks, forbids
        self.results: list[Any] = []

    def perform(self, case: Case) -> Outcome:
        values: list[Any] = []
        changed: tuple[int, ...] = ()
        seconds = 0.0
        last = len(case.steps) - 1
        copies = [codec.decode(*codec.encode([list(s.args), s.kwargs])) for s in case.steps]
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
                    changed = _changed(marks, args)
                    return Outcome("error", (), detail, message, seconds, changed)
                changed = _changed(marks, args)
        return Outcome("value", tuple(values), "", "", seconds, changed)

    def _real(self, arg: Any) -> Any:
        """An argument as student code sees it."""
        if type(arg) is Earlier:
            return self.results[arg.step]
        if type(arg) is Ref:
            return self.package.find(arg.path)(**{k: self._real(v) for k, v in arg.kwargs.items()})
        if type(arg) is Callback:
            return _counted(self.callbacks[arg.name], arg)
        return arg

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
    return codec.decode(*codec.encode(_flat(result)), records=False)


def _flat(value: Any) -> Any:
    """A dataclass as a dict of its declared fields, a named tuple as a tuple; anything else as it is."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _flat(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return tuple(map(_flat, value))
    return value


def _counted(function: Callable[..., Any], callback: Callback) -> Callable[..., Any]:
    left = callback.max_calls

    def asked(*args: Any) -> Any:
        nonlocal left
        if left <= 0:
            raise TooManyCalls(f"asked more than {callback.max_calls} times")
        left -= 1
        return function(callback.data, *args)

    return asked


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


def run_answer(source: str) -> Outcome:
    """Execute an answer cell in a fresh namespace; the outcome's value is what it calls `answer`."""
    namespace: dict[str, Any] = {"__name__": "answer"}
    file = "<answer>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    start = time.perf_counter()
    try:
        with quiet():
            exec(compile(source, file, "exec", dont_inherit=True), namespace)
            if "answer" not in namespace:
                raise NameError("the cell does not set `answer`")
            value = _copy(namespace["answer"])
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        detail, message = described(error)
        return Outcome("error", (), detail, message, time.perf_counter() - start)
    return Outcome("value", (value,), "", "", time.perf_counter() - start)
