"""The statistics at the desk: everything counted, for the screen, for the page and for scripts."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from interview_cli.bank.model import Text
from interview_cli.cli.desk import Desk
from interview_cli.domain.review import Rating
from interview_cli.scheduling import forgetting
from interview_cli.scheduling import statistics as sums
from interview_cli.scheduling.forgetting import Curve
from interview_cli.scheduling.fsrs import Fsrs
from interview_cli.scheduling.statistics import Bucket, Day, Retention, Standing
from interview_cli.store import statistics as store
from interview_cli.store.records import records
from interview_cli.store.shelf import Selection

if TYPE_CHECKING:
    from interview_cli.cli.handwriting import Handwriting, Often

DAYS = 30
FORECAST_DAYS = 14
WEAKEST = 5
MISTAKES = 5
READINESS_POINTS = 200


class TopicStanding(NamedTuple):
    """How a topic stands. recall: the mean of the cards seen."""

    topic: str
    title: Text
    cards: int
    seen: int
    recall: float | None
    leeches: list[str]


class Figures(NamedTuple):
    """Everything counted up to a study day. lately: the retention of the last 30 days. due: the
    reviews due today, overdue ones included, and on the days after."""

    today: int
    days: Mapping[int, Day]
    ratings: Mapping[Rating, int]
    cram_reviews: int
    retention: Retention | None
    lately: Retention | None
    buckets: list[Bucket]
    due: list[int]
    topics: list[TopicStanding]
    weakest: list[Standing]
    handwriting: list["Handwriting"]
    mistakes: list["Often"]

    @property
    def reviews(self) -> int:
        return sum(day.reviews for day in self.days.values())

    @property
    def minutes(self) -> float:
        return sum(day.elapsed_ms for day in self.days.values()) / 60_000

    @property
    def cards(self) -> int:
        return sum(topic.cards for topic in self.topics)

    @property
    def seen(self) -> int:
        return sum(topic.seen for topic in self.topics)

    @property
    def weakest_topics(self) -> list[TopicStanding]:
        """The topics that have cards seen, the weakest first."""
        seen = [(topic.recall, topic.topic, topic) for topic in self.topics if topic.recall]
        return [topic for *_, topic in sorted(seen, key=lambda found: found[:2])]


def figures(desk: Desk, chosen: Selection, at: datetime) -> Figures:
    """Everything that the screen shows. Raises StoreError."""
    today = desk.day(at)
    done = store.done(desk.index, chosen)
    predictions = store.predictions(desk.index, chosen)
    cards = store.standings(desk.index, chosen, today, desk.rules.fsrs)
    return Figures(
        today,
        done.days,
        done.ratings,
        done.cram_reviews,
        sums.retention(predictions),
        sums.retention(store.predictions(desk.index, chosen, today - DAYS + 1)),
        sums.calibration(predictions),
        due(desk, chosen, today),
        topics(desk, cards),
        sums.weakest(cards, WEAKEST),
        *by_hand(desk, chosen),
    )


def due(desk: Desk, chosen: Selection, today: int) -> list[int]:
    found = desk.shelf.due_between(chosen, 0, today + FORECAST_DAYS - 1)
    now = sum(count for day, count in found.items() if day <= today)
    return [now, *(found.get(today + ahead, 0) for ahead in range(1, FORECAST_DAYS))]


def topics(desk: Desk, cards: list[Standing]) -> list[TopicStanding]:
    """Of the cards, in the order of the decks."""
    by_topic: dict[str, list[Standing]] = {}
    for card in cards:
        by_topic.setdefault(card.topic, []).append(card)
    return [
        TopicStanding(
            deck.topic,
            Text(zh=deck.zh, en=deck.en),
            len(here),
            sum(card.recall is not None for card in here),
            sums.mean_recall(here),
            [card.card for card in here if card.is_leech],
        )
        for deck in desk.shelf.topics()
        if (here := by_topic.get(deck.topic))
    ]


def by_hand(desk: Desk, chosen: Selection) -> tuple[list["Handwriting"], list["Often"]]:
    """What was written by hand of these topics, and the mistakes made in most attempts."""
    found = records(desk.where.reviews.parent)
    if not found:
        return [], []
    from interview_cli.cli import handwriting

    found = handwriting.chosen(found, desk.solutions, chosen.topics)
    return (
        handwriting.handwriting(found, desk.solutions),
        handwriting.mistakes(found, desk.solutions, MISTAKES),
    )


class Past(NamedTuple):
    """What only the page shows. readiness: by study day, oldest first."""

    curves: list[Curve]
    readiness: list[tuple[int, float]]
    fsrs: Fsrs


def past(desk: Desk, chosen: Selection, found: Figures) -> Past:
    """How cards were forgotten, and how ready that left the learner; nothing without reviews."""
    fsrs, today = desk.rules.fsrs, found.today
    first = min((day for day in found.days if day <= today), default=today + 1)
    step = max(1, -(-(today - first) // READINESS_POINTS))
    days = range(today, first - 1, -step)[::-1]
    stretches = store.stretches(desk.index, chosen, today, fsrs)
    return Past(
        forgetting.curves(store.first_tests(desk.index, chosen), fsrs),
        forgetting.readiness(stretches, found.cards, days, fsrs),
        fsrs,
    )


def as_data(found: Figures) -> dict[str, Any]:
    """The same for scripts; docs/json.md describes it."""
    last = sums.last_days(found.days, found.today, DAYS)
    return {
        "reviews": found.reviews,
        "cram_reviews": found.cram_reviews,
        "cards_seen": found.seen,
        "cards": found.cards,
        "minutes": round(found.minutes, 1),
        "streak_days": sums.streak(found.days, found.today),
        "longest_streak_days": sums.longest_streak(found.days),
        "retention": found.retention and found.retention.true,
        "predictions": predictions_as_data(found),
        "ratings": {r.name.lower(): found.ratings[r] for r in Rating},
        "last_days": [day.reviews for day in last],
        "last_minutes": [minutes(day) for day in last],
        "days": [day_as_data(number, found.days[number]) for number in sorted(found.days)],
        "due_days": found.due,
        "topics": [topic_as_data(topic) for topic in found.topics],
        "weakest_topics": [topic.topic for topic in found.weakest_topics],
        "weakest": [{**c._asdict(), "is_leech": c.is_leech} for c in found.weakest],
        "handwriting": [solution_as_data(solution) for solution in found.handwriting],
        "mistakes": [mistake._asdict() for mistake in found.mistakes],
    }


def day_as_data(number: int, day: Day) -> dict[str, Any]:
    on = f"{date.fromordinal(number)}"
    return {"date": on, "reviews": day.reviews, "minutes": minutes(day)}


def topic_as_data(topic: TopicStanding) -> dict[str, Any]:
    return {**topic._asdict(), "title": {"zh": topic.title.zh, "en": topic.title.en}}


def minutes(day: Day) -> float:
    return round(day.elapsed_ms / 60_000, 1)


def predictions_as_data(found: Figures) -> dict[str, Any]:
    return {
        "all": found.retention and found.retention._asdict(),
        "last_30_days": found.lately and found.lately._asdict(),
        "judgement": found.retention and sums.judgement(found.retention),
        "calibration_error": sums.calibration_error(found.buckets),
        "buckets": [bucket._asdict() for bucket in found.buckets],
    }


def solution_as_data(found: "Handwriting") -> dict[str, Any]:
    attempts = [{**a._asdict(), "mistakes": list(a.mistakes)} for a in found.attempts]
    return {**found._asdict(), "attempts": attempts}
