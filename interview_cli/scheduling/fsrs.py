"""FSRS-6: the memory model, one method per equation, in the letters of its paper.

    R  retrievability   probability of recall now
    S  stability        days until R falls to 0.9
    D  difficulty       1 to 10
    G  rating           1 again, 2 hard, 3 good, 4 easy

https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm
"""

from collections.abc import Sequence
from math import exp, pow

# Defaults of FSRS-6, fitted to some 700 million reviews of 10 000 people.
WEIGHTS = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
    1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip
# What a fit keeps them between, both included: FSRS-6's own.
LOWER = (
    0.001, 0.001, 0.001, 0.001, 1.0, 0.001, 0.001, 0.001, 0.0, 0.0, 0.001,
    0.001, 0.001, 0.001, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.1,
)  # fmt: skip
UPPER = (
    100.0, 100.0, 100.0, 100.0, 10.0, 4.0, 4.0, 0.75, 4.5, 0.8, 3.5,
    5.0, 0.25, 0.9, 4.0, 1.0, 6.0, 2.0, 2.0, 0.8, 0.8,
)  # fmt: skip

# The upper one is nobody's: with w₁₉ = 0 the short-term equation knows no end, and ∞ · 0 is NaN.
MIN_STABILITY, MAX_STABILITY = 0.001, 1e100
MIN_DIFFICULTY, MAX_DIFFICULTY = 1.0, 10.0


class Fsrs:
    """The model with the weights of one person, w₀ to w₂₀. It never changes, and two with the
    same weights are equal. Beside them it holds what the equations need of the weights alone."""

    __slots__ = (
        "decay", "easy_pull", "factor", "lapse_divisor", "recall_factor", "same_day_factors",
        "weights",
    )  # fmt: skip
    weights: tuple[float, ...]
    decay: float
    factor: float
    easy_pull: float
    recall_factor: float
    lapse_divisor: float
    same_day_factors: tuple[float, ...]

    def __init__(self, weights: Sequence[float]) -> None:
        """Raises ValueError for what are not 21 numbers between LOWER and UPPER."""
        w = checked(weights)
        decay = -w[20]
        for name, value in (
            ("weights", w),
            ("decay", decay),
            ("factor", pow(0.9, 1 / decay) - 1),  # so that R = 0.9 at t = S
            ("recall_factor", exp(w[8])),
            ("lapse_divisor", exp(w[17] * w[18])),
            ("same_day_factors", tuple(exp(w[17] * (g - 3 + w[18])) for g in (1, 2, 3, 4))),
        ):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "easy_pull", w[7] * self.raw_initial_difficulty(4))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"an Fsrs never changes, nor does its {name}; make another")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fsrs) and self.weights == other.weights

    def __hash__(self) -> int:
        return hash(self.weights)

    def __repr__(self) -> str:
        return f"Fsrs({self.weights})"

    def retrievability(self, elapsed_days: float, stability: float) -> float:
        """R(t, S), the forgetting curve. At t = S it is 0.9 by definition."""
        return pow(1 + self.factor * elapsed_days / stability, self.decay)

    def interval(self, stability: float, retention: float) -> float:
        """The days after which R has fallen to `retention`: the forgetting curve, solved for t."""
        return stability / self.factor * (pow(retention, 1 / self.decay) - 1)

    def initial_stability(self, rating: int) -> float:
        """S₀(G)."""
        return self.weights[rating - 1]

    def initial_difficulty(self, rating: int) -> float:
        """D₀(G)."""
        return clamped_difficulty(self.raw_initial_difficulty(rating))

    def raw_initial_difficulty(self, rating: int) -> float:
        w = self.weights
        return w[4] - exp(w[5] * (rating - 1)) + 1

    def next_difficulty(self, difficulty: float, rating: int) -> float:
        """D′(D, G): moved by the rating, less so near 10, and drawn a little towards D₀(easy)."""
        w = self.weights
        moved = difficulty - w[6] * (rating - 3) * (10 - difficulty) / 9
        return clamped_difficulty(self.easy_pull + (1 - w[7]) * moved)

    def stability_after_recall(
        self, difficulty: float, stability: float, r: float, rating: int
    ) -> float:
        """S′ᵣ(D, S, R, G): grows most where the card is easy, young and almost forgotten."""
        w = self.weights
        hard_penalty = w[15] if rating == 2 else 1
        easy_bonus = w[16] if rating == 4 else 1
        growth = (
            self.recall_factor
            * (11 - difficulty)
            * pow(stability, -w[9])
            * (exp((1 - r) * w[10]) - 1)
            * hard_penalty
            * easy_bonus
        )
        return clamped_stability(stability * (1 + growth))

    def stability_after_lapse(self, difficulty: float, stability: float, r: float) -> float:
        """S′_f(D, S, R): never more than what *again* on the same day would leave."""
        w = self.weights
        long_term = (
            w[11] * pow(difficulty, -w[12]) * (pow(stability + 1, w[13]) - 1) * exp((1 - r) * w[14])
        )
        short_term = stability / self.lapse_divisor
        return clamped_stability(min(long_term, short_term))

    def stability_same_day(self, stability: float, rating: int) -> float:
        """S′(S, G) for a second review on one day; never falls unless the rating is *again*."""
        growth = self.same_day_factors[rating - 1] * pow(stability, -self.weights[19])
        if rating >= 2:
            growth = max(growth, 1.0)
        return clamped_stability(stability * growth)


def checked(weights: Sequence[float]) -> tuple[float, ...]:
    """The weights as they are. Raises ValueError unless they are 21 numbers within the bounds."""
    if len(weights) != len(WEIGHTS):
        raise ValueError(f"FSRS-6 has {len(WEIGHTS)} weights, not {len(weights)}")
    for number, (low, weight, high) in enumerate(zip(LOWER, weights, UPPER, strict=True)):
        if not low <= weight <= high:  # so no NaN passes
            raise ValueError(f"weight {number} is {weight}; it lies between {low} and {high}")
    return tuple(map(float, weights))


def clamped_stability(stability: float) -> float:
    return min(max(stability, MIN_STABILITY), MAX_STABILITY)


def clamped_difficulty(difficulty: float) -> float:
    return min(max(difficulty, MIN_DIFFICULTY), MAX_DIFFICULTY)


DEFAULT = Fsrs(WEIGHTS)
