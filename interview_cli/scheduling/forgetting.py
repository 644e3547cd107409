"""How cards were forgotten, beside the curves of the memory model, and how ready that made the
learner on each day."""

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import NamedTuple

from interview_cli.domain.review import Rating
from interview_cli.scheduling.fsrs import Fsrs
from interview_cli.scheduling.statistics import Z

ELAPSED_DAYS = (1, 2, 3, 5, 8, 15, 31, 61, 121)  # where the buckets of a curve begin


class FirstTest(NamedTuple):
    """A card's first review on a later day: its first rating ever, and what has become of it."""

    rating: Rating
    elapsed_days: int
    recall: float
    is_kept: bool


class Point(NamedTuple):
    """What was remembered after some days, with its 95 % interval."""

    elapsed_days: float
    reviews: int
    true: float
    low: float
    high: float


class Curve(NamedTuple):
    """Forgetting after one first rating. stability: the median of what is predicted, in days."""

    rating: Rating
    stability: float
    points: list[Point]


class Stretch(NamedTuple):
    """From a card's review on one day to its next: R after t days is (1 + growth t)^decay. On
    `end`, or today where there is no next one, it no longer holds."""

    begin: int
    end: int
    growth: float


def curves(tests: Iterable[FirstTest], fsrs: Fsrs) -> list[Curve]:
    """For each first rating, its curve and what became of the cards."""
    by_rating: dict[Rating, list[FirstTest]] = {}
    for test in tests:
        by_rating.setdefault(test.rating, []).append(test)
    return [
        Curve(rating, median([stability(test, fsrs) for test in found]), points(found))
        for rating, found in sorted(by_rating.items())
    ]


def stability(test: FirstTest, fsrs: Fsrs) -> float:
    """S, of which R was predicted: the forgetting curve, solved for it."""
    growth: float = pow(test.recall, 1 / fsrs.decay) - 1
    return fsrs.factor * test.elapsed_days / max(growth, 1e-9)


def median(values: Sequence[float]) -> float:
    """`statistics.median`, without the module, which takes longer to import than all else here."""
    ordered, last = sorted(values), len(values) - 1
    return (ordered[last // 2] + ordered[-(-last // 2)]) / 2


def points(tests: Sequence[FirstTest]) -> list[Point]:
    parts: dict[int, list[FirstTest]] = {}
    for test in tests:
        begin = max(days for days in ELAPSED_DAYS if days <= test.elapsed_days)
        parts.setdefault(begin, []).append(test)
    return [point(parts[begin]) for begin in sorted(parts)]


def point(tests: Sequence[FirstTest]) -> Point:
    days = sum(test.elapsed_days for test in tests) / len(tests)
    kept = sum(test.is_kept for test in tests)
    return Point(days, len(tests), kept / len(tests), *interval(kept, len(tests)))


def interval(kept: int, reviews: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, which is right for few reviews and near 0 and 1 too."""
    share, weight = kept / reviews, Z * Z / reviews
    middle = (share + weight / 2) / (1 + weight)
    half = Z * sqrt(share * (1 - share) / reviews + weight / (4 * reviews)) / (1 + weight)
    return max(0.0, middle - half), min(1.0, middle + half)


def readiness(
    stretches: Iterable[Stretch], cards: int, days: range, fsrs: Fsrs
) -> list[tuple[int, float]]:
    """The mean retrievability of all cards, 0 for one that was not seen yet, at the end of each of
    these study days."""
    total = dict.fromkeys(days, 0.0)
    decay = fsrs.decay
    for begin, end, growth in stretches:
        first = begin + (days.start - begin) % days.step
        for day in range(max(first, days.start), min(end, days.stop), days.step):
            total[day] += (1 + growth * (day - begin)) ** decay
    return [(day, total[day] / cards) for day in days]
