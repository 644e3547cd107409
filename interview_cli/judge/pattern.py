"""How an answer is wrong: "every value is 7/8 times the expected one", "wrong only in one row".

A false pattern is worse than none. A pattern is a guess at every element of the answer; all of them
must meet it within the tolerance, and that must be no coincidence. An element gives log2 of how
many tolerances lie between the guess and the truth; a fitted parameter takes the best element back;
one of k alternatives costs log2 k. CERTAIN bits must be left.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, combinations, permutations, product
from math import e, gcd, lgamma, log, log2, pi, prod, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Mask = NDArray[np.bool_]

CERTAIN = 10.0  # bits: one chance in a thousand
CERTAIN_ALONE = 14.0  # where a single element tells
CERTAIN_PLACE = 5.0  # a place is seen at a glance, it need not be inferred
MOST_BITS = 40.0  # of one element
ULPS = 16.0  # how far rounding alone may take a float from what a formula says
CONDITIONS = 64  # as if one were chosen among so many
LARGEST_TO_MATCH = 4096  # elements; matching rows takes quadratic time
LARGEST_DENOMINATOR = 12


@dataclass(frozen=True)
class Pattern:
    """What all the errors of an answer have in common; `name` is a slug."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True)
class Answer:
    """An answer beside the truth, both in float64. kind: f, i or b, of the dtype.

    grain: the relative rounding of its dtype. sizes: where a number is the size of an axis, in
    both languages, for those that are.
    """

    mine: Array
    right: Array
    allowed: float
    kind: str
    grain: float
    inputs: Mapping[str, Array]
    sizes: Mapping[int, tuple[str, str]]

    @cached_property
    def wrong(self) -> Mask:
        return np.asarray(apart(self.mine, self.right) > self.allowed)

    @cached_property
    def largest(self) -> float:
        """The largest finite |right|."""
        finite = np.abs(self.right[np.isfinite(self.right)])
        return float(finite.max(initial=0.0))

    def only(self, mask: Mask) -> "Answer":
        """The chosen elements, in one row."""
        inputs = {k: v[mask] for k, v in self.inputs.items() if v.shape == mask.shape}
        return replace(self, mine=self.mine[mask], right=self.right[mask], inputs=inputs)

    def bits(self, guess: Array, slack: Array | float = 0.0, *rivals: Array | float) -> Array:
        """How much each element speaks for the guess and against the truth and the rivals.

        `slack` is what the guess itself may be off by. Minus infinity if it misses an element.
        """
        tolerance = self.allowed + np.nan_to_num(slack) + self.grain * finite(np.abs(guess))
        if (apart(self.mine, guess) > tolerance).any():
            return np.full(guess.shape, -np.inf)
        distance = np.minimum.reduce([apart(guess, rival) for rival in (self.right, *rivals)])
        unit = np.maximum(tolerance, 1e-300 if self.kind == "f" else 0.5)
        return np.asarray(np.minimum(np.log2(1 + finite(distance) / unit), MOST_BITS))

    def once(self, bits: Array) -> Array:
        """Equal expected floats say the same of a rule for single values: one of them counts."""
        if self.kind != "f" or np.isneginf(bits).any():
            return bits
        repeated = np.ones(self.right.shape, bool)
        repeated.flat[np.unique(self.right, return_index=True)[1]] = False
        return np.where(repeated, np.minimum(bits, 0.0), bits)


def pattern(
    mine: Array, right: Array, allowed: float, inputs: Mapping[str, Array]
) -> Pattern | None:
    """The most specific pattern in the errors of `mine` (float, int or bool, shaped as `right`).

    allowed: the largest difference that is no error. inputs: the arguments that are arrays.
    """
    with np.errstate(all="ignore"):
        answer = answer_of(mine, right, allowed, inputs)
        if answer is None or not answer.wrong.any():
            return None
        return first(answer, PATTERNS)


def answer_of(
    mine: Array, right: Array, allowed: float, inputs: Mapping[str, Array]
) -> Answer | None:
    """None for what is not a number."""
    mine, right = np.asarray(mine), np.asarray(right)
    kind = {"u": "i"}.get(right.dtype.kind, right.dtype.kind)
    if kind not in "fib" or mine.dtype.kind not in "fiub":
        return None
    numbers = {k: np.asarray(v) for k, v in inputs.items() if np.asarray(v).dtype.kind in "fiub"}
    steps = [float(np.finfo(x.dtype).eps) for x in (mine, right) if x.dtype.kind == "f"]
    return Answer(
        mine.astype(np.float64),
        right.astype(np.float64),
        float(allowed),
        kind,
        ULPS * max(steps, default=0.0),
        {name: value.astype(np.float64) for name, value in numbers.items()},
        sizes_of(right, numbers),
    )


def first(answer: Answer, patterns: "tuple[tuple[str, Find], ...]") -> Pattern | None:
    found = (find(answer) for kinds, find in patterns if answer.kind in kinds)
    return next((p for p in found if p), None)


