"""One rule for each row, or along each axis."""

from collections.abc import Callable, Iterator
from itertools import combinations, product
from math import log2, prod
from typing import NamedTuple

import numpy as np

from interview_cli.judge.pattern.answer import Answer, Pattern
from interview_cli.judge.pattern.evidence import CERTAIN, Array, Mask, finite, is_certain, lengthy
from interview_cli.judge.pattern.linear import slope
from interview_cli.judge.pattern.words import Axis, Words, short

Axes = tuple[int, ...]


class Groups(NamedTuple):
    """One for each index of the axes `kept`, over all the others; and which hold an error."""

    kept: Axes
    others: Axes
    is_wrong: Mask


class Fit(NamedTuple):
    """A number for each group, how far off it may be, and the bits for all of them."""

    numbers: Array
    blur: Array | float
    bits: Array | None


def line_factors(a: Answer) -> Pattern | None:
    """Each row has a factor of its own, each index of axis 1, each pair of indices."""

    def fit(groups: Groups) -> Fit:
        c = np.where(groups.is_wrong, slope(a.mine, a.right, groups.others), 1.0)
        bits = a.times(c, a.mine.mean(axis=groups.others, keepdims=True))
        return Fit(c, np.abs(c) * a.blur, bits)

    return numbers_of_lines(a, fit, "line-factors", Words("倍数", "factor"))


def line_offsets(a: Answer) -> Pattern | None:
    """Each row has an offset of its own, and so on."""
    errors = a.mine - a.right

    def fit(groups: Groups) -> Fit:
        b = np.where(groups.is_wrong, errors.mean(axis=groups.others, keepdims=True), 0.0)
        bits = a.bits(a.right + b, a.allowed, a.mine.mean(axis=groups.others, keepdims=True))
        return Fit(b, a.largest * a.blur, bits)

    return numbers_of_lines(a, fit, "line-offsets", Words("偏移", "offset"))


def numbers_of_lines(
    a: Answer, fit: Callable[[Groups], Fit], name: str, what: Words
) -> Pattern | None:
    """The fewest groups with a number each; "each" must be wrong in half of them at least."""
    groupings = [*groupings_of(a)]
    finest = [groups for groups in groupings if len(groups.others) == len(groupings[-1].others)]
    if all(fit(groups).bits is None for groups in finest):
        return None  # with larger groups still less
    for groups in groupings:
        if groups.is_wrong.sum() < max(2, groups.is_wrong.size / 2):
            continue
        numbers, blur, bits = fit(groups)
        if are_certain(bits, groups):
            blurs = np.broadcast_to(blur, numbers.shape)
            shown = [
                short(*number) for number in zip(numbers.flat[:5], blurs.flat[:5], strict=True)
            ]
            zh, en = own(groups.kept, a.right.ndim, shown, what)
            return Pattern(name, zh, en)
    return None


def groupings_of(a: Answer) -> Iterator[Groups]:
    """The fewest groups first."""
    axes, shape = lengthy(a.right), a.right.shape
    for count in range(1, len(axes)):
        for kept in sorted(combinations(axes, count), key=lambda k: prod(shape[i] for i in k)):
            others = tuple(axis for axis in range(a.right.ndim) if axis not in kept)
            yield Groups(kept, others, np.asarray(a.wrong.any(axis=others, keepdims=True)))


def are_certain(bits: Array | None, groups: Groups) -> bool:
    """Whether every group with an error is explained by a number of its own."""
    if bits is None:
        return False
    across = groups.others
    left = bits.sum(axis=across, keepdims=True) - bits.max(axis=across, keepdims=True)
    return bool((left >= CERTAIN)[groups.is_wrong].all())


def own(kept: Axes, ndim: int, numbers: list[str], what: Words) -> Words:
    """Each row has its own factor: the first four of them."""
    shown = [*numbers[:4], "…"] if len(numbers) > 4 else numbers
    each = Axis(ndim, kept[0]).each()
    if len(kept) > 1:
        zh, en = "、".join(map(str, kept)), " and ".join(map(str, kept))
        each = Words(f"轴 {zh} 的每组下标", f"each index of axes {en}")
    return Words(
        f"{each.zh}都有自己的{what.zh}：{'，'.join(shown)}",
        f"{each.en} has its own {what.en}: {', '.join(shown)}",
    )


def same_lines(a: Answer) -> Pattern | None:
    """All rows are equal, where different ones are expected."""
    for axis in lengthy(a.right) if a.right.ndim > 1 else ():
        guess = np.broadcast_to(a.mine.take([0], axis), a.mine.shape)
        differ = np.ptp(finite(a.right), axis) > 2 * a.allowed
        if differ.any() and is_certain(a.bits(guess), fitted=differ.size):
            zh, en = Axis(a.right.ndim, axis).all()
            zh, en = f"{zh}都相同，本应不同", f"{en} are all equal, but should differ"
            return Pattern("same-lines", zh, en)
    return None


def wrong_axis(a: Answer) -> Pattern | None:
    """The sums that should be 1 (softmax) or 0 (a mean taken away) are so along another axis."""
    axes = lengthy(a.right)
    for target, theirs in product((1, 0), axes):
        if not sum_to(target, a.right, theirs, a) or sum_to(target, a.mine, theirs, a):
            continue
        for ours in axes:
            if sum_to(target, a.mine, ours, a):
                return Pattern(
                    "wrong-axis",
                    f"沿轴 {theirs} 的和应为 {target}；你的结果沿轴 {ours} 的和为 {target}",
                    f"sums along axis {theirs} should be {target}; yours are along axis {ours}",
                )
    return None


def sum_to(target: float, array: Array, axis: int, a: Answer) -> bool:
    """Whether all sums along the axis are certainly the target."""
    tolerance = array.shape[axis] * (a.allowed + a.grain * a.largest) + 1e-300
    off = np.abs(array.sum(axis=axis) - target)
    bits = off.size * log2(1 + a.largest / tolerance)
    return bool((off <= tolerance).all() and off.size >= 2 and bits >= 2 * CERTAIN)
