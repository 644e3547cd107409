"""How sure a description is: numbers that agree by design, or by chance.

An element gives log2 of how many tolerances lie between the guess and the truth; a fitted parameter
takes the best element back; one of k alternatives costs log2 k. CERTAIN bits must be left.
"""

from math import lgamma, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Mask = NDArray[np.bool_]

CERTAIN = 10.0  # bits: one chance in a thousand
CERTAIN_ALONE = 14.0  # where a single element tells
MOST_BITS = 40.0  # of one element


def is_certain(bits: Array | None, fitted: int = 0, cost: float = 0.0) -> bool:
    """Whether enough bits are left after `fitted` parameters and the `cost` of a choice.

    None are the bits of a guess that misses an element.
    """
    if bits is None:
        return False
    spare = np.sort(bits, axis=None)[: max(bits.size - fitted, 0)] if fitted else bits
    is_alone = np.count_nonzero(spare) == 1
    return float(spare.sum()) - cost >= (CERTAIN_ALONE if is_alone else CERTAIN)


def log2_factorial(n: int) -> float:
    """What it costs to choose an order of n."""
    return lgamma(n + 1) / log(2)


def log2_ways(n: int, k: int) -> float:
    """log2 of n over k: what it costs to choose k of n."""
    return log2_factorial(n) - log2_factorial(k) - log2_factorial(n - k)


def apart(a: Array, b: Array | float) -> Array:
    """The differences; infinite where one is not finite and the other differs."""
    distance = np.asarray(np.abs(a - b))
    if np.isfinite(distance).all():
        return distance
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    return np.where(same, 0.0, np.nan_to_num(distance, nan=np.inf, posinf=np.inf))


def finite(a: Array) -> Array:
    """Zero where it is not."""
    return np.where(np.isfinite(a), a, 0.0)


def lengthy(array: Array) -> list[int]:
    """The axes with more than one index."""
    return [axis for axis, size in enumerate(array.shape) if size > 1]
