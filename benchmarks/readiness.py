"""Is readiness right? Simulated learners study for a while, it is asked what they will know on a
later day, and then that day comes.

Right is what the learner would rate above *again* on that day, in expectation. `python -m
benchmarks readiness` prints it all; everything is seeded.
"""

import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.learners import KINDS, Learner, studied
from benchmarks.plan import SECONDS, Study, planned
from interview_cli.scheduling.fit import Fit, History, fit
from interview_cli.scheduling.plan.problem import Problem
from interview_cli.scheduling.readiness import Credit, Group, Outlook, left_alone, with_plan

LEARNERS, STRANGERS, PLANNERS = 1000, 300, 100


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


def truth_of(learner: Learner, day: int) -> float:
    """The mean share that the learner would rate above again; 0 for cards never seen."""
    habits = learner.habits
    rated = learner.recall(day) * (1 - habits.slip - habits.guess) + habits.guess
    return float(np.where(learner.is_seen, rated, 0.0).mean())


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
    outlook = left_alone(fit(reviews), reviews, days + ahead, *everything(cards))[0]
    return Case(outlook, truth_of(learner, days + ahead))


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
    for day in range(days):
        if day == days // 2:
            reviews = histories(learner)
            asked = fit(reviews), reviews, study.problem(day)
        study.ask(planned(study, day), day)
    assert asked is not None
    outlook = with_plan(*asked, *everything(cards), np.random.default_rng(seed))[0]
    return Case(outlook, truth_of(learner, days))


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
