"""FSRS-6 for many cards at once, in numpy: the equations of `fsrs.py`, in the same letters.

Every function takes w first: weights as `columns` gives them. For one person they are numbers and
the rest may have any shape; for K sets of weights, results are K × cards.
"""

import numpy as np
from numpy.typing import NDArray

from interview_cli.scheduling.fsrs import (
    MAX_DIFFICULTY,
    MAX_STABILITY,
    MIN_DIFFICULTY,
    MIN_STABILITY,
)

Array = NDArray[np.float64]


def columns(weights: object) -> Array:
    """21 weights as w[0] ... w[20]; of K × 21, each is a column of K that broadcasts over cards."""
    w = np.asarray(weights, float)
    return w if w.ndim == 1 else w.T[:, :, None]


def retrievability(w: Array, elapsed_days: Array, stability: Array) -> Array:
    """R(t, S)."""
    decay = -w[20]
    found: Array = (1 + (0.9 ** (1 / decay) - 1) * elapsed_days / stability) ** decay
    return found


def interval(w: Array, stability: Array, retention: float) -> Array:
    """The days after which R has fallen to `retention`."""
    decay = -w[20]
    found: Array = stability / (0.9 ** (1 / decay) - 1) * (retention ** (1 / decay) - 1)
    return found


def initial_stability(w: Array, rating: Array) -> Array:
    """S₀(G), of ratings of shape (cards,)."""
    s: Array = w[np.asarray(rating, int) - 1]
    return s if w.ndim == 1 else s[:, :, 0].T


def initial_difficulty(w: Array, rating: Array) -> Array:
    """D₀(G)."""
    return clamped_difficulty(raw_initial_difficulty(w, rating))


def raw_initial_difficulty(w: Array, rating: Array | float) -> Array:
    found: Array = w[4] - np.exp(w[5] * (rating - 1)) + 1
    return found


def next_difficulty(w: Array, difficulty: Array, rating: Array) -> Array:
    """D′(D, G)."""
    moved = difficulty - w[6] * (rating - 3) * (10 - difficulty) / 9
    return clamped_difficulty(w[7] * raw_initial_difficulty(w, 4.0) + (1 - w[7]) * moved)


def stability_after_recall(
    w: Array, difficulty: Array, stability: Array, r: Array, rating: Array
) -> Array:
    """S′ᵣ(D, S, R, G)."""
    growth = (
        np.exp(w[8])
        * (11 - difficulty)
        * stability ** -w[9]
        * (np.exp((1 - r) * w[10]) - 1)
        * np.where(rating == 2, w[15], 1.0)
        * np.where(rating == 4, w[16], 1.0)
    )
    return clamped_stability(stability * (1 + growth))


def stability_after_lapse(w: Array, difficulty: Array, stability: Array, r: Array) -> Array:
    """S′_f(D, S, R)."""
    long_term = (
        w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1) * np.exp((1 - r) * w[14])
    )
    short_term = stability / np.exp(w[17] * w[18])
    return clamped_stability(np.minimum(long_term, short_term))


def stability_same_day(w: Array, stability: Array, rating: Array) -> Array:
    """S′(S, G) for a second review on one day."""
    growth = np.exp(w[17] * (rating - 3 + w[18])) * stability ** -w[19]
    growth = np.where(rating >= 2, np.maximum(growth, 1.0), growth)
    return clamped_stability(stability * growth)


def reviewed(
    w: Array, difficulty: Array, stability: Array, r: Array, rating: Array
) -> tuple[Array, Array]:
    """D and S after a rating on a later day than the last."""
    recalled = stability_after_recall(w, difficulty, stability, r, rating)
    lapsed = stability_after_lapse(w, difficulty, stability, r)
    return next_difficulty(w, difficulty, rating), np.where(rating == 1, lapsed, recalled)


def clamped_stability(stability: Array) -> Array:
    return np.clip(stability, MIN_STABILITY, MAX_STABILITY)


def clamped_difficulty(difficulty: Array) -> Array:
    return np.clip(difficulty, MIN_DIFFICULTY, MAX_DIFFICULTY)
