"""What the plan is worth: simulated learners study with it, and with plain FSRS in the same time.

Each card is asked at most once a day, and the day's seconds are never exceeded; whoever studies
believes in FSRS-6 with its defaults, whatever the learner's memories really do. Everything is
seeded. `python -m benchmarks plan costs strangers` prints it all.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.learners import Cards, FsrsMemories, Learner, remember
from interview_cli.scheduling import fsrs_arrays as fsrs
from interview_cli.scheduling.fsrs import WEIGHTS
from interview_cli.scheduling.fsrs_arrays import Array
from interview_cli.scheduling.plan import problem as problems
from interview_cli.scheduling.plan import solve
from interview_cli.scheduling.plan.problem import FIRST_RATINGS, LATER_RATINGS, Problem

SEEDS = 10
SECONDS = 20.0
RETENTIONS = np.round(np.arange(0.70, 0.981, 0.01), 2)


class Setting(NamedTuple):
    """So many cards, days until the interview, and reviews a day."""

    cards: int
    days: int
    reviews: int

    def __str__(self) -> str:
        return f"{self.cards} cards, {self.days} days, {self.reviews} a day"


SETTINGS = (
    Setting(300, 30, 25),
    Setting(150, 14, 25),
    Setting(300, 30, 40),
    Setting(500, 60, 25),
    Setting(200, 7, 40),
)


class Study:
    """A learner who studies until the interview. cost_s: what a review of each card really takes;
    believed_s: what the plan thinks it takes."""

    def __init__(
        self, learner: Learner, days: int, budget_s: float, cost_s: Array, believed_s: Array
    ) -> None:
        self.learner, self.days, self.budget_s = learner, days, budget_s
        self.cost_s, self.believed_s = cost_s, believed_s
        self.memories = FsrsMemories(np.array(WEIGHTS), np.zeros(len(cost_s)))
        self.most_s = 0.0  # on any day

    def run(self, policy: "Policy") -> tuple[float, float]:
        """The expected recall on the day, and the seconds of the longest day."""
        for day in range(self.days):
            self.ask(policy(self, day), day)
        return float(self.learner.recall(self.days).mean()), self.most_s

    def ask(self, cards: Cards, day: int) -> None:
        """Asks what fits into the day, in this order."""
        chosen = np.array(list(fitting(cards, self.cost_s, self.budget_s)), np.intp)
        if not len(chosen):
            return
        self.most_s = max(self.most_s, float(self.cost_s[chosen].sum()))
        is_new = ~self.learner.is_seen[chosen]
        elapsed = day - self.learner.last_day[chosen]
        rating = self.learner.review(chosen, day)
        remember(self.memories, chosen, is_new, elapsed, rating.astype(float))

    def elapsed_days(self, day: int) -> Array:
        return np.maximum(day - self.learner.last_day, 0.0)

    def problem(self, day: int) -> Problem:
        cards = problems.Cards(
            self.memories.stability,
            self.memories.difficulty,
            self.elapsed_days(day),
            ~self.learner.is_seen,
            self.believed_s,
            np.ones(len(self.cost_s)),
        )
        budget_s = np.full(self.days - day, self.budget_s)
        return Problem(
            cards, budget_s, np.array(WEIGHTS), np.array(FIRST_RATINGS), np.array(LATER_RATINGS)
        )


Policy = Callable[[Study, int], Cards]


def fitting(cards: Cards, cost_s: Array, budget_s: float) -> Iterable[int]:
    for card in cards.tolist():
        if cost_s[card] <= budget_s:
            budget_s -= cost_s[card]
            yield card


def planned(study: Study, day: int) -> Cards:
    """By the plan, solved anew each day."""
    return solve(study.problem(day)).today


def plain(retention: float, study: Study, day: int) -> Cards:
    """Plain FSRS: what is due, lowest R first, then new cards in their order."""
    w, s, seen = np.array(WEIGHTS), study.memories.stability, study.learner.is_seen
    elapsed = study.elapsed_days(day)
    wait = np.maximum(np.round(fsrs.interval(w, s, retention)), 1.0)
    due = np.flatnonzero(seen & (elapsed >= wait))
    order = np.argsort(fsrs.retrievability(w, elapsed[due], s[due]), kind="stable")
    return np.concatenate([due[order], np.flatnonzero(~seen)])


def greedy(study: Study, day: int) -> Cards:
    """What a review today adds to the recall on the day, per second."""
    w, s, d = np.array(WEIGHTS), study.memories.stability, study.memories.difficulty
    left, seen = float(study.days - day), study.learner.is_seen
    elapsed = study.elapsed_days(day)
    r = fsrs.retrievability(w, elapsed, s)
    gain = -np.where(seen, fsrs.retrievability(w, elapsed + left, s), 0.0)
    shares = zip((1.0, 2.0, 3.0, 4.0), FIRST_RATINGS, (0, *LATER_RATINGS), strict=True)
    for rating, first, later in shares:
        given = np.full(len(s), rating)
        _, after = fsrs.reviewed(w, d, s, r, given)
        after = np.where(seen, after, fsrs.initial_stability(w, given))
        share = np.where(seen, r * later if later else 1 - r, first)
        gain += share * fsrs.retrievability(w, np.array(left), after)
    gain[seen & (elapsed == 0)] = -1.0
    order = np.argsort(-gain / study.believed_s, kind="stable")
    return order[gain[order] > 0]


def outcome(setting: Setting, kind: str | None, policy: Policy, seed: int) -> tuple[float, float]:
    """One learner; kind None: FSRS-6 with its defaults is the truth."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    rng = np.random.default_rng(seed)
    drawn = Learner.drawn(kind, setting.cards, rng) if kind else Learner.plain(setting.cards, rng)
    cost_s = np.full(setting.cards, SECONDS)
    return Study(drawn, setting.days, setting.reviews * SECONDS, cost_s, cost_s).run(policy)


