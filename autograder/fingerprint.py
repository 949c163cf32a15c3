"""A hash of what a check would do: its code, constants, closures, and the functions it uses.

Two versions of a task have the same fingerprint exactly when nothing that can change a
verdict differs, so a result outlives edits elsewhere and no edit outlives its results.
"""

from __future__ import annotations

import dataclasses
import hashlib
import types
from typing import Any

import numpy as np

PACKAGE = "autograder"


def fingerprint(thing: Any) -> str:
    """Hex digest of a task, a check or a function."""
    return hashlib.sha256(repr(_describe(thing, set())).encode()).hexdigest()


def _describe(thing: Any, seen: set[int]) -> Any:
    if isinstance(thing, types.FunctionType):
        return _function(thing, seen)
    if isinstance(thing, type) and thing.__module__.split(".")[0] == PACKAGE:
        return _class(thing, seen)
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        fields = [(f.name, _describe(getattr(thing, f.name), seen)) for f in dataclasses.fields(thing)]
        return (_describe(type(thing), seen), fields)
    if isinstance(thing, np.ndarray):
        return ("array", thing.dtype.str, thing.shape, hashlib.sha256(thing.tobytes()).hexdigest())
    if isinstance(thing, list | tuple):
        return [_describe(x, seen) for x in thing]
    if isinstance(thing, dict):
        return [(k, _describe(v, seen)) for k, v in sorted(thing.items())]
    if isinstance(thing, set | frozenset):
        return sorted(map(repr, thing))
    if isinstance(thing, types.CodeType):
        return _code(thing, seen)
    if thing is None or isinstance(thing, bool | int | float | complex | str | bytes | type(...)):
        return thing if not isinstance(thing, type(...)) else "..."
    return getattr(thing, "__qualname__", type(thing).__qualname__)


def _code(code: types.CodeType, seen: set[int]) -> Any:
    consts = [_describe(c, seen) for c in code.co_consts]
    return (code.co_code.hex(), code.co_names, code.co_varnames, code.co_freevars, consts)


def _function(function: types.FunctionType, seen: set[int]) -> Any:
    if id(function) in seen:
        return function.__qualname__
    seen.add(id(function))
    cells = [_describe(c.cell_contents, seen) for c in function.__closure__ or ()]
    used = [(n, _describe(v, seen)) for n, v in _globals(function)]
    return (_code(function.__code__, seen), cells, _describe(function.__defaults__, seen), used)


def _class(kind: type, seen: set[int]) -> Any:
    if id(kind) in seen:
        return kind.__qualname__
    seen.add(id(kind))
    methods = {n: v.fget if isinstance(v, property) else v for n, v in vars(kind).items()}
    # What `dataclass` writes says no more than the fields, and differs between Python versions.
    own = sorted((n, f) for n, f in methods.items() if isinstance(f, types.FunctionType) and not n.startswith("__"))
    return (kind.__qualname__, [(n, _describe(f, seen)) for n, f in own])


def _names(code: types.CodeType) -> set[str]:
    inner = [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return set(code.co_names).union(*map(_names, inner))


def _globals(function: types.FunctionType) -> list[tuple[str, Any]]:
    """Functions and constants of this package that the code can reach by name."""
    names = _names(function.__code__)
    found: dict[str, Any] = {}
    for name in names & set(function.__globals__):
        value = function.__globals__[name]
        if isinstance(value, types.ModuleType):
            if value.__name__.split(".")[0] == PACKAGE:
                found |= {f"{name}.{n}": getattr(value, n) for n in names if hasattr(value, n)}
        elif isinstance(value, types.FunctionType):
            if value.__module__.split(".")[0] == PACKAGE:
                found[name] = value
        elif not isinstance(value, type) or value.__module__.split(".")[0] == PACKAGE:
            found[name] = value
    return sorted(found.items())
