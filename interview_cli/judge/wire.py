"""What goes between the judge and its child: a small JSON header, then raw array bytes.

    frame = b"IVW1"  length of the header (uint32)  header (JSON, UTF-8)  arrays, one after another

`header["arrays"]` lists [dtype, shape] of each array; both are checked before a byte of it is read.
Never pickle: whoever unpickles lets the sender run code.
"""

import struct
from collections.abc import Callable
from json import dumps, loads
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = b"IVW1"
PREFIX = struct.Struct("<4sI")
MAX_HEADER = 1 << 20
MAX_ARRAYS = 32
MAX_BYTES = 256 << 20
ITEM_BYTES = {"<f8": 8, "<f4": 4, "<i8": 8, "<i4": 4, "|b1": 1}

Arrays = list[NDArray[Any]]
Read = Callable[[int], bytes]


class BadFrame(Exception):
    """The other side broke the protocol."""


def pack(header: dict[str, Any], arrays: Arrays) -> bytes:
    """One frame. Raises BadFrame for what `unpack` would refuse."""
    dtypes = [a.dtype.newbyteorder("<") for a in arrays]
    for dtype in dtypes:
        if dtype.str not in ITEM_BYTES:
            raise BadFrame(f"an array of {dtype} instead of numbers")
    described = [[d.str, list(a.shape)] for a, d in zip(arrays, dtypes, strict=True)]
    checked_sizes(described)
    head = dumps({**header, "arrays": described}).encode()
    if len(head) > MAX_HEADER:
        raise BadFrame(f"a header of {len(head)} bytes; at most {MAX_HEADER}")
    parts = [np.asarray(a, d).tobytes() for a, d in zip(arrays, dtypes, strict=True)]
    return b"".join([PREFIX.pack(MAGIC, len(head)), head, *parts])


def unpack(read: Read) -> tuple[dict[str, Any], Arrays]:
    """The next frame; `read(n)` returns exactly n bytes. Raises BadFrame."""
    magic, length = PREFIX.unpack(read(PREFIX.size))
    if magic != MAGIC or length > MAX_HEADER:
        raise BadFrame("not a frame")
    try:
        header = loads(read(length))
    except (ValueError, RecursionError):
        raise BadFrame("the header is not JSON") from None
    if not isinstance(header, dict):
        raise BadFrame("the header is not an object")
    described = header.pop("arrays", None)
    if not isinstance(described, list):
        raise BadFrame("the header does not list its arrays")
    sizes = checked_sizes(described)
    arrays = [
        np.frombuffer(bytearray(read(size)), dtype).reshape(shape)
        for size, (dtype, shape) in zip(sizes, described, strict=True)
    ]
    return header, arrays


def checked_sizes(described: list[Any]) -> list[int]:
    """The bytes of each described array."""
    if len(described) > MAX_ARRAYS:
        raise BadFrame(f"{len(described)} arrays; at most {MAX_ARRAYS}")
    sizes = [checked_size(entry) for entry in described]
    if sum(sizes) > MAX_BYTES:
        raise BadFrame(f"{sum(sizes)} bytes of arrays; at most {MAX_BYTES}")
    return sizes


def checked_size(entry: Any) -> int:
    """The bytes of one described array."""
    match entry:
        case [str(dtype), [*shape]] if dtype in ITEM_BYTES and len(shape) <= 8:
            if all(type(n) is int and 0 <= n < 1 << 31 for n in shape):
                # numpy refuses an empty array whose other sides are huge.
                if 0 in shape and prod(n for n in shape if n) > MAX_BYTES:
                    raise BadFrame("an empty array with huge sides")
                return int(prod(shape)) * ITEM_BYTES[dtype]
    raise BadFrame("an array of a kind that does not travel")


def split(arguments: dict[str, Any]) -> tuple[dict[str, Any], Arrays]:
    """Arguments as JSON with places for the arrays, and the arrays."""
    arrays: Arrays = []

    def plain(value: Any) -> dict[str, Any]:
        match value:
            case np.ndarray() | np.generic():
                arrays.append(np.asarray(value))
                return {"array": len(arrays) - 1}
            case list():
                return {"list": [plain(v) for v in value]}
            case tuple():
                return {"tuple": [plain(v) for v in value]}
            case _ if hasattr(value, "seed"):  # a spec's Rng, which a child does not know
                return {"rng": value.seed}
            case _:
                return {"value": value}

    return {name: plain(value) for name, value in arguments.items()}, arrays


def join(plain: dict[str, Any], arrays: list[Any], rng: Callable[[int], Any]) -> dict[str, Any]:
    """The arguments that `split` took apart; `rng(seed)` makes a source of randomness."""

    def one(entry: dict[str, Any]) -> Any:
        match entry:
            case {"array": index}:
                return arrays[index]
            case {"rng": seed}:
                return rng(seed)
            case {"list": values}:
                return [one(v) for v in values]
            case {"tuple": values}:
                return tuple(one(v) for v in values)
            case _:
                return entry["value"]

    return {name: one(entry) for name, entry in plain.items()}


def places(plain: dict[str, Any]) -> dict[str, list[int]]:
    """The numbers of the arrays that each argument holds."""

    def inside(entry: dict[str, Any]) -> list[int]:
        match entry:
            case {"array": index}:
                return [index]
            case {"list": values} | {"tuple": values}:
                return [index for v in values for index in inside(v)]
            case _:
                return []

    return {name: inside(entry) for name, entry in plain.items()}
