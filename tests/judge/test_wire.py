"""Frames: what travels comes back the same, and nothing else is ever let in."""

import json
from io import BytesIO

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from interview_cli.judge import wire
from interview_cli.judge.wire import BadFrame
from interview_cli.spec import Rng

DTYPES = ("float64", "float32", "int64", "int32", "bool")


class Ended(Exception):
    """The other side is gone: what a reader does about that is its own affair."""


def reader(frame):
    stream = BytesIO(frame)

    def read(count):
        taken = stream.read(count)
        if len(taken) < count:
            raise Ended
        return taken

    return read


def unpacked(frame):
    return wire.unpack(reader(frame))


def round_trip(*arrays):
    header, found = unpacked(wire.pack({}, list(arrays)))
    assert header == {}
    return found


def framed(header, rest=b""):
    """A frame with any header, well-formed or not."""
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    return wire.PREFIX.pack(wire.MAGIC, len(head)) + head + rest


def assert_same(found, right):
    assert found.shape == right.shape
    assert found.dtype == right.dtype.newbyteorder("=")
    assert np.array_equal(found, right, equal_nan=found.dtype.kind == "f")


# What travels.


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    "shape", [(), (0,), (1,), (3,), (2, 3), (2, 0, 3), (1, 2, 1, 2, 1, 2, 1, 2)]
)
def test_every_dtype_and_shape_comes_back_the_same(dtype, shape):
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
    (found,) = round_trip(array)
    assert found.shape == shape
    assert_same(found, array)


@pytest.mark.parametrize("dtype", DTYPES)
def test_other_orders_in_memory_come_back_as_plain_ones(dtype):
    array = np.arange(24).reshape(4, 6).astype(dtype)
    views = (array.T, array[::2, ::-1], np.asfortranarray(array), array[1], array[:0], array[2, 3])
    for view, found in zip(views, round_trip(*views), strict=True):
        assert_same(found, view)
        assert found.flags.c_contiguous


@pytest.mark.parametrize("dtype", [">f8", ">f4", ">i8", ">i4"])
def test_big_endian_arrays_arrive_with_their_values(dtype):
    array = np.array([1.0, -2.0, 70000.0]).astype(dtype)
    (found,) = round_trip(array)
    assert found.tolist() == [1, -2, 70000]
    assert_same(found, array)


def test_values_that_are_not_numbers_survive():
    array = np.array([np.nan, np.inf, -np.inf, -0.0, 5e-324])
    (found,) = round_trip(array)
    assert found.tobytes() == array.tobytes()


def test_what_arrives_may_be_written_to():
    (found,) = round_trip(np.zeros(3))
    found[0] = 1
    assert found.tolist() == [1, 0, 0]


def test_the_header_travels_beside_the_arrays():
    sent = {"function": "f", "message": "γ ≠ 归一化 \ud800", "n": [1, None, True, 0.5]}
    header, arrays = unpacked(wire.pack(sent, [np.ones(2)]))
    assert header == sent
    assert arrays[0].tolist() == [1, 1]


def test_two_frames_follow_each_other():
    read = reader(wire.pack({"n": 1}, [np.ones(3)]) + wire.pack({"n": 2}, []))
    assert wire.unpack(read)[0] == {"n": 1}
    assert wire.unpack(read)[0] == {"n": 2}


@given(
    st.lists(
        st.sampled_from(DTYPES).flatmap(
            lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=8, min_side=0))
        ),
        max_size=4,
    )
)
def test_what_was_packed_is_unpacked(arrays):
    for found, right in zip(round_trip(*arrays), arrays, strict=True):
        assert_same(found, right)


def joined(arguments):
    """What the other side makes of arguments, after a journey as JSON and bytes."""
    plain, arrays = wire.split(arguments)
    header, arrived = unpacked(wire.pack({"arguments": plain}, arrays))
    return wire.join(header["arguments"], arrived, lambda seed: f"generator {seed}")


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())
nested = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.lists(inner).map(tuple), max_leaves=6
)


@given(st.dictionaries(st.text(), nested))
def test_arguments_that_are_no_arrays_come_back_as_they_were(arguments):
    """Also lists in tuples in lists, which JSON alone does not keep apart."""
    assert wire.split(arguments)[1] == []
    assert repr(joined(arguments)) == repr(arguments)


