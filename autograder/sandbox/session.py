"""One submission's package in one jail: forks, deadlines, and what a fork sends, checked.

A hang or a crash costs one call: its outcome is a limit, and the next call gets a fresh
fork, or a fresh jail if the first is gone.  Whatever a fork sends that is not what an
honest one would send is a limit too, never a value.
"""

from __future__ import annotations

import contextlib
import math
import re
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any

from autograder.checks.base import Callback, Caller, Case, Limits, Outcome, Ref
from autograder.sandbox.launch import Level
from autograder.sandbox.oracle import Callbacks, Oracle
from autograder.sandbox.package import ImportProblem
from autograder.sandbox.process import Process
from autograder.sandbox.protocol import Channel, Hang, Lost
from autograder.sandbox.shapes import Malformed

# Libraries that take long to import: where the package does so at its top, once a session and not in each fork.
SLOW = {"scipy": "scipy.linalg", "sklearn": "sklearn.linear_model"}
LOSSES = 2  # forks a task may lose before its remaining calls are given up


class Session:
    """One submission's package in one jail."""

    def __init__(
        self, level: Level, files: Mapping[str, str], seconds: float, import_seconds: float, callbacks: Callbacks
    ) -> None:
        self.level, self.callbacks, self.import_seconds = level, callbacks, import_seconds
        self._files, self._left = dict(files), seconds
        self._libraries = [module for name, module in SLOW.items() if _imports(name, files)]
        self._process: Process | None = Process(level, self._libraries)
        self._channel: Channel | None = None
        self._oracle: Oracle | None = None  # of the case that is being performed
        self._number = 0
        self._processor = import_seconds

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._end_fork()
        if self._process is not None:
            self._process.close()
            self._process = None

    def problem(self) -> ImportProblem | None:
        """Import the package in a fork; what went wrong, or None."""
        self._processor = self.import_seconds
        try:
            return self._import(self.import_seconds)
        except (Hang, Lost, Malformed) as fault:
            name = "TimeoutError" if isinstance(fault, Hang) else "SystemExit"
            what = f"longer than {self.import_seconds:g} s" if isinstance(fault, Hang) else "Python ended"
            return ImportProblem("", 0, name, f"{what} during the import")
        finally:
            self._end_fork()

    @contextlib.contextmanager
    def task(self, limits: Limits, forbids: Sequence[str] = (), answer: str = "") -> Iterator[Caller]:
        """A caller in a fork of its own, which ends with the block.

        Using what it `forbids` is an error; `answer` is the cell that a step ``answer`` executes.
        """
        self._processor = self.import_seconds + limits.task_seconds
        try:
            yield _Task(self, limits, tuple(forbids), answer)
        finally:
            self._end_fork()

    def answer(self, source: str, limits: Limits, inputs: Mapping[str, Any] | None = None) -> Outcome:
        """Execute an answer cell in a fork, with `inputs` at hand; the outcome's value is its `answer`."""
        given = None if inputs is None else dict(inputs)
        request = {"do": "answer", "source": source, "inputs": given, "files": self._files}
        self._processor = limits.call_seconds
        try:
            return self._guarded(lambda seconds: self._ask(request, 1, None, seconds), limits.call_seconds, "time")
        finally:
            self._end_fork()

    def _guarded(self, work: Callable[[float], Outcome], seconds: float, name: str) -> Outcome:
        """Do it within `seconds` and what is left of the submission's; a fault becomes a limit."""
        if self._left < seconds:
            seconds, name = self._left, "submission time"
        if seconds <= 0:
            return Outcome("limit", detail=name)
        start = time.monotonic()
        self._oracle = None
        try:
            outcome = work(seconds)
        except Hang:
            self._end_fork()
            taken = time.monotonic() - start
            outcome = Outcome("limit", detail=name, message=f"longer than {seconds:g} s", seconds=taken)
        except Malformed:
            self._end_fork()
            outcome = Outcome("limit", detail="protocol", message="what came back is not a reply")
        except Lost:
            outcome = Outcome("limit", detail="crash", message=_how(self._end_fork()))
        finally:
            self._left -= time.monotonic() - start
        return outcome if self._oracle is None else replace(outcome, asked=self._oracle.asked)

    def _import(self, seconds: float) -> ImportProblem | None:
        reply = self._exchange({"do": "package", "files": self._files}, None, seconds)
        found = reply.get("problem") if "problem" in reply else ["", 0, *_texts(reply), ""]
        if found is None:
            return None
        if type(found) is not list or [type(part) for part in found] != [str, int, str, str, str]:
            raise Malformed("an import problem")
        if not found[2].isidentifier():
            raise Malformed("an exception's type")
        return ImportProblem(*found)

    def _ask(self, request: dict[str, Any], steps: int, case: Case | None, seconds: float) -> Outcome:
        start = time.monotonic()
        reply = self._exchange(request, case, seconds)
        taken = time.monotonic() - start  # by our clock: a fork can report any time
        values, changed = reply.get("values"), reply.get("changed")
        detail, message = _texts(reply)
        # Positions of real arguments, each once: anything longer could carry a text to the feedback page.
        most = max((len(step.args) for step in case.steps), default=0) if case else 0
        if type(changed) is not tuple or not all(type(c) is int and 0 <= c < most for c in changed):
            raise Malformed("changed arguments")
        if list(changed) != sorted(set(changed)):
            raise Malformed("changed arguments")
        if reply.get("kind") == "error" and detail.isidentifier():
            return Outcome("error", (), detail, message, taken, changed)
        if reply.get("kind") != "value" or type(values) is not tuple or len(values) != steps:
            raise Malformed("values")
        return Outcome("value", values, "", "", taken, changed)

    def _exchange(self, request: dict[str, Any], case: Case | None, seconds: float) -> dict[str, Any]:
        """Send a request to the fork, answer its questions to the case's callbacks, and take its reply."""
        deadline = time.monotonic() + seconds
        if self._channel is None:
            self._channel = self._fork()
        self._number += 1
        self._channel.send({**request, "n": self._number}, deadline)
        self._oracle = None if case is None else Oracle(case, self.callbacks)
        while True:
            reply = self._channel.receive(deadline)
            if self._oracle is None or "ask" not in reply:
                break
            place, args = reply["ask"], reply.get("args")
            if type(place) is not int or not 0 <= place < len(self._oracle.held) or type(args) is not tuple:
                raise Malformed("a question that the case does not allow")
            self._channel.send(self._oracle.tell(place, args), deadline)
        if type(reply.get("n")) is not int or reply["n"] != self._number:
            raise Malformed("a reply to another request")
        return reply

    def _fork(self) -> Channel:
        """A fork of the worker; of a new one if the old is gone."""
        seconds = math.ceil(self._processor) + 1
        if self._process is not None:
            try:
                return self._process.fork(seconds)
            except Lost:
                self._process.close()
        self._process = Process(self.level, self._libraries)
        return self._process.fork(seconds)

    def _end_fork(self) -> int | None:
        """End the fork, if any; its exit code, or None if the worker went with it."""
        if self._channel is None:
            return None
        self._channel.close()
        self._channel = None
        if self._process is None:
            return None
        try:
            return self._process.end()
        except Lost:
            self._process.close()
            self._process = None
            return None


