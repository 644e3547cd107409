"""Shapes and scales of SVG, and HTML's elements: strings in which everything foreign is escaped."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from math import floor, log10
from typing import NamedTuple

CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, *range(55296, 57344)), "?")
VOID = ("meta", "path", "line", "rect", "circle", "br")


def plain(words: object) -> str:
    """Words as they stand between tags or in an attribute."""
    return escape(str(words).translate(CONTROLS))


def element(name: str, /, *inside: str, **attributes: object) -> str:
    """An element around markup. `class_` is the attribute class, `stroke_width` stroke-width."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{plain(short(value))}"'
        for key, value in attributes.items()
    )
    if not inside and name in VOID:
        return f"<{name}{written}/>"
    return f"<{name}{written}>{''.join(inside)}</{name}>"


def short(value: object) -> object:
    """A coordinate to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value


def text(words: object, x: float, y: float, **attributes: object) -> str:
    return element("text", plain(words), x=x, y=y, **attributes)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> str:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def rect(x: float, y: float, width: float, height: float, class_: str) -> str:
    return element("rect", x=x, y=y, width=width, height=height, class_=class_)


def circle(cx: float, cy: float, r: float, class_: str) -> str:
    return element("circle", cx=cx, cy=cy, r=r, class_=class_)


def path(points: Iterable[tuple[float, float]], class_: str) -> str:
    """Straight from point to point."""
    return element("path", d="M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points), class_=class_)


def picture(name: str, size: tuple[int, int], title: str, told: str, *inside: str) -> str:
    """An SVG that says what it shows, also to those who do not see it. name: unique on the page."""
    width, height = size
    return element(
        "svg",
        element("title", plain(title), id=f"{name}-title"),
        element("desc", plain(told), id=f"{name}-desc"),
        *inside,
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        style=f"max-width:{width}px",
    )


class Scale(NamedTuple):
    """From values to pixels."""

    low: float
    high: float
    begin: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / ((self.high - self.low) or 1)
        return self.begin + share * (self.end - self.begin)


def ticks(high: float, count: int = 4) -> list[float]:
    """0 and about `count` round values, the last one at or above `high`."""
    rough = max(high, 1e-9) / count
    power: float = 10 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    values = [0.0]
    while values[-1] < high * 0.999:
        values.append(len(values) * step)
    return values


class Frame(NamedTuple):
    """The two axes of a plot."""

    x: Scale
    y: Scale

    def rows(self, values: Sequence[float], label: Callable[[float], str]) -> str:
        """Horizontal lines, with their values on the left."""
        return "".join(
            line(self.x.begin, self.y(value), self.x.end, self.y(value), "grid")
            + text(label(value), self.x.begin - 6, self.y(value) + 4, class_="left")
            for value in values
        )

    def below(self, values: Iterable[tuple[float, str]]) -> str:
        """Labels under the plot."""
        y = max(self.y.begin, self.y.end) + 16
        return "".join(text(label, self.x(value), y, class_="middle") for value, label in values)


def percent(share: float) -> str:
    return f"{share:.0%}"


def number(value: float) -> str:
    """`12`, `0.4`"""
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")
