"""Factors and offsets that mean something: 7/8, √64, ln 10, the size of an axis."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import e, gcd, log, pi, prod, sqrt
from typing import NamedTuple

from interview_cli.judge.pattern.evidence import Array
from interview_cli.judge.pattern.words import Words, short

LARGEST_DENOMINATOR = 12

Sizes = Mapping[int, Words]  # what a number is the size of


@dataclass(frozen=True)
class Constant:
    """A number as one writes it; `size` is the size of an axis that it was made from."""

    value: float
    text: str
    size: int = 0


class Said(NamedTuple):
    """`0.875 = 7/8`, and `; 8 is the size of axis 0 of x`."""

    number: str
    zh: str = ""
    en: str = ""


def said(constant: Constant, sizes: Sizes, is_negative: bool = False) -> Said:
    sign, decimal = "−" if is_negative else "", short(constant.value)
    number = sign + decimal
    if decimal != constant.text:
        is_exact = float(decimal) == constant.value
        number = f"{number} {'=' if is_exact else '≈'} {sign}{constant.text}"
    if not constant.size:
        return Said(number)
    zh, en = sizes[constant.size]
    return Said(number, f"；{constant.size} 是 {zh}", f"; {constant.size} is {en}")


def fraction(p: int, q: int, size: int = 0) -> Constant:
    return Constant(p / q, f"{p}" if q == 1 else f"{p}/{q}", size)


def factors(sizes: Sizes) -> Iterator[Constant]:
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
    yield from FACTORS


def usual_factors() -> Iterator[Constant]:
    """Those that have nothing to do with a size."""
    for value, text in ((log(2), "ln 2"), (sqrt(2), "√2"), (pi, "π"), (log(10), "ln 10"), (e, "e")):
        yield from (Constant(value, text), Constant(1 / value, f"1/{text}"))
    yield from (Constant(10.0**k, short(10.0**k)) for k in (1, -1, 2, -2, 3, -3))
    for total in range(3, 2 * LARGEST_DENOMINATOR):
        for p in range(1, total):
            if max(p, total - p) <= LARGEST_DENOMINATOR and gcd(p, total) == 1:
                yield fraction(p, total - p)
    yield from (Constant(sqrt(2 * pi), "√(2π)"), Constant(sqrt(2 / pi), "√(2/π)"))


FACTORS = tuple(usual_factors())


def offsets(sizes: Sizes) -> Iterator[Constant]:
    """The likely offsets; ln n lies between a logarithm of a mean and of a sum."""
    yield from (fraction(1, 1), fraction(1, 2), fraction(2, 1))
    yield from (Constant(log(n), f"ln {n}", n) for n in sizes if n > 1)


def sizes_of(right: Array, inputs: Mapping[str, Array]) -> Sizes:
    """What a number above 1 is the size of: of axes of one input, or else of the result."""
    named = [(Words(name, name), value.shape) for name, value in inputs.items()]
    found: dict[int, Words] = {}
    for of, shape in [*named, (Words("结果", "the result"), right.shape)]:
        for size in shape:
            axes = [str(axis) for axis, other in enumerate(shape) if other == size]
            zh = f"{of.zh} 轴 {'、'.join(axes)} 的大小"
            en = f"the size of {'axis' if len(axes) == 1 else 'axes'} {' and '.join(axes)}"
            found.setdefault(size, Words(zh, f"{en} of {of.en}"))
    for of, shape in named:
        words = Words(f"{of.zh} 的元素个数", f"the number of elements of {of.en}")
        found.setdefault(prod(shape), words)
    return {size: words for size, words in found.items() if size > 1}