# Numbers.


def apart(a: Array, b: Array | float) -> Array:
    """The differences; infinite where one is not finite and the other differs."""
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    return np.where(same, 0.0, np.nan_to_num(np.abs(a - b), nan=np.inf, posinf=np.inf))


def finite(a: Array) -> Array:
    """Zero where it is not."""
    return np.where(np.isfinite(a), a, 0.0)


def is_certain(bits: Array, fitted: int = 0, cost: float = 0.0) -> bool:
    """Whether enough bits are left after `fitted` parameters and the `cost` of a choice."""
    if not bits.size or np.isneginf(bits).any():
        return False
    spare = np.sort(bits, axis=None)[: max(bits.size - fitted, 0)] if fitted else bits
    is_alone = np.count_nonzero(bits) == 1
    return float(spare.sum()) - cost >= (CERTAIN_ALONE if is_alone else CERTAIN)


def short(value: float) -> str:
    """Four digits; the minus is a minus."""
    return f"{value:.4g}".replace("e+0", "e").replace("e-0", "e-").replace("-", "−")


def value_of(number: float, kind: str) -> str:
    return str(bool(number)) if kind == "b" else short(number + 0.0)


# Not numbers, and numbers that ignore the input.


def not_finite(a: Answer) -> Pattern | None:
    """NaN or infinity where the truth is finite."""
    bad = ~np.isfinite(a.mine) & np.isfinite(a.right)
    if not bad.any():
        return None
    values = {str(v).replace("nan", "NaN") for v in a.mine[bad].tolist()}
    what = values.pop() if len(values) == 1 else "NaN/inf" if "NaN" in values else "±inf"
    if bad.all():
        return Pattern("not-finite", f"每个值都是 {what}", f"every value is {what}")
    count, total = int(bad.sum()), bad.size
    zh, en = f"{total} 个值中有 {count} 个是 {what}", f"{count} of {total} values are {what}"
    if count == 1:
        en = en.replace("values are", "values is")
    if place := best_place(bad, a):
        zh, en = f"{zh}，只在{place.zh}", f"{en}, only {place.en}"
    elif count == 1:
        zh, en = f"{zh}：{index_of(bad)}", f"{en}: {index_of(bad)}"
    return Pattern("not-finite", zh, en)


def finite_instead(a: Answer) -> Pattern | None:
    """A number where the truth is infinite or NaN: a forgotten mask."""
    bad = np.isfinite(a.mine) & ~np.isfinite(a.right)
    values = {str(v).replace("nan", "NaN") for v in a.right[bad].tolist()}
    if len(values) != 1 or bad.sum() != a.wrong.sum():
        return None
    what = values.pop()
    return Pattern(
        "finite-instead",
        f"只错在应为 {what} 的地方：那里得到的是有限的数",
        f"wrong only where {what} is expected: a finite number stands there",
    )


def all_zero(a: Answer) -> Pattern | None:
    if a.mine.any() or not is_certain(a.bits(np.zeros_like(a.right))):
        return None
    what = value_of(0, a.kind)
    return Pattern("zeros", f"每个值都是 {what}", f"every value is {what}")


def equal_to_input(a: Answer) -> Pattern | None:
    for name, value in a.inputs.items():
        if value.shape == a.mine.shape and is_certain(a.bits(value)):
            return Pattern(
                "an-input", f"结果就是 {name}，没有变", f"the result is {name}, unchanged"
            )
    return None


def constant(a: Answer) -> Pattern | None:
    """One value everywhere, where several are expected."""
    if a.right.size < 3 or np.ptp(finite(a.right)) <= 2 * a.allowed or np.ptp(a.mine) != 0:
        return None
    if not is_certain(a.bits(a.mine), fitted=1):
        return None
    what = value_of(a.mine.flat[0], a.kind)
    return Pattern("constant", f"每个值都是 {what}", f"every value is {what}")


# One rule for every element.


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
    Rule(
        "rounded", np.rint, "是期望值四舍五入到整数", "is the expected one, rounded to an integer"
    ),
    Rule("floor", np.floor, "是期望值向下取整", "is the expected one, rounded down"),
    Rule("truncated", np.trunc, "是期望值去掉小数", "is the expected one without its fraction"),
)


def negated(a: Answer) -> Pattern | None:
    if a.kind == "b":
        if not is_certain(a.bits(1 - a.right)):
            return None
        return Pattern("negated", "每个值都反了：True 与 False 互换", "every value is negated")
    if not is_certain(a.bits(-a.right)):
        return None
    return Pattern("sign", "每个值的正负号都反了", "every value has the opposite sign")


def by_rule(a: Answer) -> Pattern | None:
    for rule in RULES:
        guess = rule.of(a.right)
        sides = [np.abs(rule.of(a.right + side * a.allowed) - guess) for side in (-1, 1)]
        if is_certain(a.once(a.bits(guess, sum(map(finite, sides)))), cost=log2(len(RULES))):
            return Pattern(rule.name, f"每个值都{rule.zh}", f"every value {rule.en}")
    return None


