"""FSRS-6: the memory model, one function per equation, in the letters of its paper.

    R  retrievability   probability of recall now
    S  stability        days until R falls to 0.9
    D  difficulty       1 to 10
    G  rating           1 again, 2 hard, 3 good, 4 easy

https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm
"""

from math import exp, pow

# Defaults of FSRS-6, fitted to some 700 million reviews of 10 000 people.
WEIGHTS = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
    1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip
w = WEIGHTS

DECAY = -w[20]
FACTOR = pow(0.9, 1 / DECAY) - 1  # so that R = 0.9 at t = S

MIN_STABILITY = 0.001
MIN_DIFFICULTY, MAX_DIFFICULTY = 1.0, 10.0


def retrievability(elapsed_days: float, stability: float) -> float:
    """R(t, S), the forgetting curve. At t = S it is 0.9 by definition."""
    return pow(1 + FACTOR * elapsed_days / stability, DECAY)


def interval(stability: float, retention: float) -> float:
    """The days after which R has fallen to `retention`: the forgetting curve, solved for t."""
    return stability / FACTOR * (pow(retention, 1 / DECAY) - 1)


def initial_stability(rating: int) -> float:
    """S₀(G)."""
    return max(w[rating - 1], MIN_STABILITY)


def initial_difficulty(rating: int) -> float:
    """D₀(G)."""
    return clamped_difficulty(raw_initial_difficulty(rating))


def raw_initial_difficulty(rating: int) -> float:
    return w[4] - exp(w[5] * (rating - 1)) + 1


def next_difficulty(difficulty: float, rating: int) -> float:
    """D′(D, G): moved by the rating, less so near 10, and drawn a little towards D₀(easy)."""
    moved = difficulty - w[6] * (rating - 3) * (10 - difficulty) / 9
    return clamped_difficulty(w[7] * raw_initial_difficulty(4) + (1 - w[7]) * moved)


def clamped_difficulty(difficulty: float) -> float:
    return min(max(difficulty, MIN_DIFFICULTY), MAX_DIFFICULTY)


def stability_after_recall(difficulty: float, stability: float, r: float, rating: int) -> float:
    """S′ᵣ(D, S, R, G): grows most where the card is easy, young and almost forgotten."""
    hard_penalty = w[15] if rating == 2 else 1
    easy_bonus = w[16] if rating == 4 else 1
    growth = (
        exp(w[8])
        * (11 - difficulty)
        * pow(stability, -w[9])
        * (exp((1 - r) * w[10]) - 1)
        * hard_penalty
        * easy_bonus
    )
    return max(stability * (1 + growth), MIN_STABILITY)


def stability_after_lapse(difficulty: float, stability: float, r: float) -> float:
    """S′_f(D, S, R): never more than what *again* on the same day would leave."""
    long_term = (
        w[11] * pow(difficulty, -w[12]) * (pow(stability + 1, w[13]) - 1) * exp((1 - r) * w[14])
    )
    short_term = stability / exp(w[17] * w[18])
    return max(min(long_term, short_term), MIN_STABILITY)


def stability_same_day(stability: float, rating: int) -> float:
    """S′(S, G) for a second review on one day; never falls unless the rating is *again*."""
    growth = exp(w[17] * (rating - 3 + w[18])) * pow(stability, -w[19])
    if rating >= 2:
        growth = max(growth, 1.0)
    return max(stability * growth, MIN_STABILITY)