def means(
    pool: ProcessPoolExecutor, setting: Setting, kind: str | None, policies: list[Policy]
) -> list[float]:
    """The mean expected recall of each policy over the seeds. Says so if a day was too long."""
    found = []
    for policy in policies:
        work = partial(outcome, setting, kind, policy)
        results = list(pool.map(work, range(SEEDS)))
        if max(longest for _, longest in results) > setting.reviews * SECONDS + 1e-6:
            print("  a day's budget was exceeded")
        found.append(float(np.mean([recall for recall, _ in results])))
    return found


def bench_plan(_: Path) -> None:
    """The five settings, FSRS-6 with its defaults as the truth."""
    print(f"{'expected recall on the day, ' + str(SEEDS) + ' seeds':<40}", end="")
    print(f"{'plan':>7} {'FSRS .9':>8} {'best fixed':>15} {'greedy':>7}   points above each")
    with ProcessPoolExecutor() as pool:
        for setting in SETTINGS:
            mine, usual, ahead = means(pool, setting, None, [planned, partial(plain, 0.9), greedy])
            fixed = means(pool, setting, None, [partial(plain, r) for r in RETENTIONS])
            best = int(np.argmax(fixed))
            above = [100 * (mine - other) for other in (usual, fixed[best], ahead)]
            best_fixed = f"{fixed[best]:.3f} at {RETENTIONS[best]:.2f}"
            print(
                f"{setting!s:<40}{mine:7.3f} {usual:8.3f} {best_fixed:>15}"
                f" {ahead:7.3f}   {above[0]:+.1f} (aim 2) {above[1]:+.1f} (1.5) {above[2]:+.1f}",
                flush=True,
            )


def mixed(is_blind: bool, seed: int) -> tuple[float, float]:
    """270 cards of 20 s and 30 of 480 s, 30 days of 25 minutes."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    cost_s = np.where(np.arange(300) % 10 == 0, 480.0, 20.0)
    believed_s = np.full(300, cost_s.mean()) if is_blind else cost_s
    learner = Learner.plain(300, np.random.default_rng(seed))
    return Study(learner, 30, 1500.0, cost_s, believed_s).run(planned)


def bench_costs(_: Path) -> None:
    """Cards that take minutes beside cards that take seconds."""
    with ProcessPoolExecutor() as pool:
        aware, blind = (
            float(np.mean([r for r, _ in pool.map(partial(mixed, is_blind), range(SEEDS))]))
            for is_blind in (False, True)
        )
    print(
        f"270 cards of 20 s, 30 of 480 s, 30 days of 25 min: plan {aware:.3f}, blind to cost"
        f" {blind:.3f}, {100 * (aware - blind):+.1f} points (aim 3)",
        flush=True,
    )


def bench_strangers(_: Path) -> None:
    """Learners who do not follow FSRS with its defaults, though the plan believes it. Settings of
    a month at most; more take an hour."""
    with ProcessPoolExecutor() as pool:
        for kind in ("fsrs", "power", "exponential"):
            for setting in (s for s in SETTINGS if s.days <= 30):
                mine, usual = means(pool, setting, kind, [planned, partial(plain, 0.9)])
                print(
                    f"{kind:<12} {setting!s:<32} plan {mine:.3f}, FSRS at 0.9 {usual:.3f},"
                    f" {100 * (mine - usual):+.1f} points (aim 0)",
                    flush=True,
                )
