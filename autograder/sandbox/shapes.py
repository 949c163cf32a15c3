"""The records of `checks.base` rebuilt from decoded parts, each part checked."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields
from typing import Any, get_args

from autograder.checks.base import Callback, Case, Earlier, Op, Outcome, Ref, Step


class Malformed(ValueError):
    """Bytes or JSON that no honest `encode` made."""


def _is(kind: type) -> Callable[[Any], bool]:
    return lambda value: type(value) is kind


def _one_of(*words: str) -> Callable[[Any], bool]:
    return lambda value: type(value) is str and value in words


def _count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _tuple_of(part: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: type(value) is tuple and all(part(x) for x in value)


def _seconds(value: Any) -> bool:
    return type(value) is float and math.isfinite(value) and value >= 0.0


def _counts(value: Any) -> bool:
    return type(value) is dict and all(map(_count, value.values()))


def _anything(value: Any) -> bool:
    return True


RULES: dict[type, dict[str, Callable[[Any], bool]]] = {
    Ref: {"path": _is(str), "kwargs": _is(dict)},
    Callback: {"name": _is(str), "data": _anything, "max_calls": _count},
    Earlier: {"step": _count},
    Step: {"op": _one_of(*get_args(Op)), "target": _is(str), "args": _is(tuple), "kwargs": _is(dict)},
    Case: {"name": _is(str), "steps": _tuple_of(_is(Step)), "edge": _is(bool), "hidden": _is(bool)},
    Outcome: {
        "kind": _one_of("value", "error", "limit"),
        "values": _is(tuple),
        "detail": _is(str),
        "message": _is(str),
        "seconds": _seconds,
        "changed": _tuple_of(_count),
        "asked": _counts,
    },
}


def record(kind: type, parts: list[Any]) -> Any:
    """Build a record from its fields in order, or raise `Malformed`."""
    names = [f.name for f in fields(kind)]
    if len(parts) != len(names):
        raise Malformed(f"{kind.__name__} with {len(parts)} parts")
    values = dict(zip(names, parts, strict=True))
    for name, holds in RULES[kind].items():
        if not holds(values[name]):
            raise Malformed(f"{kind.__name__}.{name}")
    return kind(**values)
