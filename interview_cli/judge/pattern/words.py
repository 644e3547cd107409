"""Numbers and axes as one names them, in both languages."""

from dataclasses import dataclass
from typing import NamedTuple


class Words(NamedTuple):
    """The same in Chinese and in English."""

    zh: str = ""
    en: str = ""


def short(value: float, blur: float = 0.0) -> str:
    """Four digits, or more where four would pass for a rounder number: 0.50003 is not 0.5.

    blur: how far off the value itself may be. The minus is a minus.
    """
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{value + 0.0:.0f}".replace("-", "−")
    for digits in range(4, 10):
        text, rounder = f"{value:.{digits}g}", f"{value:.{digits - 1}g}"
        is_the_value = abs(float(text) - value) <= max(blur, 1e-9 * abs(value))
        if is_the_value or float(text) != float(rounder):
            break
    return text.replace("e+", "e").replace("e0", "e").replace("e-0", "e-").replace("-", "−")


def value_of(number: float, kind: str) -> str:
    return str(bool(number)) if kind == "b" else short(number)


@dataclass(frozen=True)
class Axis:
    """What the slices along an axis are called: values, rows, columns, or indices of axis 2."""

    ndim: int
    number: int

    @property
    def line(self) -> Words | None:
        """A row or a column, of a matrix."""
        names = (Words("行", "row"), Words("列", "column"))
        return names[self.number] if self.ndim == 2 else None

    @property
    def of(self) -> Words:
        """Which axis an index is of, where there are several."""
        if self.ndim == 1:
            return Words()
        return Words(f"轴 {self.number} ", f" of axis {self.number}")

    def each(self) -> Words:
        if self.line:
            return Words(f"每一{self.line.zh}", f"each {self.line.en}")
        return Words(f"轴 {self.number} 的每个下标", f"each index of axis {self.number}")

    def all(self) -> Words:
        if self.ndim == 1:
            return Words("各个值", "the values")
        if self.line:
            return Words(f"各{self.line.zh}", f"the {self.line.en}s")
        return Words(f"轴 {self.number} 上的各个切片", f"the slices along axis {self.number}")

    def at(self, index: int, size: int) -> Words:
        """`in row 2 (counting from 0)`, `at the last index of axis 1`."""
        line, of = self.line, self.of
        if index in (0, size - 1):
            zh, en = ("最后", "last") if index else ("第", "first")
            if line:
                return Words(f"{zh}一{line.zh}", f"in the {en} {line.en}")
            return Words(f"{of.zh}{zh}一个下标", f"at the {en} index{of.en}")
        if line:
            return Words(f"下标为 {index} 的{line.zh}", f"in {line.en} {index} (counting from 0)")
        return Words(f"{of.zh}下标 {index} 处", f"at index {index}{of.en}")

    def since(self, index: int) -> Words:
        """`from row 2 on (counting from 0)`, `from index 2 of axis 1 on`."""
        if self.line:
            zh, en = self.line
            return Words(f"下标为 {index} 的{zh}及以后", f"from {en} {index} on (counting from 0)")
        return Words(f"{self.of.zh}下标 {index} 及以后", f"from index {index}{self.of.en} on")

    def before(self, index: int) -> Words:
        """`before row 2 (counting from 0)`, `before index 2 of axis 1`."""
        if self.line:
            zh, en = self.line
            return Words(f"下标为 {index} 的{zh}之前", f"before {en} {index} (counting from 0)")
        return Words(f"{self.of.zh}下标 {index} 之前", f"before index {index}{self.of.en}")

    def parity(self, odd: int) -> Words:
        """`in the rows of odd index`, `at the even indices of axis 1`."""
        zh, en = ("奇数", "odd") if odd else ("偶数", "even")
        if self.line:
            return Words(f"下标为{zh}的{self.line.zh}", f"in the {self.line.en}s of {en} index")
        return Words(f"{self.of.zh}{zh}下标处", f"at the {en} indices{self.of.en}")
