"""An input in the answer's shape."""

from collections.abc import Iterator

import numpy as np

from interview_cli.judge.pattern.evidence import Array


def as_shaped(value: Array, like: Array) -> Iterator[Array]:
    """An input in the answer's shape: by numpy's rules, and a vector along each axis that fits."""
    shape = like.shape
    if broadcasts(value.shape, shape):
        yield np.broadcast_to(value, shape)
    for axis in range(len(shape) - 1):
        if value.ndim == 1 and value.size == shape[axis]:
            yield np.broadcast_to(value.reshape((-1,) + (1,) * (len(shape) - 1 - axis)), shape)


def broadcasts(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    sizes = zip(shape[::-1], to[::-1], strict=False)
    return len(shape) <= len(to) and all(size in (1, wanted) for size, wanted in sizes)
