"""Runs the callbacks of one case where they can be trusted, and counts how often each is asked.

In grading it stands on the judge's side of the jail, in the notebook beside the student's
code; the same questions bring the same answers, refusals and counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from autograder.checks.base import Case
from autograder.sandbox import codec
from autograder.sandbox.package import described

# A question is no larger than the case that allows it and a little more, so it costs no more than the case.
ROOM = 4096
LARGEST = codec.MAX_BYTES // 8


class Callbacks(Protocol):
    """Functions by the name a `Callback` gives; each is called as ``function(data, *args)``."""

    def __getitem__(self, name: str, /) -> Callable[..., Any]: ...


class Oracle:
    """Answers one case's questions.

    Parameters
    ----------
    case : Case
        Its callbacks, each with its data and its `max_calls`, are all that can be asked.
    callbacks : Callbacks
        Where their functions are found; a name that is not there is the author's slip and raises `KeyError`.
    """

    def __init__(self, case: Case, callbacks: Callbacks) -> None:
        self.held = case.callbacks
        self._functions = [callbacks[c.name] for c in self.held]
        self._counts = [0] * len(self.held)
        self._room = ROOM + (_size([[s.args, s.kwargs] for s in case.steps]) if self.held else 0)

    @property
    def asked(self) -> dict[str, int]:
        """Questions by the callback's name, refused ones included."""
        found = dict.fromkeys((c.name for c in self.held), 0)
        for callback, count in zip(self.held, self._counts, strict=True):
            found[callback.name] += count
        return found

    def tell(self, place: int, args: tuple[Any, ...]) -> dict[str, Any]:
        """The answer (``told``), or why there is none (``refused``; ``over`` if too often)."""
        callback = self.held[place]
        self._counts[place] += 1
        if self._counts[place] > callback.max_calls:
            return {"over": f"asked more than {callback.max_calls} times"}
        try:
            if _size(args) > self._room:
                raise ValueError("the question is larger than anything in it can be")
            with np.errstate(all="ignore"):
                told = self._functions[place](callback.data, *args)
            if _size(told) > LARGEST:
                raise ValueError("the answer is too large")
            return {"told": codec.copied(told)}
        except Exception as problem:  # the arguments are the student's, so anything can go wrong
            kind, said = described(problem)
            return {"refused": f"{kind}: {said}"}


def _size(value: Any) -> int:
    """Bytes of a plain value's arrays and texts, roughly."""
    encoded, arrays = codec.encode(value)
    return sum(a.nbytes for a in arrays) + len(repr(encoded))
