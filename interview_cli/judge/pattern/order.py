"""The right values in the wrong order."""

from itertools import permutations, product
from math import log2

import numpy as np

from interview_cli.judge.pattern.answer import Answer, Pattern, misses
from interview_cli.judge.pattern.evidence import is_certain, lengthy, log2_factorial
from interview_cli.judge.pattern.words import Axis

MOST_AXES = 5  # 120 orders


def transposed(a: Answer) -> Pattern | None:
    """The axes are in another order."""
    if not has_the_values(a):
        return None
    orders = orders_of_axes(a)
    for order in orders:
        guess = a.right.transpose(order)
        if guess.shape != a.right.shape or not is_certain(a.bits(guess), cost=log2(len(orders))):
            continue
        if guess.ndim == 2:
            return Pattern("transposed", "结果转置了", "the result is transposed")
        zh, en = f"轴的次序成了 {order}", f"the axes are in another order: {order}"
        return Pattern("transposed", zh, en)
    return None


def reshaped(a: Answer) -> Pattern | None:
    """The axes are in another order, and a reshape hides it."""
    if not has_the_values(a):
        return None
    x, orders = a.right, orders_of_axes(a)
    for order in orders:
        for guess in (
            x.transpose(order).reshape(x.shape),
            x.reshape([x.shape[i] for i in order]).transpose(np.argsort(order)),
        ):
            if is_certain(a.bits(guess), cost=log2(2 * len(orders))):
                return Pattern(
                    "reshaped",
                    "值都对，次序不对：reshape 代替不了转置",
                    "the right values in another order: a reshape is no transpose",
                )
    return None


def orders_of_axes(a: Answer) -> list[tuple[int, ...]]:
    """All but the right one."""
    ndim = a.right.ndim
    return [*permutations(range(ndim))][1:] if ndim <= MOST_AXES else []


def reversed_along(a: Answer) -> Pattern | None:
    for axis in lengthy(a.right) if has_the_values(a) else ():
        if is_certain(a.bits(np.flip(a.right, axis)), cost=log2(a.right.ndim)):
            zh, en = Axis(a.right.ndim, axis).all()
            return Pattern("reversed", f"{zh}的次序反了", f"{en} are in reverse order")
    return None


def shifted(a: Answer) -> Pattern | None:
    """By one place; what comes in at the edge is what went out, the old edge, or zero."""
    for axis, step in product(lengthy(a.right), (1, -1)):
        # Too early is too late when read backwards.
        mine, right = (np.moveaxis(x, axis, 0)[::step] for x in (a.mine, a.right))
        if misses(mine[1:], right[:-1], a.tolerance(right[:-1])):
            continue
        for coming in (right[-1:], right[:1], np.zeros_like(right[:1])):
            late = np.concatenate([coming, right[:-1]])
            guess = np.moveaxis(late[::step], 0, axis)
            if is_certain(a.bits(guess), cost=log2(6 * a.right.ndim)):
                zh, en = Axis(a.right.ndim, axis).all()
                zh_to, to = ("后", "late") if step > 0 else ("前", "early")
                zh, en = f"{zh}向{zh_to}错了一位", f"{en} come one place too {to}"
                return Pattern("shifted", zh, en)
    return None


def reordered(a: Answer) -> Pattern | None:
    """Whole rows in another order."""
    for axis in lengthy(a.right) if a.right.ndim > 1 and has_the_values(a) else ():
        order = order_of_lines(a, axis)
        if is_certain(a.bits(a.right.take(order, axis)), cost=log2_factorial(len(order))):
            zh, en = Axis(a.right.ndim, axis).all()
            shown = ", ".join(map(str, order[:8])) + ", …" * (len(order) > 8)
            zh, en = f"{zh}的次序不对：[{shown}]", f"{en} are in another order: [{shown}]"
            return Pattern("reordered", zh, en)
    return None


def order_of_lines(a: Answer, axis: int) -> list[int]:
    """Which expected line each one is, if they are the same: as the k-th of them by a mixed sum."""
    keys = []
    for x in (a.mine, a.right):
        lines = np.nan_to_num(np.moveaxis(x, axis, 0).reshape(x.shape[axis], -1))
        keys.append(lines @ np.cos(np.arange(lines.shape[1])))  # plain sums may all be 1
    order = np.empty(a.right.shape[axis], int)
    order[np.argsort(keys[0])] = np.argsort(keys[1])
    return [int(line) for line in order]


def permuted(a: Answer) -> Pattern | None:
    """The expected values, each as often as expected, in another order."""
    if not has_the_values(a):
        return None
    if a.kind == "i":  # exact, and so it is true; nothing is inferred
        is_sure = np.unique(a.right).size > 2
    else:
        guess = np.empty_like(a.right)
        guess.flat[np.argsort(a.mine, axis=None)] = np.sort(a.right, axis=None)
        is_sure = is_certain(a.bits(guess), cost=log2_factorial(guess.size))
    if not is_sure:
        return None
    return Pattern("permuted", "值都对，次序不对", "the right values in another order")


def has_the_values(a: Answer) -> bool:
    """Whether some order of the expected values is the answer."""
    mine, right = (np.sort(x, axis=None) for x in (a.mine, a.right))
    return not misses(mine, right, a.tolerance(right))
