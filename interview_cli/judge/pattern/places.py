"""Parts of an answer: a row, above the diagonal, where an input is negative."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from math import log2

import numpy as np

from interview_cli.judge.pattern.answer import Answer
from interview_cli.judge.pattern.evidence import Array, Mask, lengthy, log2_ways
from interview_cli.judge.pattern.inputs import as_shaped
from interview_cli.judge.pattern.words import Axis, Words

CERTAIN = 5.0  # bits: a place is seen at a glance, it need not be inferred
CONDITIONS = 64  # as if one were chosen among so many


@dataclass(frozen=True)
class Place:
    """A part of the answer, as an adverb; one of `choices` that it could have been."""

    name: str
    words: Words
    mask: Mask
    choices: int

    def bits(self, mask: Mask) -> float:
        """How unlikely it is by chance that the mask lies in here; minus infinity if not."""
        if (mask & ~self.mask).any():
            return -np.inf
        count = int(mask.sum())
        ways = log2_ways(mask.size, count) - log2_ways(int(self.mask.sum()), count)
        return ways - log2(self.choices)


def best_place(mask: Mask, a: Answer) -> Place | None:
    """The place where all of the mask lies, if there is a surprising one."""
    if mask.sum() < 2 or mask.all():
        return None
    found = max(chain(parts(mask), conditions(a)), key=lambda p: p.bits(mask), default=None)
    return found if found and found.bits(mask) >= CERTAIN else None


def parts(mask: Mask) -> Iterator[Place]:
    """Those that one can point at, about the mask."""
    return chain(lines(mask), diagonals(mask), borders(mask))


def lines(mask: Mask) -> Iterator[Place]:
    """One row, those from one on, those before one, every other one; likewise along each axis."""
    for number in lengthy(mask):
        across = tuple(i for i in range(mask.ndim) if i != number)
        hit = np.asarray(mask.any(axis=across))
        for name, words, chosen, choices in some_of(Axis(mask.ndim, number), hit):
            where = np.broadcast_to(np.expand_dims(chosen, across), mask.shape)
            yield Place(name, words, where, choices)


def some_of(axis: Axis, hit: Mask) -> Iterator[tuple[str, Words, Mask, int]]:
    """Indices of an axis that hold all those hit."""
    index, size = np.arange(hit.size), hit.size
    low, high = int(index[hit][0]), int(index[hit][-1])
    if low == high:
        yield "one-line", axis.at(low, size), index == low, size
    elif high == size - 1 and low > 1:
        yield "from-a-line", axis.since(low), index >= low, size
    elif low == 0 and high < size - 2:
        yield "before-a-line", axis.before(high + 1), index <= high, size
    is_like_the_first = index % 2 == low % 2
    if size > 3 and is_like_the_first[hit].all():
        yield "every-other-line", axis.parity(low % 2), is_like_the_first, 4


def diagonals(mask: Mask) -> Iterator[Place]:
    if mask.ndim < 2:
        return
    row, column = np.ogrid[: mask.shape[-2], : mask.shape[-1]]
    of = of_the_last_two(mask)
    for name, zh, en, chosen in (
        ("above-diagonal", "对角线以上", "above the diagonal", column > row),
        ("below-diagonal", "对角线以下", "below the diagonal", column < row),
        ("on-diagonal", "对角线上", "on the diagonal", column == row),
    ):
        yield Place(name, Words(of.zh + zh, en + of.en), np.broadcast_to(chosen, mask.shape), 4)


def borders(mask: Mask) -> Iterator[Place]:
    if mask.ndim < 2 or min(mask.shape[-2:]) < 3:
        return
    chosen = np.ones(mask.shape, bool)
    chosen[..., 1:-1, 1:-1] = False
    of = of_the_last_two(mask)
    yield Place("border", Words(f"{of.zh}边缘", f"on the border{of.en}"), chosen, 4)


def of_the_last_two(mask: Mask) -> Words:
    return Words("最后两轴的", " of the last two axes") if mask.ndim > 2 else Words()


def conditions(a: Answer) -> Iterator[Place]:
    """Where the expected value, or an input, is negative, positive, zero or the largest."""
    for name, words, chosen in true_of(
        a.right, a.kind == "b", Words("期望值", "the expected value")
    ):
        yield Place(name, words, chosen, CONDITIONS)
    for title, value in a.inputs.items():
        of = Words(f" {title} ", title)  # a space between the Chinese and the name
        for name, words, chosen in true_of(value, value.dtype.kind == "b", of):
            for where in as_shaped(chosen, a.right):
                yield Place(name, words, where, CONDITIONS)


def true_of(value: Array, is_bool: bool, of: Words) -> Iterator[tuple[str, Words, Mask]]:
    """Conditions on an array, and where in it they are met; the words keep `of`'s space."""
    no, yes = (" False ", " True ") if is_bool else (" 0 ", "正")
    for zh, en, chosen in (
        (no, no.strip(), value == 0),
        (yes, "True" if is_bool else "positive", value > 0),
        ("负", "negative", value < 0),
    ):
        yield "where-sign", Words(f"{of.zh}为{zh}处", f"where {of.en} is {en}"), chosen
    for axis in lengthy(value):
        along = Words(f"沿轴 {axis} ", f" along axis {axis}") if value.ndim > 1 else Words()
        words = Words(f"{of.zh}{along.zh}最大处", f"where {of.en} is largest{along.en}")
        yield "where-largest", words, value == value.max(axis=axis, keepdims=True)


def index_of(mask: Mask) -> str:
    """Of the first in it."""
    return str(np.argwhere(mask)[0].tolist())
