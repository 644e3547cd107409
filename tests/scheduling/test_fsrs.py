"""FSRS-6 against its laws, its published vectors and the `fsrs` package."""

import random
from datetime import UTC, datetime, timedelta

import fsrs as oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_cli.domain.review import Rating
from interview_cli.scheduling import fsrs
from interview_cli.scheduling.scheduler import Memory, interval_days, review

START = datetime(2022, 11, 29, 12, 30, tzinfo=UTC)
stabilities = st.floats(0.01, 1000)
difficulties = st.floats(1, 10)
recalls = st.floats(0.01, 0.999)


@given(stabilities)
def test_retrievability_is_nine_tenths_after_one_stability(s):
    assert fsrs.retrievability(s, s) == pytest.approx(0.9, rel=1e-12)


@given(stabilities, st.floats(0.7, 0.98))
def test_the_interval_is_the_time_at_which_retrievability_reaches_the_target(s, retention):
    assert fsrs.retrievability(fsrs.interval(s, retention), s) == pytest.approx(retention)


@given(difficulties, stabilities, recalls)
def test_a_better_rating_never_leaves_less_stability(d, s, r):
    after = [fsrs.stability_after_recall(d, s, r, rating) for rating in (2, 3, 4)]
    assert fsrs.stability_after_lapse(d, s, r) <= s <= after[0]
    assert after == sorted(after)


@given(difficulties, st.integers(1, 4))
def test_difficulty_stays_between_1_and_10(d, rating):
    assert 1 <= fsrs.next_difficulty(d, rating) <= 10


@given(st.lists(stabilities, min_size=2, max_size=2), st.floats(0, 0.999999))
def test_more_stability_never_makes_a_card_due_earlier(two, fuzz):
    short, long = sorted(two)
    assert interval_days(short, None) <= interval_days(long, None)
    assert interval_days(short, fuzz) <= interval_days(long, fuzz)


def test_the_published_intervals():
    """https://github.com/open-spaced-repetition/py-fsrs, tests/test_basic.py."""
    memory: Memory | None = None
    at, found = START, []
    for rating in (3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3):
        memory = review(memory, Rating(rating), at, 0, rollover_hour=0)
        found.append(memory.interval_days)
        at = memory.due_at if memory.interval_days == 0 else at + timedelta(memory.interval_days)
    assert found == [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]


def test_the_published_memory_state():
    memory: Memory | None = None
    at = START
    for rating, days in zip((1, 3, 3, 3, 3, 3), (0, 0, 1, 3, 8, 21), strict=True):
        at += timedelta(days=days)
        memory = review(memory, Rating(rating), at, 0)
    assert memory is not None
    assert memory.stability == pytest.approx(53.62690, abs=5e-6)
    assert memory.difficulty == pytest.approx(6.357487, abs=5e-7)


def histories(count, seed):
    """Random ratings with random whole days between them."""
    rng = random.Random(seed)
    for _ in range(count):
        length = rng.randint(1, 25)
        yield [
            (rng.choice((1, 2, 3, 3, 3, 4)), rng.choice((0, 0, 1, 1, 2, 3, 7, 20, 60, 200)))
            for _ in range(length)
        ]


def disagreement(count, seed):
    """The largest relative difference in S and D from the `fsrs` package."""
    theirs = oracle.Scheduler(enable_fuzzing=False)
    worst = 0.0
    for history in histories(count, seed):
        card, memory, at = oracle.Card(card_id=1), None, START  # without an id it sleeps 1 ms
        for rating, days in history:
            at += timedelta(days=days, minutes=1 if days == 0 else 0)
            card, _ = theirs.review_card(card, oracle.Rating(rating), at)
            memory = review(memory, Rating(rating), at, 0, rollover_hour=0)
            # Days are made equal: theirs are periods of 24 hours, ours are calendar days.
            at = at.replace(hour=12, minute=30)
            card.last_review = at
            memory = memory._replace(reviewed_at=at)
            assert card.stability is not None
            assert card.difficulty is not None
            for mine, right in (
                (memory.stability, card.stability),
                (memory.difficulty, card.difficulty),
            ):
                worst = max(worst, abs(mine - right) / right)
            assert int(card.state) == int(memory.phase)
            assert (card.step or 0) == memory.step
    return worst


def test_random_histories_agree_with_the_fsrs_package():
    assert disagreement(10_000, seed=6) <= 1e-9
