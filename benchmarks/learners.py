"""Simulated learners: people with hidden memories, who answer as people do.

They are there to check claims about plans and weights, so they share no assumption with what makes
those: neither one forgetting curve for all, nor equal cards, nor honest ratings.

    fsrs         FSRS-6 with weights of this person's own
    power        a power law with another exponent, and memories that grow in their own way
    exponential  R = 0.9^(t/S), memories that grow in the same way
"""

from statistics import NormalDist
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from interview_cli.scheduling import fsrs_arrays as fsrs
from interview_cli.scheduling.fsrs import LOWER, UPPER, WEIGHTS
from interview_cli.scheduling.fsrs_arrays import Array

Cards = NDArray[np.intp]
History = list[tuple[int, int]]

KINDS = ("fsrs", "power", "exponential")
# Between people, as published with the defaults: the standard deviation of each weight.
# https://github.com/open-spaced-repetition/fsrs-optimizer
SPREAD = (
    6.43, 9.66, 17.58, 27.85, 0.57, 0.28, 0.6, 0.12, 0.39, 0.18, 0.33,
    0.3, 0.09, 0.16, 0.57, 0.25, 1.03, 0.31, 0.32, 0.14, 0.27,
)  # fmt: skip
# Initial stabilities are log-normal: what all four of a person share, and what each adds.
SHARED_LOG_SPREAD, OWN_LOG_SPREAD = 0.8, 0.6

# Shares of again, hard, good, easy at first sight; of hard, good, easy among later recalls.
FIRST = (0.25, 0.10, 0.50, 0.15)
LATER = (0.10 / 0.75, 0.50 / 0.75, 0.15 / 0.75)


class Habits(NamedTuple):
    """How a person rates. first, later: as FIRST and LATER. slip: how often something recalled is
    rated again; guess: something forgotten is rated good. soon: the probability of recall minutes
    after a review. bias: the correlation of ratings with how easy the card is."""

    first: tuple[float, ...] = FIRST
    later: tuple[float, ...] = LATER
    slip: float = 0.0
    guess: float = 0.0
    soon: float = 1.0
    bias: float = 0.0


def drawn_habits(rng: np.random.Generator) -> Habits:
    return Habits(
        first=tuple(rng.dirichlet(np.multiply(FIRST, 25))),
        later=tuple(rng.dirichlet(np.multiply(LATER, 25))),
        slip=rng.uniform(0.01, 0.04),
        guess=rng.uniform(0.01, 0.04),
        soon=rng.uniform(0.85, 0.99),
        bias=0.5,
    )


class Memories(Protocol):
    """Hidden memories of cards, by index. elapsed_days: at least 1."""

    def recall(self, elapsed_days: Array) -> Array:
        """Of all cards, the probability of recall."""

    def begin(self, cards: Cards, rating: Array) -> None: ...

    def review(self, cards: Cards, elapsed_days: Array, rating: Array) -> None: ...

    def repeat(self, cards: Cards, rating: Array) -> None:
        """A review on the day of the last one."""


class FsrsMemories:
    """FSRS-6. ease: of each card, standard normal; 0 for all: nothing but FSRS-6."""

    def __init__(self, weights: Array, ease: Array) -> None:
        self.w, self.ease = weights, ease
        self.stability, self.difficulty = np.ones(len(ease)), np.ones(len(ease))

    def recall(self, elapsed_days: Array) -> Array:
        return fsrs.retrievability(self.w, elapsed_days, self.stability)

    def begin(self, cards: Cards, rating: Array) -> None:
        ease = self.ease[cards]
        self.stability[cards] = fsrs.initial_stability(self.w, rating) * np.exp(0.3 * ease)
        difficulty = fsrs.initial_difficulty(self.w, rating) - ease
        self.difficulty[cards] = fsrs.clamped_difficulty(difficulty)

    def review(self, cards: Cards, elapsed_days: Array, rating: Array) -> None:
        s, d = self.stability[cards], self.difficulty[cards]
        r = fsrs.retrievability(self.w, elapsed_days, s)
        self.difficulty[cards], self.stability[cards] = fsrs.reviewed(self.w, d, s, r, rating)

    def repeat(self, cards: Cards, rating: Array) -> None:
        s, d = self.stability[cards], self.difficulty[cards]
        self.stability[cards] = fsrs.stability_same_day(self.w, s, rating)
        self.difficulty[cards] = fsrs.next_difficulty(self.w, d, rating)


