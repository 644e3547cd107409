"""Simulated courses: how the days until the date may go, with the plan or without.

Several are simulated at once; each draws its own ratings. No day's seconds are ever exceeded.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from interview_cli.scheduling import fsrs_arrays as fsrs
from interview_cli.scheduling.fsrs_arrays import Array
from interview_cli.scheduling.plan.problem import Problem
from interview_cli.scheduling.plan.table import Priced, Table, best_from, outcomes, places

Bools = NDArray[np.bool_]

REFILLS = 3
LEAST = 0.002  # cards: what a review of mean cost and weight must gain to be asked for


class Start(NamedTuple):
    """The cards as they are today. next: where a first review of the course leads, cards × days."""

    classes: NDArray[np.intp]
    kept: Array
    points: NDArray[np.intp]
    shares: Array


def start(problem: Problem, table: Table) -> Start:
    """What does not depend on prices: computed once for all courses."""
    cards, days = problem.cards, problem.days
    elapsed = cards.age_days[:, None] + problem.step * np.arange(days)
    s, d = cards.stability[:, None], cards.difficulty[:, None]
    points, shares = outcomes(problem, np.maximum(elapsed, 1.0), s, d)
    kept = fsrs.retrievability(problem.w, cards.age_days + problem.step * days, cards.stability)
    distance = np.abs(np.log(cards.cost_s / cards.weight)[:, None] - np.log(table.stakes))
    return Start(distance.argmin(1), np.where(cards.is_new, 0.0, kept), points, shares)


def first_gain(problem: Problem, begun: Start, priced: Priced) -> Array:
    """Cards × days: what the first review of the course gains on that day over waiting."""
    cards = problem.cards
    day = np.arange(problem.days)[:, None]
    values = priced.value[day, begun.points, begun.classes[:, None, None]]
    reviewed = (values * begun.shares).sum(-1)
    price = priced.price[:, begun.classes].T
    best = best_from((reviewed - price).T, begun.kept).T
    gain = np.where(
        cards.is_new[:, None], priced.first_gain[:, begun.classes].T, reviewed - best[:, 1:]
    )
    gain[(cards.age_days == 0) & ~cards.is_new, :1] = 0.0  # once a day is enough
    return gain


class Course(NamedTuple):
    """recall: courses × cards, on the day that counts. asked, fresh (new cards), seconds: courses
    × days. today: the cards of the first day, most per second first."""

    recall: Array
    asked: Array
    fresh: Array
    seconds: Array
    today: NDArray[np.intp]


class Memories:
    """Stability and difficulty, courses × cards, and the weights by which they change."""

    def __init__(self, problem: Problem, number: int) -> None:
        shape = number, len(problem.cards)
        self.w = problem.w
        self.s = np.broadcast_to(problem.cards.stability, shape).copy()
        self.d = np.broadcast_to(problem.cards.difficulty, shape).copy()

    def rate(
        self, at: tuple[NDArray[np.intp], ...], elapsed_days: Array, rating: Array, is_new: Bools
    ) -> None:
        """What ratings make of the memories at these places."""
        s, d = self.s[at], self.d[at]
        r = fsrs.retrievability(self.w, elapsed_days, s)
        d_next, s_next = fsrs.reviewed(self.w, d, s, r, rating)
        self.s[at] = np.where(is_new, fsrs.initial_stability(self.w, rating), s_next)
        self.d[at] = np.where(is_new, fsrs.initial_difficulty(self.w, rating), d_next)


class Learners:
    """The same cards in several heads: courses × cards. last: the day of the course on which a
    card was reviewed last, −1 before its first.

    believed: what whoever plans takes their memories for. true: what they are: another problem's,
    where one is given.
    """

    def __init__(self, problem: Problem, number: int, truth: Problem | None = None) -> None:
        self.problem, self.number = problem, number
        self.believed = Memories(problem, number)
        self.true = Memories(truth, number) if truth else self.believed
        self.last = np.full(self.believed.s.shape, -1)

    @property
    def is_new(self) -> Bools:
        return self.problem.cards.is_new & (self.last < 0)

    def worth(self, day: int) -> Array:
        """Which cards go first on a day: the highest; what is not above 0 is not asked."""
        raise NotImplementedError

    def review(self, taken: Bools, day: int, rng: np.random.Generator) -> None:
        """Rates what was taken."""
        at = np.nonzero(taken)
        is_new = self.is_new[at]
        elapsed = np.maximum(self.elapsed_days(day)[at], 1.0)
        r = fsrs.retrievability(self.true.w, elapsed, self.true.s[at])
        rating = drawn(self.problem, r, is_new, rng)
        self.believed.rate(at, elapsed, rating, is_new)
        if self.true is not self.believed:
            self.true.rate(at, elapsed, rating, is_new)
        self.last[at] = day

    def recall(self, day: int) -> Array:
        """The true probability of recall on that day; what was never asked counts as not known."""
        r = fsrs.retrievability(self.true.w, self.elapsed_days(day), self.true.s)
        return np.where(self.is_new, 0.0, r)

    def elapsed_days(self, day: int) -> Array:
        """Days since the last review, in the course or before it."""
        step, age = self.problem.step, self.problem.cards.age_days
        return np.where(self.last < 0, age + step * day, step * (day - self.last))


class Planners(Learners):
    """They follow the plan: what gains most per second over waiting."""

    def __init__(
        self,
        problem: Problem,
        begun: Start,
        priced: Priced,
        number: int,
        truth: Problem | None = None,
    ) -> None:
        super().__init__(problem, number, truth)
        cards = problem.cards
        self.begun, self.priced = begun, priced
        self.first_gain = first_gain(problem, begun, priced)
        self.per_second = cards.weight / cards.cost_s
        self.least = LEAST * cards.weight.sum() / cards.cost_s.sum()

    def worth(self, day: int) -> Array:
        gain = np.where(self.last < 0, self.first_gain[:, day], 0.0)
        run, card = np.nonzero(self.last >= 0)
        at = places(self.believed.s[run, card], self.believed.d[run, card])
        last, kind = self.last[run, card][:, None], self.begun.classes[card][:, None]
        gain[run, card] = (self.priced.gain[last, day, at.points, kind] * at.shares).sum(-1)
        worth = gain * self.per_second
        return np.where(worth > self.least, worth, 0.0)


class FsrsUsers(Learners):
    """They answer what plain FSRS makes due, lowest probability of recall first, then new cards
    in their order."""

    def __init__(self, problem: Problem, retention: float, number: int) -> None:
        super().__init__(problem, number)
        self.retention = retention
        self.order = np.linspace(1.0, 0.5, len(problem.cards))

    def worth(self, day: int) -> Array:
        w, s, elapsed = self.problem.w, self.believed.s, self.elapsed_days(day)
        due_days = np.maximum(np.round(fsrs.interval(w, s, self.retention)), 1.0)
        r = fsrs.retrievability(w, elapsed, s)
        return np.where(self.is_new, self.order, np.where(elapsed >= due_days, 2.0 - r, 0.0))


def courses(learners: Learners, rng: np.random.Generator) -> Course:
    """Lets them learn until the day."""
    problem = learners.problem
    asked, fresh, seconds = (np.zeros((learners.number, problem.days)) for _ in range(3))
    today: NDArray[np.intp] = np.zeros(0, np.intp)
    for day in np.flatnonzero(problem.budget_s > 0).tolist():
        worth = learners.worth(day)
        taken = filled(worth, problem.cards.cost_s, float(problem.budget_s[day]))
        if day == 0:
            chosen = np.flatnonzero(taken[0])
            today = chosen[np.argsort(-worth[0, chosen], kind="stable")]
        asked[:, day] = taken.sum(1)
        fresh[:, day] = (taken & learners.is_new).sum(1)
        seconds[:, day] = (taken * problem.cards.cost_s).sum(1)
        learners.review(taken, day, rng)
    return Course(learners.recall(problem.days), asked, fresh, seconds, today)


def filled(worth: Array, cost_s: Array, budget_s: float) -> Bools:
    """Which cards each course takes: most per second first, as many as the seconds hold."""
    order = np.argsort(-worth, axis=1, kind="stable")
    cost = cost_s[order]
    is_worth = np.take_along_axis(worth, order, 1) > 0
    taken = np.zeros(order.shape, bool)
    left = np.full((len(order), 1), budget_s)
    for _ in range(REFILLS):  # what fits behind a card that did not
        fits = is_worth & ~taken & (cost <= left)
        now = fits & (np.cumsum(np.where(fits, cost, 0.0), 1) <= left)
        taken |= now
        left = left - (now * cost).sum(1, keepdims=True)
    found = np.zeros(order.shape, bool)
    np.put_along_axis(found, order, taken, 1)
    return found


def drawn(problem: Problem, r: Array, is_new: Bools, rng: np.random.Generator) -> Array:
    """Ratings as this learner gives them."""
    u, v = rng.random(len(r)), rng.random(len(r))
    first = 1.0 + np.searchsorted(np.cumsum(problem.first)[:3], v, side="right")
    later = 2.0 + np.searchsorted(np.cumsum(problem.later)[:2], v, side="right")
    return np.where(is_new, first, np.where(u < r, later, 1.0))
