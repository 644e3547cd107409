"""One rule for every element: a function of the expected value, one input too many, a bound."""

from collections.abc import Callable
from dataclasses import dataclass
from math import log2

import numpy as np

from interview_cli.judge.pattern.answer import Answer, Pattern
from interview_cli.judge.pattern.evidence import Array, is_certain
from interview_cli.judge.pattern.inputs import as_shaped
from interview_cli.judge.pattern.words import short

STEEP = 1e-3  # relatively: where the truth's tolerance moves a rule further, nothing is granted


@dataclass(frozen=True)
class Rule:
    """A function of the expected value, and what to say of "every value"."""

    name: str
    of: Callable[[Array], Array]
    zh: str
    en: str


RULES = (
    Rule("absolute", np.abs, "是期望值的绝对值", "is the absolute value of the expected one"),
    Rule("square", np.square, "是期望值的平方", "is the square of the expected one"),
    Rule("root", np.sqrt, "是期望值的平方根", "is the square root of the expected one"),
    Rule("reciprocal", np.reciprocal, "是期望值的倒数", "is the reciprocal of the expected one"),
    Rule("complement", lambda x: 1 - x, "是 1 减去期望值", "is 1 minus the expected one"),
    Rule("exponential", np.exp, "是期望值的 exp", "is exp of the expected one"),
    Rule("logarithm", np.log, "是期望值的 ln", "is ln of the expected one"),
    Rule("rounded", np.rint, "是离期望值最近的整数", "is the integer nearest to the expected one"),
    Rule("floor", np.floor, "是期望值向下取整", "is the expected one, rounded down"),
    Rule("truncated", np.trunc, "是期望值去掉小数", "is the expected one without its fraction"),
)


def by_rule(a: Answer) -> Pattern | None:
    for rule in RULES:
        if is_certain(a.once(rule_bits(rule, a)), cost=log2(len(RULES))):
            return Pattern(rule.name, f"每个值都{rule.zh}", f"every value {rule.en}")
    return None


def rule_bits(rule: Rule, a: Answer) -> Array | None:
    """What the truth may be off by moves the guess; not at a jump or a pole, where all would do."""
    guess = rule.of(a.right)
    moved = sum(np.abs(rule.of(a.right + side) - guess) for side in (-a.allowed, a.allowed))
    return a.bits(guess, np.where(moved <= STEEP * np.abs(guess), moved, 0.0))


def by_input(a: Answer) -> Pattern | None:
    """mine is right and one input, added, subtracted, multiplied or divided."""
    found = [(name, x) for name, value in a.inputs.items() for x in as_shaped(value, a.right)]
    for name, x in found:
        for zh, en, guess, slack in (
            ("乘以", "times", a.right * x, np.abs(x) * a.allowed),
            ("除以", "divided by", a.right / x, a.allowed / np.abs(x)),
            ("加上", "plus", a.right + x, 0.0),
            ("减去", "minus", a.right - x, 0.0),
        ):
            if is_certain(a.bits(guess, slack), cost=log2(4 * len(found))):
                zh, en = (
                    f"每个值都是期望值{zh} {name}",
                    f"every value is the expected one {en} {name}",
                )
                return Pattern("input-applied", zh, en)
    return None


def clipped(a: Answer) -> Pattern | None:
    """Right up to a bound, and the bound itself beyond."""
    low, high = float(a.mine.min()), float(a.mine.max())
    if not low < high or a.wrong.sum() < 3 or a.wrong.all():
        return None
    below, above = a.wrong & (a.right < low), a.wrong & (a.right > high)
    if (a.wrong & ~below & ~above).any():
        return None
    bits = a.bits(np.where(below, low, np.where(above, high, a.right)))
    sides = [side for side in (below, above) if side.any()]
    if bits is None or not all(is_certain(bits[side], fitted=1) for side in sides):
        return None
    zh, en = [], []
    if below.any():
        zh.append(f"小于 {short(low)} 的都变成 {short(low)}")
        en.append(f"values below {short(low)} became {short(low)}")
    if above.any():
        zh.append(f"大于 {short(high)} 的都变成 {short(high)}")
        en.append(f"values above {short(high)} became {short(high)}")
    return Pattern("clipped", f"被截断：{'，'.join(zh)}", f"clipped: {' and '.join(en)}")
