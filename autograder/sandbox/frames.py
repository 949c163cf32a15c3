"""Encoded values as bytes for a pipe: two lengths, JSON, then the arrays, little-endian."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np

from autograder.sandbox.codec import DTYPES, MAX_BYTES, Unreturnable, decode, encode
from autograder.sandbox.shapes import Malformed

HEADER = struct.Struct("<4sII")
MAGIC = b"shr1"
TEXT_SHARE = 4  # at most this part of a frame's cap is JSON, which takes far more memory than its bytes


class Stream(Protocol):
    """What `read` needs: `read(n)` gives n bytes, or fewer at the end."""

    def read(self, size: int, /) -> bytes: ...


def pack(obj: Any, cap: int = MAX_BYTES) -> bytes:
    """One frame: a header with two lengths, JSON, then the arrays' bytes (little-endian).

    Raises
    ------
    Unreturnable
        As `encode` does, or if the frame would be longer than `read` accepts with this `cap`.
    """
    encoded, arrays = encode(obj)
    shapes = [[a.dtype.name, list(a.shape)] for a in arrays]
    text = json.dumps([encoded, shapes], allow_nan=False, separators=(",", ":")).encode()
    size = sum(a.nbytes for a in arrays)
    if len(text) > cap // TEXT_SHARE or len(text) + size > cap:
        raise Unreturnable(f"the value is too large: more than {cap >> 20} MB")
    blobs = [a.astype(a.dtype.newbyteorder("<"), copy=False).tobytes() for a in arrays]
    return b"".join([HEADER.pack(MAGIC, len(text), size), text, *blobs])


def read(stream: Stream, cap: int = MAX_BYTES, *, records: bool = True) -> Any:
    """Read one frame of at most `cap` bytes.

    Raises
    ------
    EOFError
        If the stream ends, inside a frame or before one.
    Malformed
        If the bytes are not a frame, or announce more than `cap`.
    """
    magic, n_text, n_blob = HEADER.unpack(_exactly(stream, HEADER.size))
    if magic != MAGIC or n_text > cap // TEXT_SHARE or n_text + n_blob > cap:
        raise Malformed("not a frame, or one that is too long")
    text, blob = _exactly(stream, n_text), _exactly(stream, n_blob)
    try:
        encoded, shapes = json.loads(text.decode(), parse_constant=_refuse)
        arrays = list(_cut(blob, shapes))
    except Malformed:
        raise
    except (ArithmeticError, LookupError, MemoryError, RecursionError, TypeError, ValueError) as problem:
        raise Malformed(f"not a frame ({type(problem).__name__})") from None
    return decode(encoded, arrays, records=records)


def _exactly(stream: Stream, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise EOFError("the stream ended")
    return data


def _refuse(constant: str) -> Any:
    raise Malformed(f"{constant} is not JSON")


MAX_CELLS = 1 << 26


def _cut(blob: bytes, shapes: Any) -> Iterator[np.ndarray[Any, Any]]:
    """The arrays in a blob; their sizes must add up to its length exactly."""
    position = 0
    for name, shape in shapes:
        if name not in DTYPES or type(shape) is not list or len(shape) > 16:
            raise Malformed("array header")
        if not all(type(s) is int and 0 <= s < 2**31 for s in shape):
            raise Malformed("array shape")
        # An axis of length 0 hides a length that later work would allocate along another axis.
        if math.prod(max(s, 1) for s in shape) > MAX_CELLS:
            raise Malformed("array shape")
        count = math.prod(shape)
        dtype = np.dtype(name).newbyteorder("<")
        end = position + count * dtype.itemsize
        if end > len(blob):
            raise Malformed("an array longer than its bytes")
        flat = np.frombuffer(blob, dtype, count, position) if count else np.empty(0, dtype)
        if name == "bool" and count and flat.view(np.uint8).max() > 1:
            raise Malformed("a bool that is neither 0 nor 1")
        position = end
        yield flat.astype(np.dtype(name), copy=False).reshape(shape)
    if position != len(blob):
        raise Malformed("bytes are left over")
