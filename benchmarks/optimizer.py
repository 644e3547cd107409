"""What fitted weights are worth to simulated learners, and how long the fit takes.

Predictions of the 1 000 reviews that come next are held against the learner's true odds: the log
loss is the expected one, without the noise of single answers.
"""

from itertools import count
from pathlib import Path

import numpy as np

from benchmarks.learners import KINDS, FsrsMemories, History, Learner, Schedule, histories
from benchmarks.measure import alternately, row, seconds_of
from interview_cli.scheduling.fit import fit, optimized, packed, predicted
from interview_cli.scheduling.fsrs import WEIGHTS
from interview_cli.scheduling.fsrs_arrays import Array

LEARNERS = 60
SIZES = (30, 100, 300, 1_000, 5_000)
FUTURE = 1_000
CARDS = 1_200


class Study:
    """A learner who has studied for so many reviews, 10 to 50 a day."""

    def __init__(self, learner: Learner, reviews: int, per_day: int) -> None:
        self.learner = learner
        schedule = Schedule(learner, retention=0.9)
        for day in count(1):
            if len(learner.log) >= reviews:
                break
            schedule.study(day, per_day)
        self.reviews = packed(histories(learner.log))
        self.turns = self.turns_in_log()
        self.odds = np.array(learner.odds)[self.turns]

    def turns_in_log(self) -> Array:
        """Which line of the log each review that tests the model is."""
        by_card: dict[int, list[int]] = {}
        for turn, (card, _, _) in enumerate(self.learner.log):
            by_card.setdefault(card, []).append(turn)
        cards = list(by_card.values())
        where = zip(self.reviews.history, self.reviews.place, strict=True)
        return np.array([cards[history][place] for history, place in where])

    def past(self, size: int) -> list[History]:
        return histories(self.learner.log[:size])

    def losses_after(self, size: int, weights: list[tuple[float, ...]]) -> Array:
        """Of each set of weights, the expected log loss of the reviews that come next."""
        is_next = (self.turns >= size) & (self.turns < size + FUTURE)
        p, q = predicted(np.array(weights), self.reviews)[:, is_next], self.odds[is_next]
        found: Array = -(q * np.log(p) + (1 - q) * np.log1p(-p)).mean(1)
        return found


def bench_optimizer(_: Path) -> None:
    for place, kind in enumerate(KINDS):
        rngs = [np.random.default_rng([place, number]) for number in range(LEARNERS)]
        studies = [drawn(kind, rng) for rng in rngs]
        for size in SIZES:
            bench_weights(kind, studies, size)
        if kind == "fsrs":
            bench_truth(studies)
    for size in (10_000, 100_000):
        bench_seconds(size)


def drawn(kind: str, rng: np.random.Generator) -> Study:
    learner = Learner.drawn(kind, CARDS, rng)
    return Study(learner, SIZES[-1] + FUTURE, per_day=int(rng.integers(10, 51)))


def bench_weights(kind: str, studies: list[Study], size: int) -> None:
    """What `interview optimize` leaves, against the defaults."""
    found = [optimized(study.past(size), WEIGHTS).weights for study in studies]
    losses = np.array(
        [
            study.losses_after(size, [weights, WEIGHTS])
            for study, weights in zip(studies, found, strict=True)
        ]
    )
    adopted = sum(weights != WEIGHTS for weights in found)
    what = f"log loss, {kind}, {size} reviews, {adopted} of {len(studies)} fitted"
    compare(what, losses, "of the defaults, no worse")


def bench_truth(studies: list[Study]) -> None:
    """The same after many reviews, against the weights by which the learner forgets."""
    size = SIZES[-1]
    losses = []
    for study in studies:
        memories = study.learner.memories
        assert isinstance(memories, FsrsMemories)
        weights = optimized(study.past(size), WEIGHTS).weights
        losses.append(study.losses_after(size, [weights, tuple(memories.w)]))
    compare(f"log loss, fsrs, {size} reviews", np.array(losses), "of the true weights, +0.002")


def compare(what: str, losses: Array, aim: str) -> None:
    """losses: learners × ours and the floor."""
    ours, floor = losses.mean(0)
    gain = losses[:, 0] - losses[:, 1]
    error = gain.std(ddof=1) / np.sqrt(len(gain))
    row(what, f"{ours:.4f}", f"{floor:.4f}", None, f"{aim}: {gain.mean():+.4f} ± {error:.4f}")


def bench_seconds(size: int) -> None:
    learner = Learner.drawn("power", size // 8, np.random.default_rng(0))
    past = Study(learner, size, per_day=100).past(size)
    fitting, optimizing = alternately(
        lambda: seconds_of(lambda: fit(past)),
        lambda: seconds_of(lambda: optimized(past, WEIGHTS)),
        rounds=5,
    )
    aim = "under 1 s" if size == 10_000 else "under 4 s"
    row(f"fit to {size:,} reviews".replace(",", " "), f"{fitting:.2f} s", "", None, aim)
    row("  and judged by held-out reviews", f"{optimizing:.2f} s", "", None, aim)
