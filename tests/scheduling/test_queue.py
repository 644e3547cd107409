"""The queue: what is asked next, and what is held back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_cli.scheduling.queue import (
    LEARN_AHEAD,
    Queue,
    Waiting,
    choose,
    new_today,
    with_waiting,
    without,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def waiting(**minutes):
    """Cards in steps, by the minutes from now until they come due."""
    return tuple(sorted(Waiting(NOW + timedelta(minutes=m), card) for card, m in minutes.items()))


def order(queue, now=NOW):
    """All cards in the order in which they would be asked, were each taken out at once."""
    found = []
    for _ in range(queue.size):
        if (card := choose(queue, now)) is not None:
            found.append(card)
            queue = without(queue, card)
    return found


def test_due_cards_come_before_new_ones_and_both_before_skipped_ones():
    queue = Queue(due=("d1", "d2"), fresh=("n1", "n2"), skipped=("s",))
    assert order(queue) == ["d1", "d2", "n1", "n2", "s"]


def test_a_step_that_is_due_comes_before_everything():
    queue = Queue(due=("d",), fresh=("n",), waiting=waiting(w=0), skipped=("s",))
    assert order(queue)[0] == "w"


def test_a_step_that_is_not_due_comes_after_everything():
    queue = Queue(due=("d",), fresh=("n",), waiting=waiting(w=1), skipped=("s",))
    assert order(queue) == ["d", "n", "s", "w"]


def test_steps_come_in_the_order_in_which_they_fall_due():
    queue = Queue(waiting=waiting(late=-1, later=0, soon=3, sooner=2))
    assert order(queue) == ["late", "later", "sooner", "soon"]


def test_a_step_is_asked_at_most_twenty_minutes_ahead():
    at = NOW + LEARN_AHEAD
    assert timedelta(minutes=20) == LEARN_AHEAD
    assert choose(Queue(waiting=(Waiting(at, "w"),)), NOW) == "w"
    assert choose(Queue(waiting=(Waiting(at, "w"),)), NOW - TICK) is None


@pytest.mark.parametrize("place", ["due", "fresh", "skipped"])
def test_a_card_that_was_given_away_is_never_chosen(place):
    queue = Queue()._replace(**{place: ("a", "b")})
    assert choose(queue, NOW, ["a"]) == "b"
    assert choose(queue, NOW, ["a", "b"]) is None
    assert choose(queue, NOW, ["b", "elsewhere"]) == "a"


@pytest.mark.parametrize("minutes", [0, 10])
def test_a_step_that_was_given_away_is_not_chosen_either(minutes):
    queue = Queue(waiting=waiting(a=minutes))
    assert choose(queue, NOW, ["a"]) is None
    assert choose(queue._replace(fresh=("b",)), NOW, ["a"]) == "b"


def test_an_empty_queue_gives_nothing():
    assert choose(Queue(), NOW) is None
    assert Queue().size == 0


def test_the_size_counts_every_place():
    assert Queue(("d",), ("n", "m"), waiting(w=5), ("s",)).size == 5


@pytest.mark.parametrize("card", ["d", "e", "n", "m", "w", "v", "s", "t"])
def test_a_card_is_taken_out_wherever_it_stands(card):
    queue = Queue(("d", "e"), ("n", "m"), waiting(w=5, v=0), ("s", "t"))
    rest = without(queue, card)
    assert rest.size == queue.size - 1
    assert card not in order(rest)
    assert order(rest) == [c for c in order(queue) if c != card]


def test_taking_out_a_card_that_is_not_there_changes_nothing():
    queue = Queue(("d",), ("n",), waiting(w=5), ("s",))
    assert without(queue, "x") == queue


@given(st.lists(st.integers(-60, 60), max_size=8))
def test_waiting_cards_stay_sorted(minutes):
    queue = Queue()
    for count, m in enumerate(minutes):
        queue = with_waiting(queue, f"c{count}", NOW + timedelta(minutes=m))
    assert list(queue.waiting) == sorted(queue.waiting)
    assert queue.size == len(minutes)


@pytest.mark.parametrize(
    ("per_day", "introduced", "left"),
    [(20, 0, 20), (20, 19, 1), (20, 20, 0), (20, 25, 0), (0, 0, 0)],
)
def test_new_cards_are_capped_by_the_day(per_day, introduced, left):
    assert new_today(per_day, introduced) == left