def one_factor(a: Answer) -> Pattern | None:
    """mine = c right, with a c that means something, or else one fitted to several elements."""
    c = float(slope(a.mine, a.right))
    for rank, constant in enumerate(constants(a.sizes), start=2):
        factor = float(np.copysign(constant.value, c))
        if abs(factor - c) <= 1e-3 * abs(c) and is_certain(
            a.once(times(a, factor)), cost=log2(2 * rank)
        ):
            decimal, zh, en = constant.words(a.sizes, factor)
            return said_factor(decimal, zh, en)
    if is_certain(a.once(times(a, c, a.mine.mean())), fitted=1):
        return said_factor(short(c))
    return None


def times(a: Answer, factor: Array | float, *rivals: Array | float) -> Array:
    return a.bits(factor * a.right, np.abs(factor) * a.allowed, 0.0, *rivals)


def said_factor(factor: str, zh: str = "", en: str = "") -> Pattern:
    return Pattern(
        "factor",
        f"每个值都是期望值的 {factor} 倍{zh}",
        f"every value is {factor} times the expected one{en}",
    )


def one_offset(a: Answer) -> Pattern | None:
    """mine = right + b, with a b that means something, or else one fitted to several elements."""
    if not np.isfinite(a.mine - a.right).any():
        return None
    b = float(np.nanmedian(a.mine - a.right))
    for rank, constant in enumerate(offsets(a.sizes), start=1):
        offset = float(np.copysign(constant.value, b))
        if abs(offset - b) <= 1e-3 * abs(b) and is_certain(
            a.once(a.bits(a.right + offset)), cost=log2(2 * rank)
        ):
            decimal, zh, en = constant.words(a.sizes, abs(offset))
            return said_offset(b, decimal, zh, en)
    guess = a.right + b
    if is_certain(a.once(a.bits(guess, a.allowed, a.mine.mean())), fitted=1):
        return said_offset(b, short(abs(b)))
    return None


def said_offset(offset: float, amount: str, zh: str = "", en: str = "") -> Pattern:
    more, zh_more = ("large", "大") if offset > 0 else ("small", "小")
    return Pattern(
        "offset", f"每个值都{zh_more}了 {amount}{zh}", f"every value is {amount} too {more}{en}"
    )


def affine(a: Answer) -> Pattern | None:
    """mine = c right + b."""
    x, y = a.right - a.right.mean(), a.mine - a.mine.mean()
    c = float(slope(y, x))
    b = float(a.mine.mean() - c * a.right.mean())
    guess, slack = c * a.right + b, 2 * abs(c) * a.allowed
    bits = a.bits(guess, slack, a.mine.mean(), a.right + b, c * a.right)
    if not is_certain(a.once(bits), fitted=2):
        return None
    sign, amount = ("+" if b > 0 else "−"), short(abs(b))
    return Pattern(
        "affine",
        f"每个值都是 {short(c)} × 期望值 {sign} {amount}",
        f"every value is {short(c)} × the expected one {sign} {amount}",
    )


def clipped(a: Answer) -> Pattern | None:
    """Right up to a bound, and the bound itself beyond."""
    low, high = float(a.mine.min()), float(a.mine.max())
    if not low < high or a.wrong.sum() < 3 or a.wrong.all():
        return None
    above, below = a.wrong & (a.right > high), a.wrong & (a.right < low)
    if (a.wrong & ~above & ~below).any():
        return None
    guess = a.right.copy()
    guess[above], guess[below] = high, low
    if not is_certain(a.bits(guess), fitted=int(above.any()) + int(below.any())):
        return None
    zh, en = [], []
    if below.any():
        zh.append(f"小于 {short(low)} 的都变成 {short(low)}")
        en.append(f"values below {short(low)} became {short(low)}")
    if above.any():
        zh.append(f"大于 {short(high)} 的都变成 {short(high)}")
        en.append(f"values above {short(high)} became {short(high)}")
    return Pattern("clipped", f"被截断：{'，'.join(zh)}", f"clipped: {' and '.join(en)}")


def slope(y: Array, x: Array, axes: tuple[int, ...] | None = None) -> Array:
    """The c of y = c x with the least squares, one for all indices but those of `axes`."""
    known = np.isfinite(x) & np.isfinite(y)
    scale = np.max(np.abs(finite(x)), axis=axes, keepdims=axes is not None, initial=0.0)
    x, y = np.where(known, x / scale, 0.0), np.where(known, y / scale, 0.0)
    sums = [np.sum(v, axis=axes, keepdims=axes is not None) for v in (x * y, x * x)]
    return np.asarray(np.nan_to_num(sums[0] / sums[1], nan=1.0, posinf=1.0, neginf=1.0))


# Constants that mean something.


