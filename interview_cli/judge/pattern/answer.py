"""What a detector is given, an answer beside the truth, and what it gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from interview_cli.judge.pattern.constants import Sizes, sizes_of
from interview_cli.judge.pattern.evidence import MOST_BITS, Array, Mask, apart, finite

ULPS = 16.0  # how far rounding alone may take a float from what a formula says
GLIMPSE = 16  # elements that are looked at first; most guesses fail there


@dataclass(frozen=True)
class Pattern:
    """What all the errors of an answer have in common; `name` is a slug."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True)
class Answer:
    """An answer beside the truth, both in float64. kind: f, i or b, of the dtype.

    allowed: the largest difference that is no error. grain: the relative rounding of the dtype.
    sizes: what a number is the size of.
    """

    mine: Array
    right: Array
    allowed: float
    kind: str
    grain: float
    inputs: Mapping[str, Array]
    sizes: Sizes

    @cached_property
    def wrong(self) -> Mask:
        return np.asarray(apart(self.mine, self.right) > self.allowed)

    @cached_property
    def largest(self) -> float:
        """The largest finite |right|."""
        return float(np.abs(finite(self.right)).max(initial=0.0))

    @property
    def blur(self) -> float:
        """How far off, relatively, a number found in the answer may be."""
        return self.grain + self.allowed / (self.largest or 1.0)

    @cached_property
    def glimpse(self) -> tuple[Array, Array]:
        """The flat indices of some wrong elements, from all over the answer, and what is there."""
        wrong = np.flatnonzero(self.wrong)
        some = wrong[:: wrong.size // GLIMPSE + 1]
        return some, self.mine.flat[some]

    def only(self, mask: Mask) -> "Answer":
        """The chosen elements, in one row."""
        inputs = {k: v[mask] for k, v in self.inputs.items() if v.shape == mask.shape}
        return replace(self, mine=self.mine[mask], right=self.right[mask], inputs=inputs)

    def tolerance(self, guess: Array, slack: Array | float = 0.0) -> Array:
        return np.asarray(self.allowed + slack + self.grain * finite(np.abs(guess)))

    def bits(
        self, guess: Array, slack: Array | float = 0.0, *rivals: Array | float
    ) -> Array | None:
        """How much each element speaks for the guess and against the truth and the rivals.

        `slack` is what the guess itself may be off by. None if it misses an element.
        """
        some, mine = self.glimpse
        few, their_slack = guess.flat[some], slack
        if isinstance(slack, np.ndarray):
            their_slack = np.broadcast_to(slack, guess.shape).flat[some]
        if misses(mine, few, self.tolerance(few, their_slack)):
            return None
        tolerance = self.tolerance(guess, slack)
        if misses(self.mine, guess, tolerance):
            return None
        distance = np.minimum.reduce([apart(guess, rival) for rival in (self.right, *rivals)])
        unit = np.maximum(tolerance, 1e-300 if self.kind == "f" else 0.5)
        return np.asarray(np.minimum(np.log2(1 + finite(distance) / unit), MOST_BITS))

    def times(self, factor: Array | float, *rivals: Array | float) -> Array | None:
        """The bits for this factor; zeros, and the rivals, are other explanations."""
        return self.bits(factor * self.right, np.abs(factor) * self.allowed, 0.0, *rivals)

    def once(self, bits: Array | None) -> Array | None:
        """Equal expected floats say the same of a rule for single values: one of them counts."""
        if self.kind != "f" or bits is None:
            return bits
        values = np.rint(self.right / self.allowed) if self.allowed else self.right
        repeated = np.ones(self.right.shape, bool)
        repeated.flat[np.unique(values, return_index=True)[1]] = False
        return np.where(repeated, np.minimum(bits, 0.0), bits)


def misses(mine: Array, guess: Array, tolerance: Array) -> bool:
    return bool((apart(mine, guess) > tolerance).any())


def answer_of(
    mine: Array, right: Array, allowed: float, inputs: Mapping[str, Array]
) -> Answer | None:
    """None for what is not a number."""
    mine, right = np.asarray(mine), np.asarray(right)
    kind = {"u": "i"}.get(right.dtype.kind, right.dtype.kind)
    if kind not in "fib" or mine.dtype.kind not in "fiub":
        return None
    arrays = {name: np.asarray(value) for name, value in inputs.items()}
    numbers = {name: value for name, value in arrays.items() if value.dtype.kind in "fiub"}
    steps = [float(np.finfo(x.dtype).eps) for x in (mine, right) if x.dtype.kind == "f"]
    return Answer(
        mine.astype(np.float64),
        right.astype(np.float64),
        float(allowed),
        kind,
        ULPS * max(steps, default=0.0),
        numbers,
        sizes_of(right, numbers),
    )


Detector = Callable[[Answer], Pattern | None]
Table = tuple[tuple[str, Detector], ...]  # each detector with the kinds of results it is for


def first(answer: Answer, table: Table) -> Pattern | None:
    """What the first detector says that recognises the answer."""
    found = (find(answer) for kinds, find in table if answer.kind in kinds)
    return next((pattern for pattern in found if pattern), None)
