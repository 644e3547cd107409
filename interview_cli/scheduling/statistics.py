"""What a log says of its learner: how much was done on which days, how well it is remembered, and
whether the memory model knew it beforehand."""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, sqrt
from typing import Literal, NamedTuple

from interview_cli.scheduling.scheduler import LEECH_LAPSES

BUCKETS = 10
BUCKET_REVIEWS = 10  # at least, or there are fewer buckets
JUDGED_REVIEWS = 50  # with fewer, chance says more than the model
Z = 1.96  # 95 of 100 intervals that are so many standard errors wide hold the truth
LEVELS = 4
BUSY = 0.9  # the share of the days with reviews that a heat map tells apart


class Day(NamedTuple):
    """What was done on one study day."""

    reviews: int = 0
    elapsed_ms: int = 0


class Predicted(NamedTuple):
    """Reviews on a later day than the card's last, for all of which one recall was predicted, and
    how many of them were not *again*."""

    recall: float
    reviews: int
    kept: int


class Retention(NamedTuple):
    """true: the share that was remembered. predicted: the share that was expected. error: the
    standard error of `true` if the predictions hold."""

    reviews: int
    true: float
    predicted: float
    error: float


class Bucket(NamedTuple):
    """Reviews with predictions from `low` to `high`."""

    low: float
    high: float
    reviews: int
    true: float
    predicted: float


class Heat(NamedTuple):
    """The reviews of whole weeks, each from Monday on; the last one ends today. first: its first
    day. top: how many reviews a day has at the highest level."""

    first: int
    weeks: tuple[tuple[int, ...], ...]
    top: int

    def level(self, reviews: int) -> int:
        """0 for none, else 1 to LEVELS."""
        return min(LEVELS, ceil(LEVELS * reviews / self.top)) if reviews else 0


class Standing(NamedTuple):
    """How a card stands. recall: None for one that was never seen."""

    card: str
    topic: str
    recall: float | None
    lapses: int

    @property
    def is_leech(self) -> bool:
        return self.lapses >= LEECH_LAPSES


# How much was done.


def streak(days: Mapping[int, Day], today: int) -> int:
    """Study days in a row up to today, or up to yesterday while today is still empty."""
    day = today if today in days else today - 1
    count = 0
    while day in days:
        count, day = count + 1, day - 1
    return count


def longest_streak(days: Mapping[int, Day]) -> int:
    """The most study days in a row."""
    longest = run = last = 0
    for day in sorted(days):
        run, last = (run + 1 if day == last + 1 else 1), day
        longest = max(longest, run)
    return longest


def last_days(days: Mapping[int, Day], today: int, count: int) -> list[Day]:
    """Each of the last study days, today at the end."""
    return [days.get(day, Day()) for day in range(today - count + 1, today + 1)]


def heat(days: Mapping[int, Day], today: int, weeks: int) -> Heat:
    """The heat map of so many weeks, today's included."""
    monday = today - (today - 1) % 7  # day 1 was a Monday
    first = monday - 7 * (weeks - 1)
    counts = [days.get(day, Day()).reviews for day in range(first, today + 1)]
    busy = sorted(count for count in counts if count)
    top = busy[ceil(BUSY * len(busy)) - 1] if busy else 1  # one mad day shall not hide the others
    return Heat(first, tuple(tuple(counts[n : n + 7]) for n in range(0, len(counts), 7)), top)


# How well it is remembered, and predicted.


def retention(predictions: Sequence[Predicted]) -> Retention | None:
    """What was remembered, against what was predicted; None where nothing was put to the test."""
    reviews = sum(p.reviews for p in predictions)
    if not reviews:
        return None
    true = sum(p.kept for p in predictions) / reviews
    predicted = sum(p.recall * p.reviews for p in predictions) / reviews
    error = sqrt(sum(p.recall * (1 - p.recall) * p.reviews for p in predictions)) / reviews
    return Retention(reviews, true, predicted, error)


def judgement(found: Retention) -> Literal["few", "fits", "more", "less"]:
    """Whether more or less is remembered than predicted, beyond what chance does."""
    if found.reviews < JUDGED_REVIEWS:
        return "few"
    gap = found.true - found.predicted
    if abs(gap) <= Z * found.error:
        return "fits"
    return "more" if gap > 0 else "less"


def calibration(predictions: Iterable[Predicted]) -> list[Bucket]:
    """Buckets of about as many reviews each, from the lowest prediction to the highest. What was
    predicted alike stands in one bucket."""
    ordered = sorted(predictions)
    total = sum(p.reviews for p in ordered)
    count = max(1, min(BUCKETS, total // BUCKET_REVIEWS))
    parts: list[list[Predicted]] = [[] for _ in range(count)]
    before = 0
    for p in ordered:
        parts[before * count // total].append(p)
        before += p.reviews
    return [bucket(part) for part in parts if part]


def bucket(part: Sequence[Predicted]) -> Bucket:
    found = retention(part)
    assert found is not None
    return Bucket(
        part[0].recall, part[-1].recall, found.reviews, found.true, found.predicted
    )  # fmt: skip


def calibration_error(buckets: Sequence[Bucket]) -> float | None:
    """How far a bucket's truth is from its prediction, in the mean over all reviews: 0 is perfect.
    The expected calibration error of Naeini et al. 2015."""
    reviews = sum(b.reviews for b in buckets)
    if not reviews:
        return None
    return sum(b.reviews * abs(b.true - b.predicted) for b in buckets) / reviews


def mean_recall(cards: Iterable[Standing]) -> float | None:
    """Of the cards that were seen."""
    recalls = [card.recall for card in cards if card.recall is not None]
    return sum(recalls) / len(recalls) if recalls else None


def weakest(cards: Iterable[Standing], count: int) -> list[Standing]:
    """The cards seen that are most probably forgotten, the weakest first."""
    seen = [(card.recall, card.card, card) for card in cards if card.recall is not None]
    return [card for _, _, card in sorted(seen)[:count]]
