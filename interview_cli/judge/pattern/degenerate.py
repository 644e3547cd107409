"""Answers that took no computing: NaN, zeros, one constant, an input as it came."""

import numpy as np

from interview_cli.judge.pattern.answer import Answer, Pattern
from interview_cli.judge.pattern.evidence import apart, finite, is_certain
from interview_cli.judge.pattern.places import best_place, index_of
from interview_cli.judge.pattern.words import Words, value_of


def not_finite(a: Answer) -> Pattern | None:
    """NaN or infinity where a finite number is expected."""
    should = np.isfinite(a.right)
    bad = ~np.isfinite(a.mine) & should
    if not bad.any():
        return None
    what = "/".join(sorted({special(value) for value in a.mine[bad].tolist()}))
    of = Words() if should.all() else Words("应为有限的", " that should be finite")
    count, total = int(bad.sum()), int(should.sum())
    if count == total:
        zh, en = f"每个{of.zh}值都是 {what}", f"every value{of.en} is {what}"
        return Pattern("not-finite", zh, en)
    zh = f"{total} 个{of.zh}值中有 {count} 个是 {what}"
    en = f"{count} of {total} values{of.en} {'is' if count == 1 else 'are'} {what}"
    if count == 1:
        zh, en = f"{zh}：{index_of(bad)}", f"{en}: {index_of(bad)}"
    elif place := best_place(bad, a):
        zh, en = f"{zh}，只在{place.words.zh}", f"{en}, only {place.words.en}"
    return Pattern("not-finite", zh, en)


def finite_instead(a: Answer) -> Pattern | None:
    """A number where the truth is infinite or NaN: a forgotten mask."""
    bad = np.isfinite(a.mine) & ~np.isfinite(a.right)
    values = {special(value) for value in a.right[bad].tolist()}
    if len(values) != 1 or bad.sum() != a.wrong.sum():
        return None
    what = values.pop()
    return Pattern(
        "finite-instead",
        f"只错在应为 {what} 的地方：那里得到的是有限的数",
        f"wrong only where {what} is expected: a finite number stands there",
    )


def special(value: float) -> str:
    return str(value).replace("nan", "NaN")


def all_zero(a: Answer) -> Pattern | None:
    if a.mine.any() or not is_certain(a.bits(np.zeros_like(a.right))):
        return None
    what = value_of(0, a.kind)
    return Pattern("zeros", f"每个值都是 {what}", f"every value is {what}")


def equal_to_input(a: Answer) -> Pattern | None:
    """An input to the last digit but for rounding; being near it within `allowed` says nothing."""
    for name, value in a.inputs.items():
        if value.shape != a.mine.shape or not is_certain(a.bits(value)):
            continue
        if (apart(a.mine, value) <= a.grain * finite(np.abs(value))).all():
            zh, en = f"结果就是 {name}，没有变", f"the result is {name}, unchanged"
            return Pattern("an-input", zh, en)
    return None


def constant(a: Answer) -> Pattern | None:
    """One value everywhere, where several are expected."""
    if a.right.size < 3 or np.ptp(finite(a.right)) <= 2 * a.allowed or np.ptp(a.mine) != 0:
        return None
    if not is_certain(a.bits(a.mine), fitted=1):
        return None
    what = value_of(float(a.mine.flat[0]), a.kind)
    return Pattern("constant", f"每个值都是 {what}", f"every value is {what}")