class GrowingMemories:
    """Memories that each recall multiplies: more so for an easy card, a long wait and a young
    memory. A lapse leaves a root of the stability, and makes the card harder for good.

    exponent: of the power law; infinite: exponential forgetting.
    """

    GRADES = np.array([0.0, 0.0, 0.6, 1.0, 1.5])

    def __init__(self, exponent: float, ease: Array, rng: np.random.Generator) -> None:
        self.exponent, self.ease = exponent, ease.copy()
        level = rng.normal(0, SHARED_LOG_SPREAD)
        steps = np.exp(level + rng.normal(0, 0.4, 4)) * (0.5, 1.0, 3.0, 9.0)
        self.first = np.sort(steps)
        self.gain = 1.6 * np.exp(rng.normal(0, 0.4))
        self.spacing = rng.uniform(0.3, 1.0)
        self.fatigue = rng.uniform(0.05, 0.25)
        self.left, self.root = 0.8 * np.exp(rng.normal(0, 0.4)), rng.uniform(0.1, 0.5)
        self.stability = np.ones(len(ease))

    def recall(self, elapsed_days: Array) -> Array:
        return self.curve(elapsed_days / self.stability)

    def curve(self, wait: Array) -> Array:
        """R after `wait` stabilities; 0.9 after one."""
        found: Array
        if np.isinf(self.exponent):
            found = 0.9**wait
        else:
            factor = 0.9 ** (-1 / self.exponent) - 1
            found = (1 + factor * wait) ** -self.exponent
        return found

    def begin(self, cards: Cards, rating: Array) -> None:
        first = self.first[rating.astype(int) - 1]
        self.stability[cards] = first * np.exp(0.4 * self.ease[cards])

    def review(self, cards: Cards, elapsed_days: Array, rating: Array) -> None:
        s = self.stability[cards]
        forgotten = 1 - self.curve(elapsed_days / s)
        spacing = np.minimum(forgotten / 0.1, 4.0) ** self.spacing
        gain = self.gain * np.exp(0.3 * self.ease[cards]) * self.GRADES[rating.astype(int)]
        grown = s * (1 + gain * spacing * s**-self.fatigue)
        lapsed = np.minimum(s, self.left * s**self.root)
        self.stability[cards] = np.where(rating == 1, lapsed, grown)
        self.ease[cards] -= np.where(rating == 1, 0.2, 0.0)

    def repeat(self, cards: Cards, rating: Array) -> None:
        self.stability[cards] *= np.where(rating == 1, 0.8, 1.1)