@dataclass(frozen=True)
class Constant:
    """A number as one writes it; `size` is the size of an axis that it was made from."""

    value: float
    text: str
    size: int = 0

    def words(self, sizes: Mapping[int, tuple[str, str]], signed: float) -> tuple[str, str, str]:
        """`0.875 = 7/8`, and what the 8 is, in both languages."""
        sign, decimal = "−" if signed < 0 else "", short(signed)
        if decimal != sign + self.text:
            is_exact = float(short(self.value)) == self.value
            decimal = f"{decimal} {'=' if is_exact else '≈'} {sign}{self.text}"
        if not self.size:
            return decimal, "", ""
        zh, en = sizes[self.size]
        return decimal, f"；{self.size} 是 {zh}", f"; {self.size} is {en}"


def fraction(p: int, q: int, size: int = 0) -> Constant:
    return Constant(p / q, f"{p}" if q == 1 else f"{p}/{q}", size)


def constants(sizes: Mapping[int, tuple[str, str]]) -> Iterator[Constant]:
    """The likely factors, the likelier first. Where 2 comes from, nobody can say."""
    yield from (fraction(2, 1), fraction(1, 2))
    large = [n for n in sizes if n > 2]
    for n in large:
        yield from (fraction(1, n, n), fraction(n, 1, n))
    for n in large:
        yield from (fraction(n, n - 1, n), fraction(n - 1, n, n))
    for n in large:
        yield from (Constant(sqrt(n), f"√{n}", n), Constant(1 / sqrt(n), f"1/√{n}", n))
    for n in large:
        for p, q in ((n, n - 1), (n - 1, n)):
            yield Constant(sqrt(p / q), f"√({p}/{q})", n)
    for value, text in ((log(2), "ln 2"), (sqrt(2), "√2"), (pi, "π"), (log(10), "ln 10"), (e, "e")):
        yield from (Constant(value, text), Constant(1 / value, f"1/{text}"))
    yield from (Constant(10.0**k, short(10.0**k)) for k in (1, -1, 2, -2, 3, -3))
    for total in range(3, 2 * LARGEST_DENOMINATOR):
        for p in range(1, total):
            if max(p, total - p) <= LARGEST_DENOMINATOR and gcd(p, total) == 1:
                yield fraction(p, total - p)
    yield from (Constant(sqrt(2 * pi), "√(2π)"), Constant(sqrt(2 / pi), "√(2/π)"))


def offsets(sizes: Mapping[int, tuple[str, str]]) -> Iterator[Constant]:
    """The likely offsets; ln n lies between a logarithm of a mean and of a sum."""
    yield from (fraction(1, 1), fraction(1, 2), fraction(2, 1))
    yield from (Constant(log(n), f"ln {n}", n) for n in sizes if n > 1)


def sizes_of(right: Array, inputs: Mapping[str, Array]) -> dict[int, tuple[str, str]]:
    """What a number above 1 is the size of: of an axis of an input, or else of the result."""
    found: dict[int, tuple[str, str]] = {}
    named = [(name, name, value.shape) for name, value in inputs.items()]
    for zh, en, shape in [*named, ("结果", "the result", right.shape)]:
        for axis, size in enumerate(shape):
            found.setdefault(size, (f"{zh} 轴 {axis} 的大小", f"the size of axis {axis} of {en}"))
    for zh, en, shape in named:
        found.setdefault(prod(shape), (f"{zh} 的元素个数", f"the number of elements of {en}"))
    return {size: words for size, words in found.items() if size > 1}


# An input too many or too few.


def by_input(a: Answer) -> Pattern | None:
    """mine is right and one input, added, subtracted, multiplied or divided."""
    found = [*fitting_inputs(a)]
    cost = log2(4 * len(found) or 1)
    for name, value in found:
        if is_certain(a.bits(a.right * value, np.abs(value) * a.allowed), cost=cost):
            return said_input("乘以", "times", name)
        if is_certain(a.bits(a.right / value, a.allowed / np.abs(value)), cost=cost):
            return said_input("除以", "divided by", name)
        if is_certain(a.bits(a.right + value), cost=cost):
            return said_input("加上", "plus", name)
        if is_certain(a.bits(a.right - value), cost=cost):
            return said_input("减去", "minus", name)
    return None


def said_input(zh: str, en: str, name: str) -> Pattern:
    return Pattern(
        "input-applied",
        f"每个值都是期望值{zh} {name}",
        f"every value is the expected one {en} {name}",
    )


def fitting_inputs(a: Answer) -> Iterator[tuple[str, Array]]:
    """The inputs in the answer's shape: by numpy's rules, and vectors along each axis."""
    shape = a.right.shape
    for name, value in a.inputs.items():
        columns = [
            value.reshape(value.shape + (1,) * (len(shape) - 1 - axis))
            for axis in range(len(shape) - 1)
            if value.ndim == 1 and value.size == shape[axis]
        ]
        for array in (value, *columns):
            if broadcasts(array.shape, shape):
                yield name, np.broadcast_to(array, shape)


