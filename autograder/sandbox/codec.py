"""Values as JSON and arrays: the only form in which anything enters or leaves student code.

Exact types only, so an object that lies about itself cannot travel: None, bool, int,
float, str, list, tuple, dict with str keys, numpy scalars and arrays of six dtypes, and
the records of `checks.base`.  Nothing is pickled.  `decode` treats its input as hostile.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from autograder.checks.base import Callback, Case, Earlier, Outcome, Ref, Step
from autograder.sandbox.shapes import Malformed, record

DTYPES = ("float64", "float32", "int64", "int32", "bool", "complex128")
# Smaller numbers travel in the next dtype that holds each of their values exactly.
WIDER = {
    "float16": "float32",
    "complex64": "complex128",
    "int8": "int32",
    "int16": "int32",
    "uint8": "int32",
    "uint16": "int32",
    "uint32": "int64",
}
RECORDS: dict[str, type] = {r.__name__: r for r in (Ref, Callback, Earlier, Step, Case, Outcome)}
MAX_DEPTH = 24
MAX_NODES = 500_000
MAX_DIGITS = 400
MAX_BYTES = 64 << 20


class Unreturnable(TypeError):
    """A value that cannot leave student code; the message names its type."""


def encode(obj: Any) -> tuple[Any, list[np.ndarray[Any, Any]]]:
    """Turn a value into JSON and a list of plain arrays in C order.

    Returns
    -------
    tuple
        What `json.dumps` takes, and the arrays it refers to, in the order of its references.

    Raises
    ------
    Unreturnable
        If the value, or a part of it, is of a type that does not travel, or is too large.
    """
    encoder = _Encoder()
    return encoder.encode(obj, 0), encoder.arrays


class _Encoder:
    def __init__(self) -> None:
        self.arrays: list[np.ndarray[Any, Any]] = []
        self.nodes = 0
        self.bytes = 0

    def encode(self, obj: Any, depth: int) -> Any:
        self.nodes += 1
        if depth > MAX_DEPTH:
            raise Unreturnable("the value is nested too deeply")
        if self.nodes > MAX_NODES:
            raise Unreturnable("the value has too many parts")
        kind = type(obj)
        if obj is None or kind is bool:
            return obj
        if kind is int:
            if abs(obj) >= 10**MAX_DIGITS:
                raise Unreturnable("an int has too many digits")
            return obj
        if kind is float:
            return obj if math.isfinite(obj) else {"f": repr(obj)}
        if kind is str:
            return self._text(obj)
        if kind is list:
            return [self.encode(x, depth + 1) for x in obj]
        if kind is tuple:
            return {"t": [self.encode(x, depth + 1) for x in obj]}
        if kind is dict:
            return {"d": [[self._key(k), self.encode(v, depth + 1)] for k, v in obj.items()]}
        if kind is np.ndarray:
            order = "F" if obj.flags.f_contiguous and not obj.flags.c_contiguous else "C"
            writeable = bool(obj.flags.writeable)
            return {"a": [self._array(obj), order, writeable]}
        if isinstance(obj, np.generic) and kind.__module__ == "numpy":
            return {"n": self._array(np.asarray(obj))}
        if RECORDS.get(kind.__name__) is kind:
            return {kind.__name__: [self.encode(getattr(obj, f.name), depth + 1) for f in fields(obj)]}
        raise Unreturnable(f"a value of type {kind.__name__} cannot be returned")

    def _text(self, text: str) -> str:
        self.bytes += len(text)
        if self.bytes > MAX_BYTES:
            raise Unreturnable("the value is too large")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Unreturnable("a str holds half a character") from None
        return text

    def _key(self, key: Any) -> str:
        if type(key) is not str:
            raise Unreturnable(f"a dict with a key of type {type(key).__name__} cannot be returned")
        return self._text(key)

    def _array(self, array: np.ndarray[Any, Any]) -> int:
        name = array.dtype.name if array.dtype.names is None else "structured"
        dtype = WIDER.get(name, name)
        if name == "uint64" and (array.size == 0 or array.max() < 2**63):
            dtype = "int64"
        elif name.startswith("int") and dtype not in DTYPES and array.dtype.itemsize == 8:
            dtype = "int64"  # a second name for the same integer on some systems
        if dtype not in DTYPES:
            raise Unreturnable(f"an array of dtype {name[:40]} cannot be returned")
        self.bytes += array.size * np.dtype(dtype).itemsize
        if self.bytes > MAX_BYTES:
            raise Unreturnable(f"the value is too large: more than {MAX_BYTES >> 20} MB")
        self.arrays.append(np.array(array, dtype=dtype, order="C", copy=True, subok=False))
        return len(self.arrays) - 1


def decode(encoded: Any, arrays: Sequence[np.ndarray[Any, Any]], *, records: bool = True) -> Any:
    """Undo `encode`: every array is a fresh copy in the memory order, and as read-only, as it was.

    Parameters
    ----------
    records : bool, default True
        Whether records of `checks.base` are accepted; never from student code.

    Raises
    ------
    Malformed
        If anything is not what `encode` makes.  Each array must be used once, in order,
        so a small message cannot become a large value.
    """
    decoder = _Decoder(arrays, records)
    try:
        value = decoder.decode(encoded, 0)
    except Malformed:
        raise
    except (ArithmeticError, LookupError, MemoryError, RecursionError, TypeError, ValueError) as problem:
        raise Malformed(f"not an encoded value ({type(problem).__name__})") from None
    if decoder.used != len(arrays):
        raise Malformed("arrays are left over")
    return value


def copied(value: Any, *, records: bool = False) -> Any:
    """A value that shares nothing with `value`; raises `Unreturnable` where that does not travel."""
    return decode(*encode(value), records=records)


class _Decoder:
    def __init__(self, arrays: Sequence[np.ndarray[Any, Any]], records: bool) -> None:
        self.arrays, self.records = arrays, records
        self.used = self.nodes = 0

    def decode(self, node: Any, depth: int) -> Any:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise Malformed("nested too deeply or too many parts")
        kind = type(node)
        if node is None or kind is bool:
            return node
        if kind is int:
            if abs(node) >= 10**MAX_DIGITS:
                raise Malformed("an int has too many digits")
            return node
        if kind is float:
            if not math.isfinite(node):
                raise Malformed("a bare float that is not finite")
            return node
        if kind is str:
            node.encode()  # a lone surrogate raises a ValueError here rather than in a report
            return node
        if kind is list:
            return [self.decode(x, depth + 1) for x in node]
        if kind is not dict or len(node) != 1:
            raise Malformed("not an encoded value")
        ((tag, body),) = node.items()
        return self._tagged(tag, body, depth)

    def _tagged(self, tag: str, body: Any, depth: int) -> Any:
        if tag == "f" and type(body) is str and body in ("nan", "inf", "-inf"):
            return float(body)
        if tag == "n":
            return self._array(body, "C").reshape(())[()]
        if type(body) is not list:
            raise Malformed(f"tag {tag[:20]!r} without a list")
        if tag == "t":
            return tuple(self.decode(x, depth + 1) for x in body)
        if tag == "d":
            return dict(self._items(body, depth))
        if tag == "a":
            index, order, writeable = body
            if order not in ("C", "F") or type(writeable) is not bool:
                raise Malformed("array flags")
            array = self._array(index, order)
            array.flags.writeable = writeable
            return array
        if self.records and tag in RECORDS:
            return record(RECORDS[tag], [self.decode(x, depth + 1) for x in body])
        raise Malformed(f"unknown tag {tag[:20]!r}")

    def _items(self, body: list[Any], depth: int) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key, value in body:
            if type(key) is not str or key in seen:
                raise Malformed("a dict key that is no str or comes twice")
            key.encode()
            seen.add(key)
            yield key, self.decode(value, depth + 1)

    def _array(self, index: Any, order: Any) -> np.ndarray[Any, Any]:
        if type(index) is not int or index != self.used or index >= len(self.arrays):
            raise Malformed("arrays must be used once, in order")
        self.used += 1
        array = self.arrays[index]
        if type(array) is not np.ndarray or array.dtype.name not in DTYPES or not array.dtype.isnative:
            raise Malformed("an array of a dtype that does not travel")
        return np.array(array, order=order, copy=True)