class Learner:
    """One person and so many cards, none of them seen.

    log: a triple (card, day, rating) for each review. odds: for each the probability, a moment
    before, that it would be rated above again.
    """

    def __init__(
        self, memories: Memories, habits: Habits, ease: Array, rng: np.random.Generator
    ) -> None:
        self.memories, self.habits, self.ease, self.rng = memories, habits, ease, rng
        self.first, self.later = thresholds(habits.first), thresholds(habits.later)
        self.last_day = np.zeros(len(ease), int)
        self.is_seen = np.zeros(len(ease), bool)
        self.log: list[tuple[int, int, int]] = []
        self.odds: list[float] = []

    @classmethod
    def drawn(cls, kind: str, cards: int, rng: np.random.Generator) -> "Learner":
        """A person with slips, whose cards are not equally hard."""
        ease = rng.normal(size=cards)
        memories: Memories
        if kind == "fsrs":
            memories = FsrsMemories(drawn_weights(rng), ease)
        else:
            exponent = rng.uniform(0.2, 1.0) if kind == "power" else np.inf
            memories = GrowingMemories(exponent, ease, rng)
        return cls(memories, drawn_habits(rng), ease, rng)

    @classmethod
    def plain(cls, cards: int, rng: np.random.Generator) -> "Learner":
        """FSRS-6 with its default weights, and ratings that are never wrong."""
        ease = np.zeros(cards)
        return cls(FsrsMemories(np.array(WEIGHTS), ease), Habits(), ease, rng)

    def recall(self, day: int) -> Array:
        """Of each card, the probability of recall on that day; 0 for one never seen."""
        elapsed = day - self.last_day
        later = self.memories.recall(np.maximum(elapsed, 1.0))
        return np.where(elapsed > 0, later, self.habits.soon) * self.is_seen

    def review(self, cards: Cards, day: int) -> NDArray[np.int64]:
        """Asks these cards, each once; returns the ratings, and the memories are changed."""
        recall = self.recall(day)[cards]
        is_new = ~self.is_seen[cards]
        felt = self.felt(cards, recall, is_new)
        rating = self.rated(felt, is_new)
        elapsed = np.maximum(day - self.last_day[cards], 0)
        remember(self.memories, cards, is_new, elapsed, felt.astype(float))
        self.last_day[cards], self.is_seen[cards] = day, True
        slip, guess = self.habits.slip, self.habits.guess
        odds = np.where(is_new, 1 - self.habits.first[0], recall * (1 - slip - guess) + guess)
        self.odds += odds.tolist()
        self.log += [
            (card, day, g) for card, g in zip(cards.tolist(), rating.tolist(), strict=True)
        ]
        return rating

    def felt(self, cards: Cards, recall: Array, is_new: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The ratings that these cards deserve."""
        bias = self.habits.bias
        noise = self.rng.normal(size=len(cards))
        score = bias * self.ease[cards] + np.sqrt(1 - bias**2) * noise
        first = 1 + np.searchsorted(self.first, score)
        later = 2 + np.searchsorted(self.later, score)
        is_recalled = self.rng.random(len(cards)) < recall
        return np.where(is_new, first, np.where(is_recalled, later, 1))

    def rated(self, felt: NDArray[np.int64], is_new: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The ratings that are given: what was recalled slips, what was forgotten is guessed."""
        chance = self.rng.random(len(felt))
        is_slip = ~is_new & (felt > 1) & (chance < self.habits.slip)
        is_guess = ~is_new & (felt == 1) & (chance < self.habits.guess)
        return np.where(is_slip, 1, np.where(is_guess, 3, felt))


def remember(
    memories: Memories, cards: Cards, is_new: NDArray[np.bool_], elapsed_days: Cards, rating: Array
) -> None:
    """What asking does to memories: to the first, to one of today, to one of a day before."""
    is_later = elapsed_days > 0
    later, soon = ~is_new & is_later, ~is_new & ~is_later
    if is_new.any():
        memories.begin(cards[is_new], rating[is_new])
    if soon.any():
        memories.repeat(cards[soon], rating[soon])
    if later.any():
        memories.review(cards[later], elapsed_days[later].astype(float), rating[later])


def drawn_weights(rng: np.random.Generator) -> Array:
    """FSRS-6's weights of one more person: a better first rating never leaves less stability."""
    found = rng.normal(WEIGHTS, SPREAD)
    log_spread = rng.normal(0, SHARED_LOG_SPREAD) + rng.normal(0, OWN_LOG_SPREAD, 4)
    found[:4] = np.sort(WEIGHTS[:4] * np.exp(log_spread))
    return np.clip(found, LOWER, UPPER)


def thresholds(shares: tuple[float, ...]) -> Array:
    """Where a standard normal score passes from one rating to the next."""
    below = np.clip(np.cumsum(shares)[:-1], 1e-12, 1 - 1e-12)
    return np.array([NormalDist().inv_cdf(share) for share in below])


# A new card is asked about three times on its day, until it needs no more steps.
FIRST_DAY_REVIEWS = 3


class Schedule:
    """The program's own for one learner: FSRS-6 with its defaults, and its learning steps.

    steps: of each card, how many more times it must be good on this day; 0: it waits for its day.
    """

    def __init__(self, learner: Learner, retention: float) -> None:
        self.learner, self.retention = learner, retention
        self.memories = FsrsMemories(np.array(WEIGHTS), np.zeros(len(learner.ease)))
        self.steps = np.zeros(len(learner.ease), int)
        self.is_learnt = np.zeros(len(learner.ease), bool)

    def study(self, day: int, budget: int) -> None:
        """One day: what was left in steps, what is due, new cards; then steps until none is."""
        first = self.chosen(day, budget)
        self.ask(first, day)
        left = budget - len(first)
        while left > 0 and (waiting := np.flatnonzero(self.steps > 0)).size:
            self.ask(waiting[:left], day)
            left -= len(waiting)

    def chosen(self, day: int, budget: int) -> Cards:
        """The cards to begin the day with."""
        learner = self.learner
        elapsed = np.maximum(day - learner.last_day, 0.0)
        recall = self.memories.recall(elapsed)
        in_steps = np.flatnonzero(self.steps > 0)
        is_due = learner.is_seen & (self.steps == 0) & (elapsed >= self.interval())
        due = np.flatnonzero(is_due)
        old = np.concatenate([in_steps, due[np.argsort(recall[due], kind="stable")]])[:budget]
        new = np.flatnonzero(~learner.is_seen)[: (budget - len(old)) // FIRST_DAY_REVIEWS]
        return np.concatenate([old, new])

    def interval(self) -> Array:
        """Of each card, the whole days until R has fallen to the retention."""
        exponent = WEIGHTS[20]
        share = (self.retention ** (-1 / exponent) - 1) / (0.9 ** (-1 / exponent) - 1)
        found: Array = np.maximum(np.round(self.memories.stability * share), 1)
        return found

    def ask(self, cards: Cards, day: int) -> None:
        if not len(cards):
            return
        is_new = ~self.learner.is_seen[cards]
        elapsed = np.maximum(day - self.learner.last_day[cards], 0)
        rating = self.learner.review(cards, day)
        remember(self.memories, cards, is_new, elapsed, rating.astype(float))
        self.step(cards, rating, is_new)

    def step(self, cards: Cards, rating: NDArray[np.int64], is_new: NDArray[np.bool_]) -> None:
        """Two steps for a card that was never learnt, one for one that was forgotten."""
        all_steps = np.where(self.is_learnt[cards], 1, 2)
        steps = np.where(is_new, all_steps, self.steps[cards])
        after = np.choose(rating - 1, [all_steps, steps, np.maximum(steps - 1, 0), 0 * steps])
        self.steps[cards] = after
        self.is_learnt[cards] |= after == 0


def studied(
    learner: Learner, days: int, reviews_per_day: int, retention: float = 0.9
) -> list[History]:
    """Lets a learner study from day 1 on as the program would have it, with the defaults; returns
    what `histories` makes of the log."""
    schedule = Schedule(learner, retention)
    for day in range(1, days + 1):
        schedule.study(day, reviews_per_day)
    return histories(learner.log)


def histories(log: list[tuple[int, int, int]]) -> list[History]:
    """The reviews (day, rating) of each card that has any."""
    found: dict[int, History] = {}
    for card, day, rating in log:
        found.setdefault(card, []).append((day, rating))
    return list(found.values())
