"""Compares arrays: how far apart, how far they may be, and whether they are comparable at all."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interview_cli.judge.said import Said

Array = NDArray[Any]
Values = dict[str, Array]


class Scalar(np.ndarray[Any, np.dtype[Any]]):
    """A Python number as a 0-d array: it has no floating dtype of its own."""


@dataclass(frozen=True)
class Comparison:
    """One output or gradient in one case: its largest error and what is allowed."""

    name: str
    error: float
    allowed: float

    @property
    def is_right(self) -> bool:
        return self.error <= self.allowed


def converted(value: Any, dtype: str) -> Any:
    """Floating arrays in `dtype`, also in lists and tuples; everything else as it is."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.astype(dtype)
    if isinstance(value, (list, tuple)):
        return type(value)(converted(v, dtype) for v in value)
    return value


def nudged(value: Any, number: int, rng: np.random.Generator, dtype: str) -> Any:
    """Every floating number one ulp of its own type up or down, in `dtype`: at random for the
    first numbers; then neighbours apart, twos apart and fours apart, so that hardly a difference
    stays as it was in all."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        ulp = np.finfo(value.dtype).eps
        signs = 2 * rng.integers(0, 2, value.shape if number < RANDOM_NUDGES else ()) - 1
        if number >= RANDOM_NUDGES:
            signs = signs * apart(value.shape, number - RANDOM_NUDGES)
        moved = value.astype(np.float64) * (1 + ulp * signs)
        return moved.astype(dtype)
    if isinstance(value, (list, tuple)):
        return type(value)(nudged(v, number, rng, dtype) for v in value)
    return value


NUDGES, RANDOM_NUDGES = 6, 3


@cache
def apart(shape: tuple[int, ...], bit: int) -> Array:
    """1 and -1 by one bit of the sum of the indices."""
    sums = np.indices(shape).sum(0) if shape else np.zeros((), int)
    return np.asarray(1 - 2 * ((sums >> bit) & 1))


def misfit(name: str, mine: Array, right: Array, dtype: str) -> Said:
    """A wrong shape or dtype, in words; a wider floating type is not one, see `is_wider`."""
    if mine.shape != right.shape:
        return Said(
            f"{name} 的形状是 {mine.shape}，应为 {right.shape}",
            f"{name} has the shape {mine.shape} instead of {right.shape}",
        )
    wanted = dtype if right.dtype.kind == "f" else str(right.dtype)
    if isinstance(mine, Scalar) and (
        right.dtype.kind == "f" or mine.dtype.kind == right.dtype.kind
    ):
        return Said("", "")
    if str(mine.dtype) != wanted and not is_wider(mine, wanted):
        return Said(
            f"{name} 是 {mine.dtype}，应为 {wanted}", f"{name} is {mine.dtype} instead of {wanted}"
        )
    return Said("", "")


def is_wider(mine: Array, dtype: str) -> bool:
    """float64 where float32 was given: numpy makes it of one np.int64 or np.float64 in a formula,
    and nothing is lost."""
    return mine.dtype.kind == "f" and str(mine.dtype) == "float64" and dtype == "float32"


def largest_of(value: Any) -> float:
    """The largest finite absolute value; 0 where there is none."""
    if not isinstance(value, np.ndarray) or not value.size or value.dtype.kind != "f":
        return 0.0
    finite = np.abs(value[np.isfinite(value)])
    return float(finite.max()) if finite.size else 0.0


def differences(mine: Array, right: Array) -> Array:
    """Absolute differences; infinite where one is not finite and the other differs."""
    with np.errstate(all="ignore"):  # what overflows is infinitely wrong, and no warning
        a, b = mine.astype(np.float64), right.astype(np.float64)
        difference = np.abs(a - b)
    undefined = np.isnan(difference)
    if undefined.any():
        same = (a == b) | (np.isnan(a) & np.isnan(b))
        difference = np.where(undefined, np.where(same, 0.0, np.inf), difference)
    return np.asarray(difference)


def error_of(mine: Array, right: Array) -> float:
    """The largest difference."""
    return float(differences(mine, right).max(initial=0.0))
