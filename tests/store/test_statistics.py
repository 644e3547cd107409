"""What the index says of a log is what Python counts in it, and what is known of small logs."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from interview_cli.bank.compile import CompiledCard, CompiledDeck
from interview_cli.domain.review import Event, Rating, Review
from interview_cli.scheduling import forgetting
from interview_cli.scheduling.days import study_day
from interview_cli.scheduling.fsrs import DEFAULT, Fsrs
from interview_cli.scheduling.scheduler import Rules, replay, retrievability
from interview_cli.scheduling.statistics import Day, Predicted
from interview_cli.store.effort import LONGEST_CODE_MS, LONGEST_MS
from interview_cli.store.history import History
from interview_cli.store.shelf import Selection, Shelf
from interview_cli.store.statistics import (
    done,
    first_tests,
    predictions,
    standings,
    stretches,
)

from .material import START, a_rating, history, review, undo, weights, write

ALL = Selection()
TODAY = study_day(START, 480)
A_DAY = 24 * 60
DECKS = {"norm": ("axes", "bias", "new"), "loss": ("gap",)}


def learner(folder: Path, *events: Event, rollover_hour: int = 4) -> History:
    """A small bank, and a log of these events. No deck has the card "gone"."""
    write(folder / "here.jsonl", *events)
    found = history(folder)
    found.rollover_hour = rollover_hour
    shelf = Shelf(found.index)
    for place, (topic, cards) in enumerate(DECKS.items()):
        compiled = [CompiledCard(card, 1, "recall", "", "0", b"", ()) for card in cards]
        deck = CompiledDeck(f"/{topic}.yaml", "", b"", topic, "题", topic.title(), compiled)
        shelf.replace(deck, place)
    found.refresh()
    return found


def days(found: History, chosen: Selection = ALL) -> dict[int, int]:
    """How many reviews each day has, by its distance from START's."""
    return {day - TODAY: d.reviews for day, d in done(found.index, chosen).days.items()}


# What was done.


def test_nothing_was_done_without_reviews(tmp_path: Path) -> None:
    nothing = learner(tmp_path)
    found = done(nothing.index, ALL)
    assert (found.days, found.cram_reviews) == ({}, 0)
    assert found.ratings == dict.fromkeys(Rating, 0)


