"""What will be known on the day, and how sure that is.

The memory model is fitted to the learner's own reviews for this, whether or not the fit is good
enough to schedule by: with the prior as it was published, and for people whose finger slips. What
is expected is the weighted mean of the probabilities of recall. How sure it is adds up on the
scale of log odds:

    weights    what the reviews leave open about the 21 weights (Laplace's covariance)
    cards      a card is easier or harder than its reviews tell; many cards even that out
    model      nobody forgets exactly as FSRS says; this evens out never
    ratings    with a plan, how the reviews to come may fall
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from interview_cli.scheduling import fsrs_arrays as fsrs
from interview_cli.scheduling.fit import (
    IN_LOGS,
    Assumed,
    Fit,
    History,
    fit,
    packed,
    predicted,
    stepped,
)
from interview_cli.scheduling.fsrs import LOWER, UPPER
from interview_cli.scheduling.fsrs_arrays import Array
from interview_cli.scheduling.plan import followed
from interview_cli.scheduling.plan.prices import best_prices
from interview_cli.scheduling.plan.problem import MOST_BLOCKS, Problem, in_blocks

LEVEL = 1.645  # standard deviations on either side hold 90 %
# Standard deviations of log odds, chosen so that the intervals of simulated learners hold what
# they should (docs/scheduling.md): how much cards differ beyond their reviews, and how far the
# model as a whole is off.
CARDS, MODEL = 0.5, 0.05
ASSUMED = Assumed(strength=1.0, slips=0.02)
DRAWS = 12
GOOD = 3


class Outlook(NamedTuple):
    """The expected share of what is recalled, and the interval that holds it in 9 of 10 cases."""

    expected: float
    low: float
    high: float


class Credit(NamedTuple):
    """What a card counts, of each card: `recalled` where it is recalled, `forgotten` where it is
    not. 1 and 0 but for code, which may be slower than its par, and of which a part may stand."""

    recalled: Array
    forgotten: Array

    def of(self, p: Array) -> Array:
        return self.forgotten + (self.recalled - self.forgotten) * p


class Group(NamedTuple):
    """Some of the cards, by place, and what each counts."""

    cards: NDArray[np.intp]
    weight: Array


def fitted(histories: Sequence[History]) -> Fit:
    """The memory model of this learner."""
    return fit(histories, ASSUMED)


def recalls(weights: Array, histories: Sequence[History], day: int) -> Array:
    """K × cards: the probability of recall on a study day after the last, by K × 21 weights; 0 for
    cards without reviews."""
    asked = [[*h, (max(day, h[-1][0] + 1), GOOD)] if h else [] for h in histories]
    reviews = packed(asked)
    lengths = np.array([len(h) for h in histories])
    is_asked = reviews.place == lengths[reviews.history]
    found = np.zeros((len(weights), len(histories)))
    found[:, reviews.history[is_asked]] = predicted(weights, reviews)[:, is_asked]
    return found


def left_alone(
    fit: Fit, histories: Sequence[History], day: int, credit: Credit, groups: Sequence[Group]
) -> list[Outlook]:
    """Of each group, if nothing more is learnt until that day."""
    center = np.array(fit.weights)
    nudge = 0.1 * np.sqrt(np.diag(fit.covariance))
    weights = np.vstack([center, center + np.diag(nudge)])
    p, *nudged = credit.of(recalls(weights, histories, day))
    slope = (np.array(nudged) - p) / nudge[:, None]  # 21 × cards
    found = []
    for cards, weight in groups:
        share = weight / weight.sum()
        toward = slope[:, cards] @ share
        found.append(outlook(p[cards], share, float(toward @ fit.covariance @ toward)))
    return found


def with_plan(
    fit: Fit,
    histories: Sequence[History],
    problem: Problem,
    credit: Credit,
    groups: Sequence[Group],
    rng: np.random.Generator,
) -> list[Outlook]:
    """Of each group, if the plan is followed. Whoever plans believes in the fit, whatever weights
    and memories the problem has; the truth may be any that the reviews leave possible."""
    weights = np.vstack([fit.weights, draws(fit, DRAWS, rng)])
    s, d = remembered(weights, histories)
    possible = [
        in_blocks(believed(problem, *memories), MOST_BLOCKS)
        for memories in zip(weights, s, d, strict=True)
    ]
    planned, *truths = possible
    prices = best_prices(planned, seed=0)
    courses = [followed(planned, prices, seed=0, truth=truth).recall for truth in truths]
    recall = credit.of(np.array(courses))  # truths × courses × cards
    found = []
    for cards, weight in groups:
        share = weight / weight.sum()
        means = recall[:, :, cards] @ share
        variance = means.mean(1).var(ddof=1) + means.var(axis=1, ddof=1).mean()
        found.append(outlook(recall.mean((0, 1))[cards], share, float(variance)))
    return found


def draws(fit: Fit, number: int, rng: np.random.Generator) -> Array:
    """number × 21: weights as they might be. Gaussian, and log-normal where the prior is; none
    beyond the clamps."""
    w = np.array(fit.weights)
    unit = np.where(np.arange(len(w)) < IN_LOGS, w, 1.0)
    steps = rng.multivariate_normal(0 * w, fit.covariance / np.outer(unit, unit), number)
    found = w + steps
    found[:, :IN_LOGS] = w[:IN_LOGS] * np.exp(steps[:, :IN_LOGS])
    return np.clip(found, LOWER, UPPER)


def believed(problem: Problem, w: Array, stability: Array, difficulty: Array) -> Problem:
    cards = replace(problem.cards, stability=stability, difficulty=difficulty)
    return problem._replace(cards=cards, w=w)


def remembered(weights: Array, histories: Sequence[History]) -> tuple[Array, Array]:
    """K × cards: S and D after all reviews, by K × 21 weights; of cards without any, 1 and 5."""
    w = fsrs.columns(weights)
    # One more review of each, which nothing follows: what stands before it is what we want.
    order = sorted((i for i, h in enumerate(histories) if h), key=lambda i: -len(histories[i]))
    reviews = packed([[*histories[i], (histories[i][-1][0] + 1, GOOD)] for i in order])
    shape = len(weights), len(histories)
    stability, difficulty = np.full(shape, 1.0), np.full(shape, 5.0)
    s = fsrs.initial_stability(w, reviews.first)
    d = fsrs.initial_difficulty(w, reviews.first)
    for step in reviews.steps:
        now, after = len(step.elapsed_days), len(step.rating)
        ended = order[after:now]
        stability[:, ended], difficulty[:, ended] = s[:, after:now], d[:, after:now]
        r = fsrs.retrievability(w, step.elapsed_days[:after], s[:, :after])
        s, d = stepped(w, s[:, :after], d[:, :after], r, step)
    return stability, difficulty


def outlook(p: Array, share: Array, variance: float) -> Outlook:
    """The mean of p with these shares; variance: of the mean, without what cards and model add."""
    steep = p * (1 - p)  # d p / d log odds
    mean = float(p @ share)
    variance += float(((CARDS * steep * share) ** 2).sum() + (MODEL * (steep @ share)) ** 2)
    if not 0 < mean < 1:
        return Outlook(mean, mean, mean)
    center, reach = np.log(mean / (1 - mean)), LEVEL * np.sqrt(variance) / (mean * (1 - mean))
    low, high = 1 / (1 + np.exp(-(center + np.array([-reach, reach]))))
    return Outlook(mean, float(low), float(high))