class _Task:
    """The caller of one task."""

    def __init__(self, session: Session, limits: Limits, forbids: tuple[str, ...], answer: str) -> None:
        self.session, self.limits, self.forbids, self.answer = session, limits, forbids, answer
        self.left = limits.task_seconds
        self.losses = 0
        self.problem: ImportProblem | None = None
        self.imported: Channel | None = None

    def __call__(self, case: Case, /) -> Outcome:
        if self.losses >= LOSSES:
            return Outcome("limit", detail="given up", message="this task has already failed twice by time or crash")
        start = time.monotonic()
        outcome = self.session._guarded(self._import, self.session.import_seconds, "time")
        if outcome.kind == "value":
            start = time.monotonic()
            seconds, name = self.limits.call_seconds, "time"
            if self.left < seconds:
                seconds, name = self.left, "task time"
            outcome = self.session._guarded(lambda s: self._perform(case, s), seconds, name)
        self.left -= time.monotonic() - start
        self.losses += outcome.kind == "limit"
        return outcome

    def _import(self, seconds: float) -> Outcome:
        """Import the package, once in each fork."""
        if self.imported is None or self.imported is not self.session._channel:
            self.problem = self.session._import(seconds)
            self.imported = self.session._channel
        if self.problem is None:
            return Outcome("value")
        return Outcome("error", (), self.problem.type, str(self.problem))

    def _perform(self, case: Case, seconds: float) -> Outcome:
        request = {"do": "call", "case": _discreet(case), "forbids": self.forbids, "answer": self.answer}
        return self.session._ask(request, len(case.steps), case, seconds)


def _imports(library: str, files: Mapping[str, str]) -> bool:
    top = re.compile(rf"^(?:from|import) {library}\b", re.MULTILINE)
    return any(top.search(text) for text in files.values())


def _discreet(case: Case) -> Case:
    """The case without the data of its callbacks, which are for our side alone."""

    def bare(value: Any) -> Any:
        if type(value) is Callback:
            return replace(value, data=None)
        return Ref(value.path, named(value.kwargs)) if type(value) is Ref else value

    def named(kwargs: Mapping[str, Any]) -> dict[str, Any]:
        return {k: bare(v) for k, v in kwargs.items()}

    if not case.callbacks:
        return case
    steps = (replace(s, args=tuple(map(bare, s.args)), kwargs=named(s.kwargs)) for s in case.steps)
    return replace(case, steps=tuple(steps))


def _texts(reply: dict[str, Any]) -> tuple[str, str]:
    detail, message = reply.get("detail"), reply.get("message")
    if type(detail) is not str or type(message) is not str or len(detail) > 100 or len(message) > 300:
        raise Malformed("texts")
    return detail, message


def _how(code: int | None) -> str:
    if code is None or code == -signal.SIGKILL:  # which is how we end one that fell silent
        return "Python ended"
    return f"Python was ended by signal {-code}" if code < 0 else f"Python ended with code {code}"
