"""Solutions small enough to be written down in a test, each with its spec."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from interview_cli.judge.exercise import Exercise
from interview_cli.judge.judging import judge, verdict_of
from interview_cli.judge.sheet import Sheet
from interview_cli.judge.subjects import Bank
from interview_cli.spec import Case, Convention, Mistake, Spec


@dataclass(frozen=True)
class Toy:
    """As catalogue.Solution, but in memory."""

    text: str
    proof: Spec
    others: tuple[Path, ...] = ()
    topic: str = "toy"
    name: str = "toy"

    def source(self):
        return self.text

    def spec(self):
        return self.proof

    def alternatives(self):
        return list(self.others)


def exercise(text, spec, seed=0):
    return Exercise(Toy(text, spec), seed)


def mistake(name, old, new, also=()):
    return Mistake(name, old, new, zh="。", en=".", card="none", also=also)


def convention(name, old, new, also=()):
    return Convention(name, old, new, zh="。", en=".", card="none", also=also)


def edited(text, *edits):
    """The source with each `old` replaced, which must be there."""
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text


def sheet_of(text, spec, seed=0):
    """The questions, with the solution as the oracle."""
    return Sheet(spec, Bank(text, spec), seed)


def is_accepted(sheet, text, question):
    """Whether code in this process answers one question rightly."""
    answer = sheet.ask(Bank(text, sheet.spec), question)
    return all(c.is_right for c in sheet.compare(question, answer))


def events(found, source, born, language="numpy", **options):
    return list(judge(found, source, language, born, **options))


def judged(text, spec, source, born, language="numpy", seed=0, **options):
    """The verdict on a submission."""
    return verdict_of(exercise(text, spec, seed), source, language, born, **options)


def mistakes_of(verdict):
    return [m.name for m in verdict.mistakes]


def conventions_of(verdict):
    return [c.name for c in verdict.conventions]


# A function with a gradient, whose every property is in sight.
SQUARE = '''"""Squares.

    y = s x²
"""
import numpy as np


def square(x, s=2.0):
    """x (N, D) -> y (N, D)."""
    return s * x * x


def square_backward(dy, x, s=2.0):
    """dy x (N, D) -> dx (N, D)."""
    return 2 * s * x * dy
'''


def draw_square(rng, shape=(3, 4), scale=1.0, **options):
    return {"x": scale * rng.normal(size=shape), **options}


SQUARE_SPEC = Spec(
    function="square",
    outputs=("y",),
    reference=lambda x, s=2.0: s * x * x,
    backward="square_backward",
    gradients=("x",),
    cases=(
        Case("plain", draw_square),
        Case("other s", lambda rng: draw_square(rng, s=3.0), stage="options"),
        Case("huge", lambda rng: draw_square(rng, scale=1e6), stage="stability"),
    ),
    mistakes=(
        mistake("cubed", "s * x * x\n", "s * x * x * x\n"),
        mistake("s-forgotten-on-the-way-back", "2 * s * x * dy", "2 * x * dy"),
    ),
)

# Mistakes and conventions that can be combined at will.
AFFINE = '''"""An affine map.

    y = b + s ⟨x, w⟩
"""
import numpy as np


def affine(x, w, b, s=2.0):
    """x (N, D), w (D,), b () -> y (N,)."""
    total = (x * w).sum(1)
    return s * total + b
'''

MEAN = mistake("mean", ".sum(1)", ".mean(1)")
NO_BIAS = mistake("no-bias", "+ b", "+ 0 * b")
S_TWICE = mistake("s-twice", "s * total", "s * s * total")
ABSOLUTE = mistake("absolute", "(x * w)", "abs(x * w)")
MINUS_BIAS = convention("minus-bias", "+ b", "- b")
DIVIDES = convention("divides", "s * total", "total / s")
HALF_W = convention("half-w", "x * w", "x * w / 2")


def draw_affine(rng, shape=(4, 3), **options):
    n, d = shape
    x, w, b = rng.normal(size=(n, d)), rng.normal(size=d), np.asarray(rng.normal())
    return {"x": x, "w": w, "b": b, **options}


AFFINE_SPEC = Spec(
    function="affine",
    outputs=("y",),
    reference=lambda x, w, b, s=2.0: s * (x * w).sum(1) + b,
    cases=(
        Case("plain", draw_affine),
        Case("wide", lambda rng: draw_affine(rng, (2, 7))),
        Case("other s", lambda rng: draw_affine(rng, s=3.0), stage="options"),
    ),
    mistakes=(MEAN, NO_BIAS, S_TWICE, ABSOLUTE),
    conventions=(MINUS_BIAS, DIVIDES, HALF_W),
)
