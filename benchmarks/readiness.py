"""Is readiness right? Simulated learners study for a while, it is asked what they will know on a
later day, and then that day comes.

`python -m benchmarks readiness` prints it all; everything is seeded. Whoever follows the plan has
the memory model fitted to the reviews every fourth day.
"""

import os
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.learners import KINDS, Learner, studied
from benchmarks.plan import SECONDS, Study
from interview_cli.cli.planning import shares
from interview_cli.scheduling.fit import Fit, History
from interview_cli.scheduling.fsrs import WEIGHTS
from interview_cli.scheduling.fsrs_arrays import Array
from interview_cli.scheduling.plan import solve
from interview_cli.scheduling.plan.problem import FIRST_RATINGS, LATER_RATINGS, Problem
from interview_cli.scheduling.readiness import (
    Credit,
    Group,
    Outlook,
    fitted,
    left_alone,
    remembered,
    with_plan,
)

LEARNERS, STRANGERS, PLANNERS = 1000, 300, 60
REFIT_DAYS = 4


class Case(NamedTuple):
    """What was said, and what came of it."""

    outlook: Outlook
    truth: float

    @property
    def error(self) -> float:
        return self.outlook.expected - self.truth

    @property
    def is_covered(self) -> bool:
        return self.outlook.low <= self.truth <= self.outlook.high


def histories(learner: Learner) -> list[History]:
    found: list[list[tuple[int, int]]] = [[] for _ in learner.ease]
    for card, day, rating in learner.log:
        found[card].append((day, rating))
    return list(found)


def everything(cards: int) -> tuple[Credit, list[Group]]:
    group = Group(np.arange(cards), np.ones(cards))
    return Credit(np.ones(cards), np.zeros(cards)), [group]


def stopped(kind: str, seed: int) -> Case:
    """100 to 400 cards, 10 to 60 days of plain FSRS, then 3 to 40 days of nothing."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    rng = np.random.default_rng([KINDS.index(kind), seed])
    cards, days = int(rng.integers(100, 400)), int(rng.integers(10, 60))
    per_day, ahead = int(rng.integers(15, 60)), int(rng.integers(3, 40))
    learner = Learner.drawn(kind, cards, rng)
    studied(learner, days, per_day)
    reviews = histories(learner)
    outlook = left_alone(fitted(reviews), reviews, days + ahead, *everything(cards))[0]
    return Case(outlook, float(learner.recall(days + ahead).mean()))


def followed(kind: str, seed: int) -> Case:
    """100 to 300 cards, 12 to 30 days with a plan that is solved anew each day; asked half-way."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    rng = np.random.default_rng([10 + KINDS.index(kind), seed])
    cards, days = int(rng.integers(100, 300)), int(rng.integers(12, 30))
    per_day = int(rng.integers(15, 40))
    learner = Learner.drawn(kind, cards, rng)
    cost_s = np.full(cards, SECONDS)
    study = Study(learner, days, per_day * SECONDS, cost_s, cost_s)
    asked: tuple[Fit, list[History], Problem] | None = None
    weights = np.array(WEIGHTS)
    for day in range(days):
        reviews = histories(learner)
        if day and day % REFIT_DAYS == 0:
            weights = np.array(fitted(reviews).weights)
        problem = informed(study.problem(day), weights, reviews)
        if day == days // 2:
            asked = fitted(reviews), reviews, problem
        study.ask(solve(problem).today, day)
    assert asked is not None
    outlook = with_plan(*asked, *everything(cards), np.random.default_rng(seed))[0]
    return Case(outlook, float(learner.recall(days).mean()))


def informed(problem: Problem, weights: Array, reviews: list[History]) -> Problem:
    """The problem as the program poses it: by fitted weights, and the learner's own ratings."""
    s, d = remembered(weights[None], reviews)
    cards = replace(problem.cards, stability=s[0], difficulty=d[0])
    first = Counter(history[0][1] for history in reviews if history)
    later = Counter(rating for history in reviews for _, rating in history[1:])
    return problem._replace(
        cards=cards,
        w=weights,
        first=shares(FIRST_RATINGS, tuple(first[rating] for rating in (1, 2, 3, 4))),
        later=shares(LATER_RATINGS, tuple(later[rating] for rating in (2, 3, 4))),
    )


def say(what: str, cases: Iterable[Case]) -> None:
    found = list(cases)
    errors = np.array([case.error for case in found])
    covered = np.mean([case.is_covered for case in found])
    width = np.mean([case.outlook.high - case.outlook.low for case in found])
    print(
        f"{what:<52} {len(found):>5} learners: mean absolute error {100 * abs(errors).mean():.2f}"
        f" points (bias {100 * errors.mean():+.2f}), 90 % interval covers {covered:.1%}"
        f" (width {100 * width:.1f})",
        flush=True,
    )


def bench_readiness(_: Path) -> None:
    """Aims, for people whose memories follow FSRS-6 with weights, cards and slips of their own: an
    error of 2 points at most, 87 to 93 % covered."""
    with ProcessPoolExecutor() as pool:
        for kind in KINDS:
            number = LEARNERS if kind == "fsrs" else STRANGERS
            cases = pool.map(partial(stopped, kind), range(number), chunksize=8)
            say(f"if they stop, {kind}", cases)
        for kind in KINDS:
            cases = pool.map(partial(followed, kind), range(PLANNERS))
            say(f"if they follow the plan, asked half-way, {kind}", cases)