def test_reviews_and_their_time_belong_to_study_days(tmp_path: Path) -> None:
    given = [review(f"r{n}", -A_DAY * (n // 2), "axes", elapsed_ms=1000 * n) for n in range(5)]
    read = learner(tmp_path, *given)
    found = done(read.index, ALL)
    assert found.days == {
        TODAY: Day(2, 1000), TODAY - 1: Day(2, 5000), TODAY - 2: Day(1, 4000),
    }  # fmt: skip
    assert found.ratings[Rating.GOOD] == 5


def test_a_study_day_begins_at_the_roll_over_hour_of_its_zone(tmp_path: Path) -> None:
    # 16:46 in Beijing; ten hours later it is 02:46 there, twelve hours later 04:46.
    night, morning = review("night", 600, "axes"), review("morning", 720, "axes")
    # At the same moment it is 20:46 of the day before in London, and 14:46 in Sydney's zone.
    west, east = review("west", 720, "gap", zone_min=0), review("east", 720, "gap", zone_min=1080)
    events = (night, morning, west, east)
    assert days(learner(tmp_path / "4", *events)) == {0: 2, 1: 2}
    assert days(learner(tmp_path / "2", *events, rollover_hour=2)) == {0: 1, 1: 3}


def test_an_undone_review_counts_nowhere_and_a_crammed_one_as_such(tmp_path: Path) -> None:
    found = learner(
        tmp_path,
        review("r1", -A_DAY, "axes"),
        review("r2", 0, "axes", rating=Rating.AGAIN),
        undo("u", "r2", 1),
        review("r3", 2, "axes", rating=Rating.EASY, is_cram=True),
        review("r4", 3, "axes", is_cram=True),
        undo("u2", "r4", 4),
    )
    counted = done(found.index, ALL)
    assert days(found) == {-1: 1}
    assert counted.cram_reviews == 1
    assert counted.ratings == {**dict.fromkeys(Rating, 0), Rating.GOOD: 1}
    assert predictions(found.index, ALL) == []


def test_whoever_was_called_away_has_not_learnt_all_that_time(tmp_path: Path) -> None:
    long = 10**9
    found = learner(
        tmp_path,
        review("r1", 0, "axes", elapsed_ms=long),
        review("r2", 1, "axes", elapsed_ms=LONGEST_MS),
        review("r3", 2, "bias", elapsed_ms=long, kind="code"),
        review("r4", 3, "bias", elapsed_ms=LONGEST_MS + 1, kind="code"),
    )
    spent = done(found.index, ALL).days[TODAY].elapsed_ms
    assert spent == 2 * LONGEST_MS + LONGEST_CODE_MS + LONGEST_MS + 1


def test_a_selection_counts_its_own_cards_and_all_cards_those_that_are_gone(
    tmp_path: Path,
) -> None:
    given = [review(f"r{n}", n, card) for n, card in enumerate(("axes", "gap", "gone", "bias"))]
    given += [review("late", 2 * A_DAY, "gone")]
    read = learner(tmp_path, *given)
    index = read.index
    for topics, wanted in (((), 5), (("norm",), 2), (("loss",), 1), (("norm", "loss"), 3)):
        found = done(index, Selection(topics=topics))
        assert sum(day.reviews for day in found.days.values()) == wanted
    assert len(predictions(index, ALL)) == 1
    assert predictions(index, Selection(topics=("norm", "loss"))) == []
    assert len(first_tests(index, ALL)) == 1
    for topics, wanted in (((), 3), (("norm",), 2), (("loss",), 1)):  # of cards that there are
        chosen = Selection(topics=topics)
        assert len(list(stretches(index, chosen, TODAY + 2, DEFAULT))) == wanted


# What was predicted.


def test_only_a_later_day_puts_a_prediction_to_the_test(tmp_path: Path) -> None:
    found = learner(
        tmp_path,
        review("first", 0, "axes"),
        review("again", 10, "axes"),
        review("later", 3 * A_DAY, "axes", rating=Rating.AGAIN),
        review("same", 3 * A_DAY + 20, "axes"),
        review("other", 3 * A_DAY, "gap"),
    )
    memory = replay([review("first", 0, "axes"), review("again", 10, "axes")], Rules())
    assert memory is not None
    recall = retrievability(memory, TODAY + 3, DEFAULT)
    assert predictions(found.index, ALL) == [Predicted(recall, 1, 0)]
    assert predictions(found.index, ALL, TODAY + 3) == [Predicted(recall, 1, 0)]
    assert predictions(found.index, ALL, TODAY + 4) == []


def test_what_was_predicted_alike_stands_together(tmp_path: Path) -> None:
    cards = ("axes", "bias", "gap")
    first = [review(f"a{card}", 0, card) for card in cards]
    ratings = (Rating.AGAIN, Rating.HARD, Rating.EASY)
    later = [
        review(f"b{card}", A_DAY, card, rating=rating)
        for card, rating in zip(cards, ratings, strict=True)
    ]
    read = learner(tmp_path, *first, *later)
    (found,) = predictions(read.index, ALL)
    assert (found.reviews, found.kept) == (3, 2)


def test_a_cards_first_test_follows_its_first_rating(tmp_path: Path) -> None:
    found = learner(
        tmp_path,
        review("r1", 0, "axes", rating=Rating.HARD),
        review("r2", 10, "axes", rating=Rating.EASY),
        review("r3", 4 * A_DAY, "axes", rating=Rating.AGAIN),
        review("r4", 9 * A_DAY, "axes"),
        review("r5", 0, "gap"),
    )
    (test,) = first_tests(found.index, ALL)
    assert (test.rating, test.elapsed_days, test.is_kept) == (Rating.HARD, 4, False)
    (recall,) = found.index.db.execute("SELECT recall FROM reviews WHERE id = 'r3'").fetchone()
    assert test.recall == recall


# How cards stand, and stood.


def test_a_card_stands_as_its_memory_says(tmp_path: Path) -> None:
    found = learner(tmp_path, review("r1", 0, "axes"), review("r2", 0, "gone"))
    memory = replay([review("r1", 0, "axes")], Rules())
    assert memory is not None
    cards = standings(found.index, ALL, TODAY + 5, DEFAULT)
    assert [card.card for card in cards] == ["axes", "bias", "new", "gap"]
    assert [card.recall for card in cards] == [
        retrievability(memory, TODAY + 5, DEFAULT), None, None, None,
    ]  # fmt: skip
    (gap,) = standings(found.index, Selection(topics=("loss",)), TODAY, DEFAULT)
    assert (gap.card, gap.topic, gap.lapses) == ("gap", "loss", 0)


def log(seed: int) -> list[Event]:
    """Forty days of all sorts of reviews, in one zone."""
    rng = Random(seed)
    events: list[Event] = []
    minutes = 0.0
    for n in range(120):
        minutes += rng.choice([0.5, 5, 300, A_DAY, 2 * A_DAY])
        card = rng.choice(["axes", "bias", "gap", "gone"])
        fields = {"rating": a_rating(rng), "is_cram": rng.random() < 0.1}
        events.append(review(f"r{n}", minutes, card, **fields))
        if rng.random() < 0.1:
            events.append(undo(f"u{n}", f"r{n - rng.randint(0, min(n, 5))}", minutes))
    return events


def kept(events: list[Event]) -> list[Review]:
    """The reviews that count."""
    gone = {event.review for event in events if not isinstance(event, Review)}  # type: ignore[union-attr]
    return [e for e in events if isinstance(e, Review) and e.id not in gone and not e.is_cram]


@pytest.mark.parametrize("seed", range(4))
def test_every_count_is_what_python_counts(seed: int, tmp_path: Path) -> None:
    events = log(seed)
    found = learner(tmp_path, *events)
    reviews = kept(events)
    wanted = Counter(study_day(r.reviewed_at, 480) - TODAY for r in reviews)
    assert days(found) == wanted
    assert done(found.index, ALL).ratings == {
        rating: sum(r.rating == rating for r in reviews) for rating in Rating
    }
    tests = 0
    last: dict[str, int] = {}
    for r in reviews:
        day = study_day(r.reviewed_at, 480)
        tests += r.card in last and day > last[r.card]
        last[r.card] = day
    assert sum(p.reviews for p in predictions(found.index, ALL)) == tests > 0


@pytest.mark.parametrize("seed", range(4))
def test_the_readiness_of_a_day_is_what_a_replay_up_to_its_end_gives(
    seed: int, tmp_path: Path
) -> None:
    events = [*log(seed), weights("w", 0)]
    found = learner(tmp_path, *events)
    fsrs = found.fsrs
    assert fsrs != DEFAULT
    reviews, cards = kept(events[:-1]), [card for deck in DECKS.values() for card in deck]
    last = study_day(START + timedelta(days=100), 480)
    every = range(TODAY - 1, last + 1)
    ready = forgetting.readiness(stretches(found.index, ALL, last, fsrs), len(cards), every, fsrs)
    for day, share in ready:
        assert share == pytest.approx(replayed(reviews, cards, day, fsrs), abs=1e-12)


def replayed(reviews: list[Review], cards: list[str], day: int, fsrs: Fsrs) -> float:
    """The mean retrievability of these cards at the end of a study day."""
    past = [r for r in reviews if study_day(r.reviewed_at, 480) <= day]
    memories = [
        memory
        for card in cards
        if (memory := replay([r for r in past if r.card == card], Rules(fsrs)))
    ]
    return sum(retrievability(memory, day, fsrs) for memory in memories) / len(cards)


def test_a_clock_that_was_set_back_makes_no_card_count_twice(tmp_path: Path) -> None:
    found = learner(
        tmp_path,
        review("r1", 5 * A_DAY, "axes"),
        review("r2", 4 * A_DAY, "axes"),
        review("r3", 9 * A_DAY, "axes"),
    )
    days = range(TODAY, TODAY + 20)
    for _, share in forgetting.readiness(
        stretches(found.index, ALL, days[-1], DEFAULT), 1, days, DEFAULT
    ):
        assert share <= 1
