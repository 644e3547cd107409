"""What the log and the bank say together, one question to the index in each function.

An undone review counts nowhere, one of cramming only as such. Where all cards are chosen, reviews
of cards that no deck has any more count too: they were given.
"""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from interview_cli.domain.review import Rating
from interview_cli.scheduling.forgetting import FirstTest, Stretch
from interview_cli.scheduling.fsrs import Fsrs
from interview_cli.scheduling.statistics import Day, Predicted, Standing
from interview_cli.store.effort import COUNTED, WORKED
from interview_cli.store.index import Index
from interview_cli.store.shelf import Selection


class Done(NamedTuple):
    """All that was done: by study day, by rating, and how often something was crammed."""

    days: dict[int, Day]
    ratings: dict[Rating, int]
    cram_reviews: int


def done(index: Index, chosen: Selection) -> Done:
    """The reviews of these cards, and the time they took."""
    where, values = of_reviews(chosen)
    days: dict[int, Day] = {}
    ratings = Counter[int]()
    query = (
        f"SELECT day, rating, count(*), sum({WORKED}) FROM reviews"
        f" WHERE {COUNTED} AND {where} GROUP BY day, rating"
    )
    for day, rating, reviews, elapsed_ms in index.db.execute(query, values):
        before = days.get(day, Day())
        days[day] = Day(before.reviews + reviews, before.elapsed_ms + elapsed_ms)
        ratings[rating] += reviews
    crammed = COUNTED.replace("cram = 0", "cram = 1")
    query = f"SELECT count(*) FROM reviews WHERE {crammed} AND {where}"
    (cram_reviews,) = index.db.execute(query, values).fetchone()
    return Done(days, {rating: ratings[rating] for rating in Rating}, cram_reviews)


def predictions(index: Index, chosen: Selection, first_day: int = 0) -> list[Predicted]:
    """What was predicted of the reviews from a study day on that put it to the test."""
    where, values = of_reviews(chosen)
    rows = index.db.execute(
        f"SELECT recall, count(*), sum(rating > 1) FROM reviews"
        f" WHERE recall NOT NULL AND day >= ? AND {where} GROUP BY recall",
        (first_day, *values),
    )
    return [Predicted(*row) for row in rows]


def standings(index: Index, chosen: Selection, day: int, fsrs: Fsrs) -> list[Standing]:
    """How each of these cards stands on a study day, in the order of the decks."""
    where, values = chosen.where()
    rows = index.db.execute(
        "SELECT id, cards.topic, stability, reviewed_day, coalesce(lapses, 0)"
        f" FROM cards LEFT JOIN memory ON memory.card = cards.id WHERE {where} ORDER BY place",
        values,
    )
    return [
        Standing(card, topic, s and fsrs.retrievability(max(0, day - reviewed), s), lapses)
        for card, topic, s, reviewed, lapses in rows
    ]


def first_tests(index: Index, chosen: Selection) -> list[FirstTest]:
    """Of each card, its first rating and its first review on a later day."""
    where, values = of_reviews(chosen)
    # With min(), SQLite takes the other columns from the row that has it.
    first = f"SELECT card, day, rating, min(turn) FROM reviews WHERE {COUNTED} AND {where}"
    tested = "SELECT card, day, rating, recall, min(turn) FROM reviews WHERE recall NOT NULL"
    rows = index.db.execute(
        "SELECT first.rating, tested.day - first.day, tested.recall, tested.rating"
        f" FROM ({first} GROUP BY card) first JOIN ({tested} GROUP BY card) tested USING (card)",
        values,
    )
    return [
        FirstTest(Rating(first), days, recall, rating != Rating.AGAIN)
        for first, days, recall, rating in rows
    ]


def stretches(index: Index, chosen: Selection, today: int, fsrs: Fsrs) -> Iterator[Stretch]:
    """How each of these cards faded from each of its days to the next, and up to today.

    No memory is replayed: the next prediction and the memory of today say how steep it was.
    """
    where, values = of_reviews(chosen)
    rows = index.db.execute(
        "SELECT card, day, max(recall), stability FROM reviews JOIN memory USING (card)"
        f" WHERE topic NOT NULL AND {COUNTED} AND {where} GROUP BY card, day ORDER BY card, day",
        values,
    )
    last, begin, growth = "", 0, 0.0
    for card, day, recall, stability in rows:
        if card != last and last:
            yield Stretch(begin, today + 1, growth)
        elif last:
            predicted = recall and (pow(recall, 1 / fsrs.decay) - 1) / (day - begin)
            yield Stretch(begin, day, growth if predicted is None else predicted)
        last, begin, growth = card, day, fsrs.factor / stability
    if last:
        yield Stretch(begin, today + 1, growth)


def of_reviews(chosen: Selection) -> tuple[str, list[object]]:
    """The condition on the table `reviews` for a selection of cards, and its values."""
    if chosen == Selection():
        return "1", []
    where, values = chosen.where()
    return f"card IN (SELECT id FROM cards WHERE {where})", values
