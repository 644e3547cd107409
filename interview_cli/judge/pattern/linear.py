"""mine = c · right + b: a sign, a factor, an offset, or both, the same for every element."""

from math import log2

import numpy as np

from interview_cli.judge.pattern.answer import Answer, Pattern
from interview_cli.judge.pattern.constants import Said, factors, offsets, said
from interview_cli.judge.pattern.evidence import Array, is_certain
from interview_cli.judge.pattern.words import short

NEAR = 1e-3  # relatively: a constant further from the fit is not tried


def negated(a: Answer) -> Pattern | None:
    """Of a bool: its opposite."""
    if a.kind == "b":
        if not is_certain(a.bits(1 - a.right)):
            return None
        return Pattern("negated", "每个值都反了：True 与 False 互换", "every value is negated")
    if not is_certain(a.bits(-a.right)):
        return None
    return Pattern("sign", "每个值的正负号都反了", "every value has the opposite sign")


def one_factor(a: Answer) -> Pattern | None:
    """mine = c right, with a c that means something, or else one fitted to several elements."""
    c = float(slope(a.mine, a.right))
    for rank, constant in enumerate(factors(a.sizes), start=2):
        factor = float(np.copysign(constant.value, c))
        if abs(factor - c) > NEAR * abs(c):
            continue
        if is_certain(a.once(a.times(factor)), cost=log2(2 * rank)):
            return said_factor(said(constant, a.sizes, is_negative=c < 0))
    if is_certain(a.once(a.times(c, a.mine.mean())), fitted=1):
        return said_factor(Said(short(c, abs(c) * a.blur)))
    return None


def said_factor(c: Said) -> Pattern:
    return Pattern(
        "factor",
        f"每个值都是期望值的 {c.number} 倍{c.zh}",
        f"every value is {c.number} times the expected one{c.en}",
    )


def one_offset(a: Answer) -> Pattern | None:
    """mine = right + b, with a b that means something, or else one fitted to several elements."""
    errors = a.mine - a.right
    if not np.isfinite(errors).any():
        return None
    b = float(np.nanmedian(errors))
    for rank, constant in enumerate(offsets(a.sizes), start=1):
        offset = float(np.copysign(constant.value, b))
        if abs(offset - b) > NEAR * abs(b):
            continue
        if is_certain(a.once(a.bits(a.right + offset)), cost=log2(2 * rank)):
            return said_offset(b, said(constant, a.sizes))
    if is_certain(a.once(a.bits(a.right + b, a.allowed, a.mine.mean())), fitted=1):
        return said_offset(b, Said(short(abs(b), a.largest * a.blur)))
    return None


def said_offset(b: float, amount: Said) -> Pattern:
    zh, en = ("大", "large") if b > 0 else ("小", "small")
    return Pattern(
        "offset",
        f"每个值都{zh}了 {amount.number}{amount.zh}",
        f"every value is {amount.number} too {en}{amount.en}",
    )


def affine(a: Answer) -> Pattern | None:
    """mine = c right + b."""
    mean = a.mine.mean()
    c = float(slope(a.mine - mean, a.right - a.right.mean()))
    b = float(mean - c * a.right.mean())
    bits = a.bits(c * a.right + b, 2 * abs(c) * a.allowed, mean, a.right + b, c * a.right)
    if not is_certain(a.once(bits), fitted=2):
        return None
    factor, sign = short(c, abs(c) * a.blur), "+" if b > 0 else "−"
    amount = short(abs(b), a.largest * a.blur)
    return Pattern(
        "affine",
        f"每个值都是 {factor} × 期望值 {sign} {amount}",
        f"every value is {factor} × the expected one {sign} {amount}",
    )


def slope(y: Array, x: Array, axes: tuple[int, ...] | None = None) -> Array:
    """The c of y = c x with the least squares, one for all indices but those of `axes`."""
    xy, xx = x * y, x * x
    known = np.isfinite(xy)
    over, under = (np.where(known, v, 0.0).sum(axes, keepdims=axes is not None) for v in (xy, xx))
    return np.asarray(np.nan_to_num(over / under, nan=1.0, posinf=1.0, neginf=1.0))
