"""FSRS-6 against its laws, its published vectors and the `fsrs` package."""

import math
import random
from datetime import UTC, datetime, timedelta

import fsrs as oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_cli.domain.review import Rating
from interview_cli.scheduling.fsrs import DEFAULT, LOWER, MAX_STABILITY, UPPER, WEIGHTS, Fsrs
from interview_cli.scheduling.scheduler import Memory, Rules, interval_days, review

START = datetime(2022, 11, 29, 12, 30, tzinfo=UTC)
MIDNIGHT = Rules(rollover_hour=0)
stabilities = st.floats(0.01, 1000)
difficulties = st.floats(1, 10)
recalls = st.floats(0.01, 0.999)
models = st.one_of(
    st.just(DEFAULT),
    st.tuples(*(st.floats(low, high) for low, high in zip(LOWER, UPPER, strict=True))).map(Fsrs),
)


# Laws, whatever the weights.


@given(models, stabilities)
def test_retrievability_is_nine_tenths_after_one_stability(fsrs, s):
    assert fsrs.retrievability(s, s) == pytest.approx(0.9, rel=1e-12)


@given(models, stabilities, st.floats(0.7, 0.98))
def test_the_interval_is_the_time_at_which_retrievability_reaches_the_target(fsrs, s, retention):
    assert fsrs.retrievability(fsrs.interval(s, retention), s) == pytest.approx(retention)


@given(models, difficulties, stabilities, recalls)
def test_a_better_rating_never_leaves_less_stability(fsrs, d, s, r):
    after = [fsrs.stability_after_recall(d, s, r, rating) for rating in (2, 3, 4)]
    assert fsrs.stability_after_lapse(d, s, r) <= s <= after[0]
    assert after == sorted(after)


@given(models, stabilities)
def test_on_one_day_only_again_leaves_less_stability(fsrs, s):
    again, *others = [fsrs.stability_same_day(s, rating) for rating in Rating]
    assert again <= others[0]
    assert s <= others[0]
    assert others == sorted(others)


@given(models, difficulties, st.integers(1, 4))
def test_difficulty_stays_between_1_and_10(fsrs, d, rating):
    assert 1 <= fsrs.initial_difficulty(rating) <= 10
    assert 1 <= fsrs.next_difficulty(d, rating) <= 10


@given(models, st.lists(stabilities, min_size=2, max_size=2), st.floats(0, 0.999999))
def test_more_stability_never_makes_a_card_due_earlier(fsrs, two, fuzz):
    short, long = sorted(two)
    assert interval_days(short, None, fsrs) <= interval_days(long, None, fsrs)
    assert interval_days(short, fuzz, fsrs) <= interval_days(long, fuzz, fsrs)


def test_no_weights_and_no_history_leave_what_is_no_number():
    """With w₁₉ = 0 each *easy* on one day multiplies the stability by 403."""
    weights = list(UPPER)
    weights[9] = weights[19] = 0.0
    rules, memory, at = Rules(Fsrs(weights)), None, START
    for rating in [Rating.EASY] * 300 + [Rating.AGAIN] * 300 + list(Rating) * 9:
        memory = review(memory, rating, at, 0, rules)
        assert 0 < memory.stability <= MAX_STABILITY
        assert memory.interval_days >= 1 or memory.phase != 2
        at += timedelta(minutes=1)


# Weights.


def other(place, weight):
    return [*WEIGHTS[:place], weight, *WEIGHTS[place + 1 :]]


def test_the_published_weights_lie_within_the_published_bounds():
    assert WEIGHTS == oracle.scheduler.DEFAULT_PARAMETERS
    assert LOWER == oracle.scheduler.LOWER_BOUNDS_PARAMETERS
    assert UPPER == oracle.scheduler.UPPER_BOUNDS_PARAMETERS
    for weights in (WEIGHTS, LOWER, UPPER):
        assert Fsrs(weights).weights == weights


@pytest.mark.parametrize("place", range(21))
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, "below", "above"])
def test_a_weight_out_of_its_bounds_is_refused(place, bad):
    ends = {
        "below": math.nextafter(LOWER[place], -math.inf),
        "above": math.nextafter(UPPER[place], math.inf),
    }
    with pytest.raises(ValueError, match=f"weight {place} is .*between {LOWER[place]} and "):
        Fsrs(other(place, ends.get(bad, bad)))


@pytest.mark.parametrize("weights", [(), WEIGHTS[:20], (*WEIGHTS, 0.5)], ids=len)
def test_another_number_of_weights_is_refused(weights):
    with pytest.raises(ValueError, match=f"21 weights, not {len(weights)}"):
        Fsrs(weights)


def test_a_model_never_changes_and_is_known_by_its_weights():
    fsrs = Fsrs(list(WEIGHTS))
    assert fsrs == DEFAULT
    assert hash(fsrs) == hash(DEFAULT)
    assert fsrs != Fsrs(other(0, 0.3))
    assert fsrs != WEIGHTS
    for name in (*Fsrs.__slots__, "w"):
        with pytest.raises(AttributeError):
            setattr(fsrs, name, 1)
    assert fsrs.weights == WEIGHTS


# Published, and the package.


def test_the_published_intervals():
    """https://github.com/open-spaced-repetition/py-fsrs, tests/test_basic.py."""
    memory: Memory | None = None
    at, found = START, []
    for rating in (3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3):
        memory = review(memory, Rating(rating), at, 0, MIDNIGHT)
        found.append(memory.interval_days)
        at = memory.due_at if memory.interval_days == 0 else at + timedelta(memory.interval_days)
    assert found == [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]


def test_the_published_memory_state():
    memory: Memory | None = None
    at = START
    for rating, days in zip((1, 3, 3, 3, 3, 3), (0, 0, 1, 3, 8, 21), strict=True):
        at += timedelta(days=days)
        memory = review(memory, Rating(rating), at, 0, Rules())
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


def disagreement(count, seed, weights=WEIGHTS):
    """The largest relative difference in S and D from the `fsrs` package."""
    theirs = oracle.Scheduler(parameters=weights, enable_fuzzing=False)
    rules = Rules(Fsrs(weights), rollover_hour=0)
    worst = 0.0
    for history in histories(count, seed):
        card, memory, at = oracle.Card(card_id=1), None, START  # without an id it sleeps 1 ms
        for rating, days in history:
            at += timedelta(days=days, minutes=1 if days == 0 else 0)
            card, _ = theirs.review_card(card, oracle.Rating(rating), at)
            memory = review(memory, Rating(rating), at, 0, rules)
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


@pytest.mark.parametrize("seed", range(5))
def test_they_agree_with_other_weights_too(seed):
    rng = random.Random(seed)
    weights = [rng.uniform(low, high) for low, high in zip(LOWER, UPPER, strict=True)]
    assert disagreement(500, seed, weights) <= 1e-9


@pytest.mark.parametrize("weights", [LOWER, UPPER], ids=["least", "most"])
def test_they_agree_with_the_weights_at_their_ends(weights):
    assert disagreement(500, 6, weights) <= 1e-9
