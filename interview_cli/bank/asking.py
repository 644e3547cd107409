"""One asking of one card: what chance gave it, and whether a typed answer is right.

Pure: everything random comes from a `random.Random` that is passed in.
"""

import math
import re
from collections.abc import Mapping
from random import Random
from types import MappingProxyType
from typing import NamedTuple
from unicodedata import normalize

from interview_cli.bank.marks import FORMULA, GAP, NAME_IN_BRACES
from interview_cli.bank.model import (
    AnyCard,
    Choice,
    Cloze,
    Derive,
    Numeric,
    Range,
    Recall,
    Text,
    Words,
)

Number = int | float


class Asked(NamedTuple):
    """A card as it is asked this time. order: which option stands where. numbers: what the names
    in braces mean."""

    card: AnyCard
    order: tuple[int, ...] = ()
    numbers: Mapping[str, Number] = MappingProxyType({})

    def fill(self, words: Words) -> Words:
        """The words with the names in braces replaced, outside formulas."""
        if not self.numbers:
            return words
        if isinstance(words, str):
            return filled(words, self.numbers)
        return Text(filled(words.zh, self.numbers), filled(words.en, self.numbers))


def ask(card: AnyCard, rng: Random) -> Asked:
    """Shuffles the options, draws the numbers."""
    match card:
        case Choice():
            order = list(range(len(card.options)))
            rng.shuffle(order)
            return Asked(card, tuple(order))
        case Numeric():
            return Asked(card, numbers={name: pick(d, rng) for name, d in card.draw.items()})
        case _:
            return Asked(card)


def pick(draw: tuple[Number, ...] | Range, rng: Random) -> Number:
    """One value of a list, or of a range with both ends."""
    if isinstance(draw, Range):
        steps = math.floor((draw.stop - draw.start) / draw.step + 1e-9)
        value = draw.start + draw.step * rng.randint(0, steps)
        return value if isinstance(value, int) else float(f"{value:.12g}")
    return rng.choice(draw)


def filled(text: str, numbers: Mapping[str, Number]) -> str:
    """The text with {name} replaced; formulas keep their braces."""

    def value(match: re.Match[str]) -> str:
        return shown(numbers[match[1]]) if match[1] in numbers else match[0]

    parts, position = [], 0
    for formula in FORMULA.finditer(text):
        parts.append(NAME_IN_BRACES.sub(value, text[position : formula.start()]))
        parts.append(formula[0])
        position = formula.end()
    parts.append(NAME_IN_BRACES.sub(value, text[position:]))
    return "".join(parts)


def shown(number: Number) -> str:
    """A number as a person writes it."""
    return str(number) if isinstance(number, int) else f"{number:.6g}"


def parts(card: AnyCard) -> int:
    """How many pieces are revealed one after another: gaps of a cloze, steps of a derivation."""
    match card:
        case Cloze():
            return len(GAP.findall(card.ask.en))
        case Derive():
            return len(card.steps)
        case _:
            return 0


def ticks(card: AnyCard) -> int:
    """How many things the learner may tick: points, gaps or steps."""
    return len(card.points) if isinstance(card, Recall) else parts(card)


def number_of(typed: str) -> float | None:
    """A typed number: 1,536, 1e-3, 3/4, 12%, full-width digits too; None if it is none."""
    text = normalize("NFKC", typed).replace(",", "").replace("_", "").replace("−", "-").strip()
    percent = text.endswith("%")
    text = text.removesuffix("%").strip()
    over, slash, under = text.partition("/")
    try:
        value = float(over) / float(under) if slash else float(over)
    except (ValueError, ZeroDivisionError):
        return None
    if not math.isfinite(value):
        return None
    return value / 100 if percent else value


def is_close(typed: float, right: float, tolerance: float) -> bool:
    """Within the card's relative tolerance; exact answers may still be rounded to 12 digits."""
    return abs(typed - right) <= max(tolerance, 1e-12) * abs(right) or typed == right


def is_printed(typed: str, prints: str) -> bool:
    """Whether this is what the snippet prints; spaces at the ends of lines do not count."""
    return lines_of(typed) == lines_of(prints)


def lines_of(text: str) -> list[str]:
    return [line.rstrip() for line in normalize("NFC", text).strip("\n").split("\n")]