def broadcasts(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    sizes = zip(shape[::-1], to[::-1], strict=False)
    return len(shape) <= len(to) and all(size in (1, wanted) for size, wanted in sizes)


# One rule for each row.


@dataclass(frozen=True)
class Axis:
    """What the slices along an axis are called: rows, columns, or indices of axis 2."""

    ndim: int
    number: int

    @property
    def zh(self) -> str:
        """The name of a row or a column, else nothing."""
        return ("行", "列")[self.number] if self.ndim == 2 else ""

    @property
    def en(self) -> str:
        return ("row", "column")[self.number] if self.ndim == 2 else ""

    def each(self) -> tuple[str, str]:
        if self.en:
            return f"每一{self.zh}", f"each {self.en}"
        return f"轴 {self.number} 的每个下标", f"each index of axis {self.number}"

    def all(self) -> tuple[str, str]:
        if self.ndim == 1:
            return "各个值", "the values"
        if self.en:
            return f"各{self.zh}", f"the {self.en}s"
        return f"轴 {self.number} 上的各个切片", f"the slices along axis {self.number}"

    def at(self, index: int, size: int) -> tuple[str, str]:
        """`in row 2 (counting from 0)`, `at the last index of axis 1`."""
        if index in (0, size - 1):
            zh, en = ("最后", "last") if index else ("第", "first")
            if self.en:
                return f"{zh}一{self.zh}", f"in the {en} {self.en}"
            return f"{self.of()[0]}{zh}一个下标", f"at the {en} index{self.of()[1]}"
        if self.en:
            return f"下标为 {index} 的{self.zh}", f"in {self.en} {index} (counting from 0)"
        return f"{self.of()[0]}下标 {index} 处", f"at index {index}{self.of()[1]}"

    def beyond(self, index: int, is_from: bool) -> tuple[str, str]:
        """`from row 2 on (counting from 0)`, `before index 2 of axis 1`."""
        zh = f"下标为 {index} 的{self.zh}" if self.en else f"{self.of()[0]}下标 {index} "
        en = f"{self.en} {index}" if self.en else f"index {index}{self.of()[1]}"
        start = " (counting from 0)" if self.en else ""
        return (
            (f"{zh}及以后", f"from {en} on{start}")
            if is_from
            else (f"{zh}之前", f"before {en}{start}")
        )

    def parity(self, odd: int) -> tuple[str, str]:
        zh, en = ("奇数", "odd") if odd else ("偶数", "even")
        if self.en:
            return f"下标为{zh}的{self.zh}", f"in the {self.en}s of {en} index"
        return f"{self.of()[0]}{zh}下标处", f"at the {en} indices{self.of()[1]}"

    def of(self) -> tuple[str, str]:
        return ("", "") if self.ndim == 1 else (f"轴 {self.number} ", f" of axis {self.number}")


def lengthy(array: Array) -> list[int]:
    """The axes with more than one index."""
    return [axis for axis, size in enumerate(array.shape) if size > 1]


def groupings(array: Array) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Some axes and the others, the fewest groups first."""
    axes = lengthy(array)
    for count in range(1, len(axes)):
        for kept in sorted(
            combinations(axes, count), key=lambda k: prod(array.shape[i] for i in k)
        ):
            yield kept, tuple(axis for axis in range(array.ndim) if axis not in kept)


def line_factors(a: Answer) -> Pattern | None:
    """Each row has a factor of its own, each index of axis 1, each pair of indices."""
    for kept, others in groupings(a.right):
        is_wrong = np.asarray(a.wrong.any(axis=others, keepdims=True))
        factor = np.where(is_wrong, slope(a.mine, a.right, others), 1.0)
        bits = times(a, factor, a.mine.mean(axis=others, keepdims=True))
        if are_certain(bits, is_wrong, others):
            return said_lines(kept, factor, "line-factors", "倍数", "factor")
    return None


def line_offsets(a: Answer) -> Pattern | None:
    """Each row has an offset of its own, and so on."""
    for kept, others in groupings(a.right):
        is_wrong = np.asarray(a.wrong.any(axis=others, keepdims=True))
        offset = np.where(is_wrong, (a.mine - a.right).mean(axis=others, keepdims=True), 0.0)
        bits = a.bits(a.right + offset, a.allowed, a.mine.mean(axis=others, keepdims=True))
        if are_certain(bits, is_wrong, others):
            return said_lines(kept, offset, "line-offsets", "偏移", "offset")
    return None


def are_certain(bits: Array, is_wrong: Mask, others: tuple[int, ...]) -> bool:
    """Whether every group with an error is explained by a parameter of its own."""
    left = bits.sum(axis=others, keepdims=True) - bits.max(axis=others, keepdims=True)
    enough = is_wrong.sum() >= max(2, is_wrong.size / 2)
    return bool(enough and not np.isneginf(bits).any() and (left >= CERTAIN)[is_wrong].all())


def said_lines(kept: tuple[int, ...], values: Array, name: str, zh: str, en: str) -> Pattern:
    shown = [short(v) for v in values.flat[:4]] + ["…"] * (values.size > 4)
    if len(kept) == 1:
        zh_each, en_each = Axis(values.ndim, kept[0]).each()
    else:
        zh_each = f"轴 {'、'.join(map(str, kept))} 的每组下标"
        en_each = f"each index of axes {' and '.join(map(str, kept))}"
    return Pattern(
        name,
        f"{zh_each}都有自己的{zh}：{'，'.join(shown)}",
        f"{en_each} has its own {en}: {', '.join(shown)}",
    )


def same_lines(a: Answer) -> Pattern | None:
    """All rows are equal, where different ones are expected."""
    for axis in lengthy(a.right) if a.right.ndim > 1 else ():
        guess = np.broadcast_to(a.mine.take([0], axis), a.mine.shape)
        differ = np.ptp(finite(a.right), axis) > 2 * a.allowed
        if differ.any() and is_certain(a.bits(guess), fitted=differ.size):
            zh, en = Axis(a.right.ndim, axis).all()
            return Pattern(
                "same-lines", f"{zh}都相同，本应不同", f"{en} are all equal, but should differ"
            )
    return None


def wrong_axis(a: Answer) -> Pattern | None:
    """The sums that should be 1 (softmax) or 0 (a mean taken away) are so along another axis."""
    for target, (theirs, ours) in product((1, 0), permutations(lengthy(a.right), 2)):
        is_crossed = not sum_to(target, a.mine, theirs, a)
        if is_crossed and sum_to(target, a.right, theirs, a) and sum_to(target, a.mine, ours, a):
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


# The right values in the wrong place.


def transposed(a: Answer) -> Pattern | None:
    """The axes are in another order; the shape may hide it after a reshape."""
    x, orders = a.right, [*permutations(range(a.right.ndim))][1:] if 2 <= a.right.ndim <= 5 else []
    for order in orders:
        if x.transpose(order).shape == x.shape and is_certain(
            a.bits(x.transpose(order)), cost=log2(len(orders))
        ):
            if x.ndim == 2:
                return Pattern("transposed", "结果转置了", "the result is transposed")
            zh, en = (f"{order}".replace(",)", ")"),) * 2
            return Pattern(
                "transposed", f"轴的次序成了 {zh}", f"the axes are in another order: {en}"
            )
    for order in orders:
        inverse = np.argsort(order)
        guesses = (
            x.transpose(order).reshape(x.shape),
            x.reshape([x.shape[i] for i in order]).transpose(inverse),
        )
        if any(is_certain(a.bits(guess), cost=log2(2 * len(orders))) for guess in guesses):
            return Pattern(
                "reshaped",
                "值都对，次序不对：reshape 代替不了转置",
                "the right values in another order: a reshape is no transpose",
            )
    return None


def reversed_along(a: Answer) -> Pattern | None:
    for axis in lengthy(a.right):
        if is_certain(a.bits(np.flip(a.right, axis)), cost=log2(a.right.ndim)):
            zh, en = Axis(a.right.ndim, axis).all()
            return Pattern("reversed", f"{zh}的次序反了", f"{en} are in reverse order")
    return None


def shifted(a: Answer) -> Pattern | None:
    """By one place; what comes in at the edge is what went out, the old edge, or zero."""
    for axis in lengthy(a.right):
        for step in (1, -1):
            rolled = np.roll(a.right, step, axis)
            edge: list[Any] = [slice(None)] * a.right.ndim
            edge[axis] = 0 if step > 0 else -1
            for coming in (rolled, a.right, np.zeros_like(a.right)):
                guess = rolled.copy()
                guess[tuple(edge)] = coming[tuple(edge)]
                if is_certain(a.bits(guess), cost=log2(6 * a.right.ndim)):
                    zh, en = Axis(a.right.ndim, axis).all()
                    zh_to, to = ("后", "late") if step > 0 else ("前", "early")
                    return Pattern(
                        "shifted", f"{zh}向{zh_to}错了一位", f"{en} come one place too {to}"
                    )
    return None


def reordered(a: Answer) -> Pattern | None:
    """Whole rows in another order."""
    if a.right.size > LARGEST_TO_MATCH or a.right.ndim < 2:
        return None
    for axis in lengthy(a.right):
        mine, right = (
            np.moveaxis(x, axis, 0).reshape(x.shape[axis], -1) for x in (a.mine, a.right)
        )
        order = apart(mine[:, None], right[None]).max(axis=2, initial=0.0).argmin(axis=1)
        if len(set(order.tolist())) < len(order) or right.shape[1] < 2:
            continue
        guess = a.right.take(order, axis)
        if is_certain(a.bits(guess), cost=log2_factorial(len(order))):
            zh, en = Axis(a.right.ndim, axis).all()
            shown = ", ".join(map(str, order[:8])) + ", …" * (len(order) > 8)
            return Pattern(
                "reordered", f"{zh}的次序不对：[{shown}]", f"{en} are in another order: [{shown}]"
            )
    return None


def permuted(a: Answer) -> Pattern | None:
    """The expected values, each as often as expected, in another order."""
    if not (np.isfinite(a.mine) & np.isfinite(a.right)).all():
        return None
    guess = np.empty_like(a.right)
    guess.flat[np.argsort(a.mine, axis=None)] = np.sort(a.right, axis=None)
    if a.kind == "i":  # exact, and so it is true; nothing is inferred
        is_sure = bool((guess == a.mine).all()) and np.unique(a.right).size > 2
    else:
        is_sure = is_certain(a.bits(guess), cost=log2_factorial(guess.size))
    if not is_sure:
        return None
    return Pattern("permuted", "值都对，次序不对", "the right values in another order")


def log2_factorial(n: int) -> float:
    return lgamma(n + 1) / log(2)


# Where it is wrong.


@dataclass(frozen=True)
class Place:
    """A part of the answer, as an adverb; one of `choices` that it could have been."""

    name: str
    zh: str
    en: str
    mask: Mask
    choices: float

    def bits(self, mask: Mask) -> float:
        """How unlikely it is by chance that the mask lies in here; minus infinity if not."""
        if (mask & ~self.mask).any():
            return -np.inf
        count = int(mask.sum())
        ways = log2_ways(mask.size, count) - log2_ways(int(self.mask.sum()), count)
        return ways - log2(self.choices)


def log2_ways(n: int, k: int) -> float:
    """log2 of n over k."""
    return log2_factorial(n) - log2_factorial(k) - log2_factorial(n - k)


def best_place(mask: Mask, a: Answer) -> Place | None:
    """The place where all of the mask lies, if there is a surprising one."""
    if mask.sum() < 2 or mask.all():
        return None
    found = max(places(mask, a), key=lambda place: place.bits(mask), default=None)
    return found if found and found.bits(mask) >= CERTAIN_PLACE else None


def places(mask: Mask, a: Answer) -> Iterator[Place]:
    return chain(lines(mask), diagonals(mask), borders(mask), conditions(a))


def lines(mask: Mask) -> Iterator[Place]:
    """One row, those from one on, those before one, every other one; likewise along each axis."""
    for number in lengthy(mask):
        axis, size = Axis(mask.ndim, number), mask.shape[number]
        hit = np.flatnonzero(mask.any(axis=tuple(i for i in range(mask.ndim) if i != number)))
        low, high = int(hit[0]), int(hit[-1])
        index = np.arange(size).reshape([-1 if i == number else 1 for i in range(mask.ndim)])

        def place(name: str, words: tuple[str, str], chosen: Array, choices: int) -> Place:
            return Place(name, *words, np.broadcast_to(chosen, mask.shape), choices)

        if low == high:
            yield place("one-line", axis.at(low, size), index == low, size)
        elif high == size - 1 and low > 1:
            yield place("from-a-line", axis.beyond(low, True), index >= low, size)
        elif low == 0 and high < size - 2:
            yield place("before-a-line", axis.beyond(high + 1, False), index <= high, size)
        if size > 3 and len(set((hit % 2).tolist())) == 1:
            yield place("every-other-line", axis.parity(low % 2), index % 2 == low % 2, 4)


def diagonals(mask: Mask) -> Iterator[Place]:
    if mask.ndim < 2:
        return
    row, column = np.ogrid[: mask.shape[-2], : mask.shape[-1]]
    for name, zh, en, chosen in (
        ("above-diagonal", "对角线以上", "above the diagonal", column > row),
        ("below-diagonal", "对角线以下", "below the diagonal", column < row),
        ("on-diagonal", "对角线上", "on the diagonal", column == row),
    ):
        yield Place(name, zh, en, np.broadcast_to(chosen, mask.shape), 4)


def borders(mask: Mask) -> Iterator[Place]:
    if mask.ndim < 2 or min(mask.shape[-2:]) < 3:
        return
    chosen = np.ones(mask.shape, bool)
    chosen[..., 1:-1, 1:-1] = False
    zh, en = ("最后两轴的", " of the last two axes") if mask.ndim > 2 else ("", "")
    yield Place("border", f"{zh}边缘", f"on the border{en}", chosen, 4)


def conditions(a: Answer) -> Iterator[Place]:
    """Where the expected value, or an input, is negative, positive, zero or the largest."""
    yield from signs("期望值", "the expected value", a.right)
    yield from peaks("期望值", "the expected value", a.right)
    for name, value in fitting_inputs(a):
        yield from signs(f" {name} ", name, value)
        yield from peaks(f" {name} ", name, value)


def signs(zh: str, en: str, value: Array) -> Iterator[Place]:
    """A mask of zeros and ones is False or True; both words keep a space from the Chinese."""
    is_mask = bool(((value == 0) | (value == 1)).all())
    no, yes = (" False ", " True ") if is_mask else (" 0 ", "正")
    for zh_is, en_is, chosen in (
        (no, no.strip(), value == 0),
        (yes, "True" if is_mask else "positive", value > 0),
        ("负", "negative", value < 0),
    ):
        yield Place("where-sign", f"{zh}为{zh_is}处", f"where {en} is {en_is}", chosen, CONDITIONS)


def peaks(zh: str, en: str, value: Array) -> Iterator[Place]:
    for axis in lengthy(value):
        zh_along, along = (f"沿轴 {axis} ", f" along axis {axis}") if value.ndim > 1 else ("", "")
        chosen = value == value.max(axis=axis, keepdims=True)
        zh_name, name = f"{zh}{zh_along}最大处", f"where {en} is largest{along}"
        yield Place("where-largest", zh_name, name, chosen, CONDITIONS)


def only_one(a: Answer) -> Pattern | None:
    if a.wrong.sum() != 1 or a.wrong.size < 3:
        return None
    where = index_of(a.wrong)
    return Pattern(
        "one-element",
        f"{a.wrong.size} 个值中只错了一个：{where}",
        f"only one of {a.wrong.size} values is wrong: {where}",
    )


def index_of(mask: Mask) -> str:
    return str(np.argwhere(mask)[0].tolist())


def wrong_place(a: Answer) -> Pattern | None:
    place = best_place(a.wrong, a)
    if place is None:
        return None
    count, total = int(a.wrong.sum()), int(place.mask.sum())
    share = (
        ("", "")
        if count == total
        else (f"（{total} 个中的 {count} 个）", f", {count} of those {total}")
    )
    zh, en = there(a)
    return Pattern(
        place.name, f"只错在{place.zh}{share[0]}{zh}", f"wrong only {place.en}{share[1]}{en}"
    )


def right_place(a: Answer) -> Pattern | None:
    """Wrong everywhere else; only for places that one can point at."""
    is_right = ~a.wrong
    if is_right.sum() < 2 or a.wrong.sum() < 2:
        return None
    for place in chain(lines(is_right), diagonals(is_right), borders(is_right)):
        if (place.mask == is_right).all() and place.bits(is_right) >= CERTAIN_PLACE:
            zh, en = there(a)
            return Pattern(
                f"all-but-{place.name}", f"只有{place.zh}正确{zh}", f"right only {place.en}{en}"
            )
    return None


def there(a: Answer) -> tuple[str, str]:
    """What the wrong elements have in common, as a second clause."""
    found = first(a.only(a.wrong), VALUES) if a.wrong.sum() > 1 else None
    return (f"；错处{found.zh}", f"; there {found.en}") if found else ("", "")


def nearly_right(a: Answer) -> Pattern | None:
    """Every value to three digits at least, yet not to the tolerance."""
    error = apart(a.mine, a.right) / np.abs(a.right)
    worst = float(np.where(a.mine == a.right, 0.0, error).max())
    if not 0 < worst < 1e-3:
        return None
    digits = int(-np.log10(worst))
    return Pattern(
        "nearly-right",
        f"每个值的前 {digits} 位都对：查 ε 这样的小量，或精度的损失",
        f"every value is right to {digits} digits: look for a small term like ε, or lost precision",
    )


def how_many(a: Answer) -> Pattern | None:
    count, total = int(a.wrong.sum()), a.wrong.size
    if total == 1:
        return None
    if count == total:
        return Pattern("count", f"{total} 个值全错", f"all {total} values are wrong")
    zh, en = there(a)
    is_are = "is" if count == 1 else "are"
    return Pattern(
        "count",
        f"{total} 个值中错了 {count} 个{zh}",
        f"{count} of {total} values {is_are} wrong{en}",
    )


# The patterns in the order in which they are tried, each with the kinds of results it is for.

Find = Callable[[Answer], Pattern | None]

VALUES: tuple[tuple[str, Find], ...] = (
    ("fib", all_zero),
    ("fib", equal_to_input),
    ("fib", constant),
    ("fib", negated),
    ("fi", one_factor),
    ("fi", one_offset),
    ("fi", by_rule),
    ("fi", by_input),
    ("f", affine),
)

PATTERNS: tuple[tuple[str, Find], ...] = (
    ("f", not_finite),
    ("f", finite_instead),
    *VALUES,
    ("fib", only_one),
    ("fib", transposed),
    ("fib", reversed_along),
    ("fib", shifted),
    ("fib", reordered),
    ("fi", clipped),
    ("fi", permuted),
    ("f", wrong_axis),
    ("fib", same_lines),
    ("fib", wrong_place),
    ("fib", right_place),
    ("fi", line_factors),
    ("fi", line_offsets),
    ("f", nearly_right),
    ("fib", how_many),
)