def test_arguments_come_back_by_name():
    arguments = {"x": np.ones(2), "eps": 1e-5, "betas": (0.9, 0.999), "scalar": np.float32(2)}
    found = joined(arguments)
    assert list(found) == list(arguments)
    assert found["x"].tolist() == [1, 1]
    assert found["eps"] == 1e-5
    assert found["betas"] == (0.9, 0.999)
    assert found["scalar"].dtype == np.float32


def test_arrays_inside_of_lists_and_tuples_come_back_in_their_places():
    weights = [np.ones(1), (np.zeros(2), 0.5), np.full(3, 2.0)]
    (found,) = joined({"weights": weights}).values()
    assert type(found) is list
    assert type(found[1]) is tuple
    assert [a.tolist() for a in (found[0], found[1][0], found[2])] == [[1], [0, 0], [2, 2, 2]]
    assert found[1][1] == 0.5


def test_a_source_of_randomness_travels_as_its_seed():
    assert joined({"rng": Rng(7), "p": 0.5}) == {"rng": "generator 7", "p": 0.5}
    assert joined({"both": [Rng(1), Rng(2)]}) == {"both": ["generator 1", "generator 2"]}


def test_the_arrays_of_each_argument_are_known_by_their_numbers():
    arguments = {"a": np.ones(1), "eps": 1.0, "b": [np.ones(1), (np.ones(1),)], "rng": Rng(0)}
    plain, arrays = wire.split(arguments)
    assert wire.places(plain) == {"a": [0], "eps": [], "b": [1, 2], "rng": []}
    assert len(arrays) == 3


# What does not travel.


@pytest.mark.parametrize(
    "array",
    [
        np.array([None, "x"]),
        np.array({}),
        np.array(["text"]),
        np.array([b"bytes"]),
        np.array([1j]),
        np.array([1.0], np.float16),
        np.array([1], np.int8),
        np.array([1], np.uint64),
        np.array(["2026-11-21"], "M8[D]"),
        np.array([1], "m8[s]"),
        np.array([(1, 2.0)], [("a", "i4"), ("b", "f8")]),
        np.zeros(2, np.longdouble),
    ],
    ids=lambda a: str(a.dtype),
)
def test_other_dtypes_are_not_sent(array):
    with pytest.raises(BadFrame, match=r"instead of numbers$"):
        wire.pack({}, [array])


@pytest.mark.parametrize(
    "dtype", ["|O", "O", "<f2", ">f8", "f8", "float64", "|V8", "<U1", "<c16", ""]
)
def test_other_dtypes_are_not_read(dtype):
    with pytest.raises(BadFrame, match="does not travel"):
        unpacked(framed({"arrays": [[dtype, [1]]]}, b"\0" * 64))


@pytest.mark.parametrize(
    "shape",
    [
        [-1],
        [2, -3],
        [1 << 31],
        [1 << 63],
        [True],
        [1.0],
        ["1"],
        [None],
        [[1]],
        [1] * 9,
        "3",
        3,
        None,
    ],
    ids=str,
)
def test_shapes_that_are_none_are_not_read(shape):
    with pytest.raises(BadFrame, match="does not travel"):
        unpacked(framed({"arrays": [["<f8", shape]]}, b"\0" * 64))


