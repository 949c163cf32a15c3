"""What travels comes back as it was; what does not is refused by name; hostile bytes give `Malformed`."""

import contextlib
import io
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.checks.base import Callback, Case, Earlier, Outcome, Ref, Step
from autograder.sandbox import codec, frames
from autograder.sandbox.codec import Unreturnable
from autograder.sandbox.shapes import Malformed

floats = st.floats(allow_nan=True, allow_infinity=True)
arrays = st.sampled_from(["f8", "f4", "i8", "i4", "?", "c16"]).flatmap(
    lambda d: hnp.arrays(d, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | floats | words | arrays,
    lambda inner: (
        st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(words, inner, max_size=3)
    ),
    max_leaves=8,
)


def identical(a, b):
    """Same types throughout, and the same bits."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        same = a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
        return same and a.flags.f_contiguous == b.flags.f_contiguous and a.flags.c_contiguous == b.flags.c_contiguous
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(identical, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(identical(a[k], b[k]) for k in a)
    return repr(a) == repr(b)


@settings(deadline=None, max_examples=150)
@given(values)
def test_a_frame_brings_back_what_was_packed(value):
    assert identical(frames.read(io.BytesIO(frames.pack(value)), records=False), value)


@settings(deadline=None, max_examples=50)
@given(values)
def test_storage_as_json_and_arrays_brings_back_what_was_encoded(value):
    encoded, found = codec.encode(value)
    assert identical(codec.decode(json.loads(json.dumps(encoded, sort_keys=True)), found), value)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_damaged_frames_are_malformed_or_short_and_never_anything_else(data):
    frame = bytearray(frames.pack({"kind": "value", "values": (np.arange(3.0), [1, "x"])}))
    for _ in range(data.draw(st.integers(1, 4))):
        frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Malformed, EOFError):
        frames.read(io.BytesIO(bytes(frame)), cap=1 << 16)


def test_memory_order_and_read_only_flag_survive():
    X = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    X.flags.writeable = False
    back = codec.decode(*codec.encode(X))
    assert back.flags.f_contiguous
    assert not back.flags.writeable
    assert back.base is None
    assert not np.shares_memory(back, X)


def test_views_and_strides_become_base_arrays():
    X = np.arange(12.0).reshape(3, 4)[::2, ::-1]
    back = codec.decode(*codec.encode(X))
    np.testing.assert_array_equal(back, X)
    assert back.base is None


def test_numpy_scalars_keep_their_type():
    for scalar in (np.float64(0.1), np.float32(0.1), np.int32(3), np.bool_(True)):
        assert type(codec.decode(*codec.encode(scalar))) is type(scalar)


def test_narrow_numbers_are_widened_without_loss():
    for dtype in ("i1", "i2", "u1", "u2", "u4", "u8", "f2", "c8", ">f8", ">i4"):
        x = np.array([0, 1, 100], dtype=dtype)
        back = codec.decode(*codec.encode(x))
        assert back.dtype.name in codec.DTYPES
        np.testing.assert_array_equal(back, x)


def test_records_come_back_equal():
    case = Case("name", (Step("new", "ridge.Model", (Ref("ridge.two", {"x": 1}),)), Step("get", "a", (Earlier(0),))))
    outcome = Outcome("value", (1.5,), seconds=0.25, changed=(0,))
    assert codec.decode(*codec.encode([case, outcome, Callback("ridge.f", (1,), 3)])) == [
        case,
        outcome,
        Callback("ridge.f", (1,), 3),
    ]


class Sub(np.ndarray):
    pass


class Number(float):
    pass


CYCLE: list = []
CYCLE.append(CYCLE)


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (np.zeros(2).view(Sub), "Sub"),
        (np.ma.masked_array([1.0]), "MaskedArray"),
        (np.array([object()]), "object"),
        (np.array(["a"]), "str"),
        (np.zeros(2, dtype=[("a", float)]), "structured"),
        (np.array([2**63], dtype="u8"), "uint64"),
        (np.array([1], dtype="M8[s]"), "datetime64"),
        (Number(1.0), "Number"),
        (object(), "object"),
        (b"bytes", "bytes"),
        (1 + 2j, "complex"),
        ({1: 2}, "int"),
        ({1}, "set"),
        (iter([1]), "iterator"),
        ("\ud800", "half a character"),
        (10**500, "digits"),
        (CYCLE, "nested"),
        ([[]] * 1_000_000, "parts"),
        (np.broadcast_to(0.0, (10**5, 10**5)), "large"),
    ],
)
def test_everything_else_is_refused_by_name(value, named):
    with pytest.raises(Unreturnable, match=named):
        codec.encode(value)


def test_a_frame_longer_than_its_reader_takes_is_refused_when_packed():
    with pytest.raises(Unreturnable):
        frames.pack(np.zeros(1000), cap=4000)
    with pytest.raises(Malformed):
        frames.read(io.BytesIO(frames.pack(np.zeros(1000))), cap=4000)


@pytest.mark.parametrize(
    "encoded",
    [
        {"a": [0, "C", True], "d": []},  # two tags
        {"a": [1, "C", True]},  # no such array
        {"a": [-1, "C", True]},
        {"a": [True, "C", True]},
        {"a": [0.0, "C", True]},
        {"a": [0, "Q", True]},
        {"a": [0, "C", 1]},
        {"a": [0, "C"]},
        {"a": 0},
        {"n": 0},  # an array of three numbers is no scalar
        [{"a": [0, "C", True]}, {"a": [0, "C", True]}],  # one array used twice
        None,  # the array is left over
        {"f": "1e5"},
        {"f": 1.0},
        {"t": "ab"},
        {"d": [["k"]]},
        {"d": [[1, 2]]},
        {"d": [["k", 1], ["k", 2]]},
        {"q": []},
        {"Case": []},
        {"Outcome": ["won", {"t": []}, "", "", 0.0, {"t": []}]},
        {"Outcome": ["value", {"t": []}, "", "", -1.0, {"t": []}]},
        {"Outcome": ["value", {"t": []}, "", "", {"f": "nan"}, {"t": []}]},
        {"Step": ["exec", "x", {"t": []}, {"d": []}]},
        {"Case": ["n", {"t": [1]}, False, False]},
        "\ud800",
        b"",
        math.inf,
    ],
)
def test_what_encode_never_makes_is_malformed(encoded):
    with pytest.raises(Malformed):
        codec.decode(encoded, [np.zeros(3)])


def test_records_are_refused_where_only_plain_values_may_come():
    with pytest.raises(Malformed):
        codec.decode(*codec.encode(Earlier(0)), records=False)


def frame(text, blob=b""):
    return io.BytesIO(frames.HEADER.pack(frames.MAGIC, len(text), len(blob)) + text + blob)


@pytest.mark.parametrize(
    ("text", "blob"),
    [
        (b'[{"a":[0,"C",true]},[["float64",[2]]]]', b"\0" * 8),  # fewer bytes than the shape
        (b'[{"a":[0,"C",true]},[["float64",[1]]]]', b"\0" * 16),  # more
        (b'[{"a":[0,"C",true]},[["float64",[-1]]]]', b"\0" * 8),
        (b'[{"a":[0,"C",true]},[["float64",[-1,-1]]]]', b"\0" * 8),
        (b'[{"a":[0,"C",true]},[["float64",[1.0]]]]', b"\0" * 8),
        (b'[{"a":[0,"C",true]},[["float64",[true]]]]', b"\0" * 8),
        (b'[{"a":[0,"C",true]},[["object",[1]]]]', b"\0" * 8),
        (b'[{"a":[0,"C",true]},[["O",[1]]]]', b"\0" * 8),
        (b'[{"a":[0,"C",true]},[["float64",[0,99999999999999999999]]]]', b""),
        (b'[{"a":[0,"C",true]},[["bool",[1]]]]', b"\2"),  # a bool that is neither
        (b'[{"a":[0,"C",true]},[["float64"]]]', b""),
        (b"[NaN,[]]", b""),
        (b"[1e999,[]]", b""),
        (b"[" * 50_000, b""),
        (b"[1,[],2]", b""),
        (b"1" * 10_000, b""),
        (b"\xff", b""),
        (b"", b""),
    ],
)
def test_frames_that_do_not_add_up_are_malformed(text, blob):
    with pytest.raises(Malformed):
        frames.read(frame(text, blob))


def test_a_stream_that_ends_early_is_an_end_of_file():
    data = frames.pack([1, 2, 3])
    for length in range(len(data)):
        with pytest.raises(EOFError):
            frames.read(io.BytesIO(data[:length]))
