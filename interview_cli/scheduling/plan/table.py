"""What a review is worth, by dynamic programming over one card.

A card that was last reviewed on day t, with stability S and difficulty D, is either left alone
until the day that counts, or reviewed on the best later day u, which costs the price of that day:

    V(t, S, D) = max( R(T − t, S),  max over u > t of Q(t, u, S, D) − price(u) )
    Q(t, u, S, D) = sum over ratings G of P(G | R(u − t, S)) · V(u, S′, D′)

Nothing is seen while a card waits, so waiting needs no state. The prices stand for all other cards:
they are what a review of this card takes away from them. S lies on a grid in logarithms, D on
a coarse one, and what falls between is interpolated; finer grids changed no plan by 0.1 points.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from interview_cli.scheduling import fsrs_arrays as fsrs
from interview_cli.scheduling.fsrs_arrays import Array
from interview_cli.scheduling.plan.problem import Problem

LOG_STABILITIES = np.linspace(np.log(0.03), np.log(3000.0), 20)
DIFFICULTIES = np.linspace(1.0, 10.0, 4)
RATINGS = np.arange(1.0, 5.0)


class Places(NamedTuple):
    """Four grid points around each state and their shares: a last axis of 4."""

    points: NDArray[np.intp]
    shares: Array


def places(stability: Array, difficulty: Array) -> Places:
    """Where states lie on the grid; what is outside counts as its edge."""
    steps = len(LOG_STABILITIES), len(DIFFICULTIES)
    x = np.interp(np.log(stability), LOG_STABILITIES, np.arange(steps[0]))
    y = np.interp(difficulty, DIFFICULTIES, np.arange(steps[1]))
    i = np.minimum(x.astype(np.intp), steps[0] - 2)
    j = np.minimum(y.astype(np.intp), steps[1] - 2)
    a, b, first = x - i, y - j, i * steps[1] + j
    points = np.stack([first, first + 1, first + steps[1], first + steps[1] + 1], -1)
    return Places(points, np.stack([(1 - a) * (1 - b), (1 - a) * b, a * (1 - b), a * b], -1))


def outcomes(problem: Problem, elapsed_days: Array, stability: Array, difficulty: Array) -> Places:
    """Where a review leads: 16 grid points, four for each rating, and their probabilities."""
    w = problem.w
    r = fsrs.retrievability(w, elapsed_days, stability)
    s, d = np.broadcast_arrays(stability, difficulty)
    points, shares = [], []
    for rating, share in zip(RATINGS, (None, *problem.later), strict=True):
        probability = 1 - r if share is None else r * share
        d_next, s_next = fsrs.reviewed(w, d, s, r, np.full(r.shape, rating))
        found = places(s_next, d_next)
        points.append(found.points)
        shares.append(found.shares * probability[..., None])
    return Places(np.concatenate(points, -1), np.concatenate(shares, -1))


class Table:
    """Everything about one problem that does not depend on prices, computed once."""

    def __init__(self, problem: Problem, stakes: Array) -> None:
        """stakes: seconds a review takes per unit of weight, one for each class of cards."""
        self.problem, self.stakes = problem, stakes
        s, d = np.meshgrid(np.exp(LOG_STABILITIES), DIFFICULTIES, indexing="ij")
        elapsed = problem.step * np.arange(1.0, problem.days + 1)[:, None]
        self.kept = fsrs.retrievability(problem.w, elapsed, s.ravel())  # days × grid
        self.next = outcomes(problem, elapsed, s.ravel()[None], d.ravel()[None])
        w = problem.w
        self.begun = places(fsrs.initial_stability(w, RATINGS), fsrs.initial_difficulty(w, RATINGS))

    def priced(self, prices: Array) -> "Priced":
        """The solution for a price of a second on each day; infinite on days off."""
        return Priced(self, prices)


class Priced:
    """V and what reviewing gains over waiting, for given prices. Last axis: class of cards."""

    def __init__(self, table: Table, prices: Array) -> None:
        self.table = table
        days, classes = table.problem.days, len(table.stakes)
        self.price = prices[:, None] * table.stakes  # days × classes
        grid = table.kept.shape[1]
        self.value = np.empty((days, grid, classes))
        # gain[t, u]: of a review on day u over the best later day, for a card last seen on t.
        self.gain = np.zeros((days, days, grid, classes))
        for t in range(days - 1, -1, -1):
            reviewed = self.reviewed(t)
            left = table.kept[days - t - 1][:, None]
            best = best_from(reviewed - self.price[t + 1 :, None], left)
            self.value[t] = best[0]
            self.gain[t, t + 1 :] = reviewed - best[1:]
        self.first = self.first_value()
        best = best_from((self.first - self.price), np.zeros(classes))
        self.first_gain = self.first - best[1:]

    def reviewed(self, t: int) -> Array:
        """Q(t, u) for u = t + 1 ... on the grid."""
        later = self.table.problem.days - t - 1
        points, shares = (part[:later] for part in self.table.next)
        u = np.arange(t + 1, t + 1 + later)[:, None, None]
        found: Array = np.einsum("ugpc,ugp->ugc", self.value[u, points], shares)
        return found

    def first_value(self) -> Array:
        """What the first review of a new card leads to, by day and class."""
        points, shares = self.table.begun
        by_rating = np.einsum("urpc,rp->urc", self.value[:, points], shares)
        found: Array = np.einsum("urc,r->uc", by_rating, self.table.problem.first)
        return found


def best_from(net: Array, left: Array) -> Array:
    """For each day the best of it, all later ones and never: one row more than `net`."""
    last = np.broadcast_to(left, net.shape[1:])[None]
    both = np.concatenate([net, last])
    found: Array = np.maximum.accumulate(both[::-1])[::-1]
    return found