@pytest.mark.parametrize(
    "shape",
    [[1 << 30], [1 << 20, 1 << 20], [(1 << 31) - 1] * 8, [wire.MAX_BYTES // 8 + 1]],
    ids=str,
)
def test_arrays_that_are_too_large_are_refused_before_they_are_read(shape):
    with pytest.raises(BadFrame, match="bytes of arrays; at most"):
        unpacked(framed({"arrays": [["<f8", shape]]}))


def test_arrays_that_are_too_large_together_are_refused():
    half = ["<f8", [wire.MAX_BYTES // 16 + 1]]
    with pytest.raises(BadFrame, match="bytes of arrays; at most"):
        unpacked(framed({"arrays": [half, half]}))


@pytest.mark.parametrize(
    "shape", [[0, (1 << 31) - 1, (1 << 31) - 1, (1 << 31) - 1], [1 << 30, 1 << 30, 0]]
)
def test_an_empty_array_with_huge_sides_is_refused(shape):
    """numpy itself cannot make one: it multiplies the sides that are not 0."""
    with pytest.raises(BadFrame, match="huge sides"):
        unpacked(framed({"arrays": [["<f8", shape]]}))


def test_too_many_arrays_are_refused():
    one = ["<f8", []]
    assert len(unpacked(framed({"arrays": [one] * wire.MAX_ARRAYS}, b"\0" * 8 * 32))[1]) == 32
    with pytest.raises(BadFrame, match="33 arrays; at most 32"):
        unpacked(framed({"arrays": [one] * (wire.MAX_ARRAYS + 1)}, b"\0" * 8 * 33))


@pytest.mark.parametrize(
    "arrays",
    [
        [np.zeros(1)] * (wire.MAX_ARRAYS + 1),
        [np.zeros([1] * 9)],
        [np.broadcast_to(0.0, wire.MAX_BYTES // 8 + 1)],
    ],
    ids=["33 arrays", "9 dimensions", "256 MiB"],
)
def test_what_would_not_be_read_is_not_sent(arrays):
    with pytest.raises(BadFrame):
        wire.pack({}, arrays)


def test_a_header_that_is_too_long_is_neither_sent_nor_read():
    with pytest.raises(BadFrame, match="header"):
        wire.pack({"source": "x" * wire.MAX_HEADER}, [])
    with pytest.raises(BadFrame, match="not a frame"):
        unpacked(framed(b'{"arrays": []}' + b" " * wire.MAX_HEADER))
    assert unpacked(framed(b'{"arrays": []}' + b" " * (wire.MAX_HEADER - 14)))[0] == {}


@pytest.mark.parametrize(
    "header",
    [b"", b"{", b"\xff\xfe", b"[" * 60_000, b"not json", b"{'arrays': []}", b"1" * 5000],
    ids=lambda h: repr(h[:8]),
)
def test_a_header_that_is_not_json_is_refused(header):
    with pytest.raises(BadFrame, match=r"not JSON|not an object"):
        unpacked(framed(header))


@pytest.mark.parametrize(
    "header", [[], None, 1, "arrays", {}, {"arrays": {}}, {"arrays": None}], ids=str
)
def test_a_header_that_lists_no_arrays_is_refused(header):
    with pytest.raises(BadFrame, match=r"not an object|not list"):
        unpacked(framed(header))


@pytest.mark.parametrize(
    "entry", [None, [], ["<f8"], ["<f8", [1], 1], {"<f8": [1]}, "<f8", [[], []]], ids=str
)
def test_an_array_that_is_not_described_is_refused(entry):
    with pytest.raises(BadFrame, match="does not travel"):
        unpacked(framed({"arrays": [entry]}, b"\0" * 64))


def test_another_magic_is_refused():
    good = wire.pack({}, [])
    for position in range(4):
        bad = bytearray(good)
        bad[position] ^= 1
        with pytest.raises(BadFrame, match="not a frame"):
            unpacked(bytes(bad))


def test_a_truncated_frame_is_never_a_shorter_one():
    good = wire.pack({"n": 1}, [np.arange(4.0), np.ones((2, 2), bool)])
    for length in range(len(good)):
        with pytest.raises(Ended):
            unpacked(good[:length])
    assert len(unpacked(good)[1]) == 2


# Laws: bytes are a frame, or refused, and nothing else happens.


def accepts_or_refuses(frame):
    try:
        header, arrays = unpacked(frame)
    except (BadFrame, Ended):
        return
    assert isinstance(header, dict)
    assert all(a.dtype.name in DTYPES for a in arrays)


@given(st.binary(max_size=200))
@example(b"")
def test_any_bytes_are_read_or_refused(data):
    accepts_or_refuses(data)


@given(st.binary(max_size=200), st.binary(max_size=64))
def test_any_header_is_read_or_refused(head, rest):
    accepts_or_refuses(framed(head, rest))


sides = st.one_of(st.integers(-2, 4), st.integers(), st.sampled_from([0, (1 << 31) - 1, 1 << 31]))
entries = st.tuples(
    st.one_of(st.sampled_from([*wire.ITEM_BYTES, "|O", "<f2", ""]), st.text(max_size=4)),
    st.lists(st.one_of(sides, st.none(), st.booleans(), st.floats()), max_size=9),
)
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.one_of(entries, json_values), max_size=4), st.binary(max_size=256))
def test_any_description_of_arrays_is_read_or_refused(described, rest):
    accepts_or_refuses(framed({"arrays": described}, rest))


@given(json_values, st.binary(max_size=64))
def test_any_json_is_read_or_refused(header, rest):
    accepts_or_refuses(framed(header, rest))


@given(st.data())
def test_a_frame_with_bytes_changed_is_read_or_refused(data):
    frame = bytearray(wire.pack({"n": 1}, [np.arange(3.0), np.array(True)]))
    for _ in range(data.draw(st.integers(1, 4))):
        frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    accepts_or_refuses(bytes(frame))
