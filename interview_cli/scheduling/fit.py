"""FSRS-6's weights, fitted to one learner's own reviews.

Reviews on a later day than the last one test the model: they are recalled, or rated again. The
weights found are the most probable ones after a prior around the defaults, which is Gaussian, in
logarithms for the four initial stabilities. With few reviews the prior decides, with many the
reviews; there is no number from which on.
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from interview_cli.scheduling import fsrs_arrays as fsrs
from interview_cli.scheduling.fsrs import LOWER, UPPER, WEIGHTS
from interview_cli.scheduling.fsrs_arrays import Array

# The reviews (study day, rating) of one card in order, without cramming and what was undone.
History = Sequence[tuple[int, int]]
Indices = NDArray[np.intp]

COUNT = len(WEIGHTS)
IN_LOGS = 4
# How much the weights differ between people: standard deviations, as published with the defaults
# at https://github.com/open-spaced-repetition/fsrs-optimizer; of the first four it is that of
# their logarithms, for 6.43 and 27.85 days around 0.2 and 8.3 are no Gaussian.
SPREAD: Array = np.array(
    (1.0, 1.0, 1.0, 1.0, 0.57, 0.28, 0.6, 0.12, 0.39, 0.18, 0.33,
     0.3, 0.09, 0.16, 0.57, 0.25, 1.03, 0.31, 0.32, 0.14, 0.27)
)  # fmt: skip
# The prior's precision, in units of SPREAD. On 220 simulated learners of three kinds, with other
# seeds than the benchmark's, a fit to so many reviews changed the expected log loss of the next
# 1 000 by
#
#     precision      0.5        1        2        4        8
#         100     +0.0016  -0.0045  -0.0052  -0.0043  -0.0029
#         300     -0.0102  -0.0128  -0.0132  -0.0120  -0.0096
#       1 000     -0.0236  -0.0241  -0.0236  -0.0220  -0.0194
#       3 000     -0.0286  -0.0286  -0.0284  -0.0277  -0.0262
PRIOR_STRENGTH = 2.0
HELD_OUT = 0.2
LEAST_HELD_OUT = 8  # with fewer it would be a coin that decides

ITERATIONS = 8
DAMPINGS = (1e-4, 1e-2, 0.3, 10.0)
ENOUGH = 1e-3  # nats over all reviews: a step that gains less is the last
NUDGE = 1e-5  # of SPREAD, for the slopes
LEAST_CHANCE = 1e-6  # no prediction is surer than that


class Fit(NamedTuple):
    """The most probable weights. covariance: of the weights, 21 × 21, after Laplace. log_loss:
    mean of the `reviews` that test the model, in nats; 0 for none."""

    weights: tuple[float, ...]
    covariance: Array
    log_loss: float
    reviews: int


class Judged(NamedTuple):
    """Weights before reviews that they were not fitted to. log_loss: mean, in nats. recall: the
    mean of their predictions."""

    weights: tuple[float, ...]
    log_loss: float
    recall: float

    @property
    def first_good_days(self) -> float:
        """Days until R = 0.9 after a first *good*."""
        return self.weights[2]


class Optimized(NamedTuple):
    """Two sets of weights and which is better. reviews: how many test the model; held_out: how
    many of them, the last ones, judge the weights; recalled: the share of these that was."""

    current: Judged
    candidate: Judged
    reviews: int
    held_out: int
    recalled: float

    @property
    def is_adopted(self) -> bool:
        return self.candidate.log_loss < self.current.log_loss

    @property
    def weights(self) -> tuple[float, ...]:
        """The weights to go on with."""
        return self.candidate.weights if self.is_adopted else self.current.weights


class TooFew(NamedTuple):
    """Nothing can be held out, so nothing is adopted. reviews: how many test the model."""

    weights: tuple[float, ...]
    reviews: int


class Assumed(NamedTuple):
    """What is taken for granted. strength: of the prior. slips: how often what was recalled is
    rated again, and what was forgotten is not; without them one slip on an easy card counts as
    much as it would surprise."""

    strength: float = PRIOR_STRENGTH
    slips: float = 0.0

    def rated(self, recall: Array) -> Array:
        """The probability of a rating above again."""
        return self.slips + (1 - 2 * self.slips) * recall


def fit(histories: Sequence[History], assumed: Assumed | None = None) -> Fit:
    """The most probable weights after all these reviews."""
    assumed = assumed or Assumed()
    reviews = packed(histories)
    z = most_probable(reviews, assumed)
    weights = weights_at(z)
    loss = log_losses(predicted(weights[None], reviews), reviews.recalled)[0]
    count = len(reviews.recalled)
    return Fit(plain(weights), laplace(z, reviews, assumed), float(loss) / max(count, 1), count)


def optimized(histories: Sequence[History], current: Sequence[float]) -> Optimized | TooFew:
    """Fits weights to the earlier reviews and judges them, beside the current ones, by the later
    ones: at least a fifth, in whole days, each predicted with all that was before it.

    The candidate is adopted only if it is better there, and as it was judged: fitting once more
    to everything would be a little better in the mean, but nobody could tell if it was for this
    learner, and the next fit would be judged by reviews that the current weights have seen.
    """
    reviews = packed(histories)
    count = len(reviews.day)
    cut = np.quantile(reviews.day, 1 - HELD_OUT, method="higher") if count else 0.0
    is_later = reviews.day >= cut
    if is_later.sum() < LEAST_HELD_OUT:
        return TooFew(plain(current), count)
    candidate = weights_at(most_probable(packed([before(h, cut) for h in histories]), Assumed()))
    p = predicted(np.array([current, candidate]), reviews)[:, is_later]
    recalled = reviews.recalled[is_later]
    return Optimized(
        judged(current, p[0], recalled),
        judged(candidate, p[1], recalled),
        count,
        len(recalled),
        float(recalled.mean()),
    )


def judged(weights: Sequence[float] | Array, p: Array, recalled: Array) -> Judged:
    return Judged(plain(weights), float(log_losses(p, recalled)) / len(p), float(p.mean()))


def before(history: History, cut: float) -> History:
    """The reviews before that day; where a clock was set back, before it first came."""
    return list(takewhile(lambda review: review[0] < cut, history))


def plain(weights: Sequence[float] | Array) -> tuple[float, ...]:
    return tuple(map(float, weights))


class Step(NamedTuple):
    """The t-th review of every card that has so many. elapsed_days: of n cards, 0 on one day.
    scored: those of them that test the model. The rest is of the cards with a next review, the
    first of the n: their ratings, and which of them take which equation."""

    elapsed_days: Array
    scored: Indices
    rating: Array
    same_day: Indices
    recalled: Indices
    lapsed: Indices


class Reviews(NamedTuple):
    """Histories side by side, longest first. first: the first ratings. Then of each review that
    tests the model, step by step: whether it was recalled, 0 or 1; its day, or the latest that the
    card had seen by then; the index of its history and its place in there."""

    first: Array
    steps: list[Step]
    recalled: Array
    day: Array
    history: Indices
    place: Indices


def packed(histories: Sequence[History]) -> Reviews:
    """Histories as arrays. No interval is negative: a clock set back makes it the same day."""
    order = sorted((i for i, h in enumerate(histories) if h), key=lambda i: -len(histories[i]))
    lengths = np.array([len(histories[i]) for i in order], int)
    places = np.arange(lengths[0] if order else 0)
    is_there = places[:, None] < lengths  # reviews × cards, as are all below
    flat = [review for i in order for review in histories[i]]
    day, rating = np.zeros(is_there.shape), np.zeros(is_there.shape)
    day.T[is_there.T], rating.T[is_there.T] = np.array(flat, float).reshape(-1, 2).T
    elapsed_days = np.maximum(np.diff(day, axis=0, prepend=day[:1]), 0.0)
    place, card = np.nonzero(is_there & (elapsed_days > 0))
    return Reviews(
        rating[0] if order else np.zeros(0),
        list(steps(elapsed_days, rating, is_there.sum(1))),
        (rating[place, card] > 1).astype(float),
        np.maximum.accumulate(day, axis=0)[place, card],
        np.array(order, np.intp)[card],
        place,
    )


def steps(elapsed_days: Array, rating: Array, counts: Indices) -> Iterator[Step]:
    """All reviews after the first ones. counts: how many cards have so many."""
    for t in range(1, len(counts)):
        now, after = counts[t], counts[t + 1] if t + 1 < len(counts) else 0
        is_later = elapsed_days[t, :now] > 0
        grade = rating[t, :after]
        yield Step(
            elapsed_days[t, :now],
            np.flatnonzero(is_later),
            grade,
            np.flatnonzero(~is_later[:after]),
            np.flatnonzero(is_later[:after] & (grade > 1)),
            np.flatnonzero(is_later[:after] & (grade == 1)),
        )


def predicted(weights: Array, reviews: Reviews) -> Array:
    """Of K × 21 weights, K × the reviews that test the model: the probability of recall."""
    w = fsrs.columns(weights)
    s = fsrs.initial_stability(w, reviews.first)
    d = fsrs.initial_difficulty(w, reviews.first)
    found = np.empty((len(weights), len(reviews.recalled)))
    end = 0
    for step in reviews.steps:
        begin, end = end, end + len(step.scored)
        now, after = len(step.elapsed_days), len(step.rating)
        r = fsrs.retrievability(w, step.elapsed_days, s[:, :now])
        found[:, begin:end] = r[:, step.scored]
        s, d = stepped(w, s[:, :after], d[:, :after], r[:, :after], step)
    return np.clip(found, LEAST_CHANCE, 1 - LEAST_CHANCE)


def stepped(w: Array, s: Array, d: Array, r: Array, step: Step) -> tuple[Array, Array]:
    """S and D after a step, each by the equation that it takes."""
    rating, found = step.rating, np.empty(s.shape)
    if (i := step.same_day).size:
        found[:, i] = fsrs.stability_same_day(w, s[:, i], rating[i])
    if (i := step.recalled).size:
        found[:, i] = fsrs.stability_after_recall(w, d[:, i], s[:, i], r[:, i], rating[i])
    if (i := step.lapsed).size:
        found[:, i] = fsrs.stability_after_lapse(w, d[:, i], s[:, i], r[:, i])
    return found, fsrs.next_difficulty(w, d, rating)


def log_losses(p: Array, recalled: Array) -> Array:
    """Of K × reviews, the sum of each of K, in nats."""
    found: Array = -np.where(recalled > 0, np.log(p), np.log1p(-p)).sum(-1)
    return found


# z: weights in units of the prior, 0 at the defaults.


def weights_at(z: Array) -> Array:
    """... × 21, within the clamps."""
    step = z * SPREAD
    found: Array = WEIGHTS + step
    found[..., :IN_LOGS] = WEIGHTS[:IN_LOGS] * np.exp(step[..., :IN_LOGS])
    return np.clip(found, np.array(LOWER), np.array(UPPER))


def coordinates(weights: Array) -> Array:
    """z of 21 weights."""
    step: Array = weights - WEIGHTS
    step[:IN_LOGS] = np.log(weights[:IN_LOGS] / WEIGHTS[:IN_LOGS])
    return step / SPREAD


def units(weights: Array) -> Array:
    """What a weight moves by for a small step in its coordinate, per SPREAD."""
    return np.concatenate([weights[:IN_LOGS], np.ones(COUNT - IN_LOGS)])


LOWEST, HIGHEST = coordinates(np.array(LOWER)), coordinates(np.array(UPPER))


def most_probable(reviews: Reviews, assumed: Assumed) -> Array:
    """z of the largest posterior probability, by Gauss-Newton steps; of several dampings after
    Levenberg, the best is taken."""
    z: Array = np.zeros(COUNT)
    value = improbability(z[None], reviews, assumed)[0]
    for _ in range(ITERATIONS):
        gradient, curvature = slopes(z, reviews, assumed)
        tried = np.array([moved(z, gradient, curvature, damping) for damping in DAMPINGS])
        values = improbability(tried, reviews, assumed)
        best = values.argmin()
        if not values[best] < value - ENOUGH:
            break
        z, value = tried[best], values[best]
    return z


def improbability(z: Array, reviews: Reviews, assumed: Assumed) -> Array:
    """Of K × 21, minus the logarithm of each posterior, but for a constant."""
    rated = assumed.rated(predicted(weights_at(z), reviews))
    loss = log_losses(rated, reviews.recalled)
    found: Array = loss + assumed.strength * (z**2).sum(-1) / 2
    return found


def slopes(z: Array, reviews: Reviews, assumed: Assumed) -> tuple[Array, Array]:
    """Gradient and expected curvature (Fisher's) of the improbability: 21 and 21 × 21."""
    nudge = np.where(z + NUDGE > HIGHEST, -NUDGE, NUDGE)
    tried = weights_at(z + np.vstack([np.zeros(COUNT), np.diag(nudge)]))
    p, *nudged = assumed.rated(predicted(tried, reviews))
    slope = (np.array(nudged) - p) / nudge[:, None]  # 21 × reviews
    slope /= np.sqrt(p * (1 - p))
    residual = (reviews.recalled - p) / np.sqrt(p * (1 - p))
    # Not by BLAS, whose threads make this thin product slower on a busy machine.
    gradient = assumed.strength * z - np.einsum("ir,r->i", slope, residual)
    curvature = assumed.strength * np.eye(COUNT) + np.einsum("ir,jr->ij", slope, slope)
    return gradient, curvature


def moved(z: Array, gradient: Array, curvature: Array, damping: float) -> Array:
    """One step down, within the clamps; a weight that would only be pressed against one stays."""
    is_free = ~((z <= LOWEST) & (gradient > 0) | (z >= HIGHEST) & (gradient < 0))
    damped = curvature + damping * np.diag(np.diag(curvature))
    step = np.zeros(COUNT)
    step[is_free] = np.linalg.solve(damped[np.ix_(is_free, is_free)], gradient[is_free])
    return np.clip(z - step, LOWEST, HIGHEST)


def laplace(z: Array, reviews: Reviews, assumed: Assumed) -> Array:
    """The covariance of the Gaussian that touches the posterior at z: the inverse of the
    curvature, in weights."""
    _, curvature = slopes(z, reviews, assumed)
    unit = units(weights_at(z)) * SPREAD
    found: Array = np.linalg.inv(curvature) * np.outer(unit, unit)
    return found
