"""What was measured of the learner: seconds, ratings, days."""

from pathlib import Path

import pytest

from interview_cli.domain.review import Rating
from interview_cli.scheduling.days import study_day
from interview_cli.store import effort
from interview_cli.store.effort import Ratings
from interview_cli.store.history import History

from .material import START, review, scratch, undo, weights, write

DAY_MIN = 24 * 60
TODAY = study_day(START, 480)


@pytest.fixture
def read(tmp_path: Path) -> History:
    """Two machines: steps and second tries, a cram review, one that was undone."""
    write(
        tmp_path / "a.jsonl",
        review("a1", 0, rating=Rating.AGAIN, elapsed_ms=10_000),
        review("a2", 1, rating=Rating.GOOD, elapsed_ms=4000),
        review("a3", 3 * DAY_MIN, rating=Rating.HARD, elapsed_ms=7000),
        review("a4", 3 * DAY_MIN + 5, rating=Rating.EASY, elapsed_ms=600),
        review("crammed", 3 * DAY_MIN + 6, rating=Rating.AGAIN, elapsed_ms=90_000, is_cram=True),
        review("other", 5, "bn-ln", rating=Rating.EASY, elapsed_ms=1000),
    )
    write(
        tmp_path / "b.jsonl",
        review("b1", DAY_MIN, rating=Rating.GOOD, elapsed_ms=5000),
        review("wrong", DAY_MIN + 1, rating=Rating.AGAIN, elapsed_ms=80_000),
        undo("u1", "wrong", DAY_MIN + 2),
        review("b2", 4 * DAY_MIN, "bn-ln", rating=Rating.AGAIN, elapsed_ms=2000),
    )
    return scratch(tmp_path)


def test_a_cards_seconds_are_summed_by_study_day(read: History) -> None:
    found = effort.seconds_by_card(read.index)
    assert {card: sorted(seconds) for card, seconds in found.items()} == {
        "bn-axes": [5, 7.6, 14],
        "bn-ln": [1, 2],
    }


def test_what_was_spent_on_a_day_is_of_all_machines_and_cards(read: History) -> None:
    days = [effort.spent_s(read.index, TODAY + number) for number in range(-1, 6)]
    assert days == pytest.approx([0, 15, 5, 0, 7.6, 2, 0])


def test_an_interruption_uses_up_no_day(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", review("r", 0, elapsed_ms=40 * 60_000))
    assert effort.spent_s(scratch(tmp_path).index, TODAY) == 600


def test_first_ratings_and_those_of_later_days_are_counted_apart(read: History) -> None:
    found = effort.ratings(read.index)
    assert found == Ratings(first=(1, 0, 0, 1), later=(1, 1, 1, 0))


def test_histories_are_in_the_order_of_all_machines(read: History) -> None:
    assert effort.histories(read.index) == {
        "bn-axes": [(TODAY, 1), (TODAY, 3), (TODAY + 1, 3), (TODAY + 3, 2), (TODAY + 3, 4)],
        "bn-ln": [(TODAY, 4), (TODAY + 4, 1)],
    }


def test_a_clock_that_was_set_back_changes_no_order_within_a_machine(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", review("z", 2 * DAY_MIN), review("a", 0, rating=Rating.AGAIN))
    read = scratch(tmp_path)
    assert effort.histories(read.index) == {"bn-axes": [(TODAY + 2, 3), (TODAY, 1)]}
    assert effort.ratings(read.index) == Ratings((0, 0, 1, 0), (0, 0, 0, 0))


def test_an_undone_first_review_leaves_the_next_as_the_first(tmp_path: Path) -> None:
    write(
        tmp_path / "a.jsonl",
        review("a1", 0, rating=Rating.EASY),
        undo("u1", "a1", 1),
        review("a2", DAY_MIN, rating=Rating.HARD),
    )
    read = scratch(tmp_path)
    assert effort.ratings(read.index) == Ratings((0, 1, 0, 0), (0, 0, 0, 0))
    assert effort.histories(read.index) == {"bn-axes": [(TODAY + 1, 2)]}
    assert effort.spent_s(read.index, TODAY) == 0


def test_the_first_rating_is_the_earliest_though_its_machine_was_read_later(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", review("late", DAY_MIN, rating=Rating.GOOD))
    write(tmp_path / "b.jsonl", review("early", 0, rating=Rating.AGAIN))
    read = scratch(tmp_path)
    assert effort.ratings(read.index).first == (1, 0, 0, 0)


def test_of_an_empty_log_there_is_nothing(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", weights("w1"))
    read = scratch(tmp_path)
    assert effort.seconds_by_card(read.index) == effort.histories(read.index) == {}
    assert effort.spent_s(read.index, TODAY) == 0
    assert effort.ratings(read.index) == Ratings((0, 0, 0, 0), (0, 0, 0, 0))
