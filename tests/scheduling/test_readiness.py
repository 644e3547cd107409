"""The laws of readiness: what is expected on the day, and how sure that is."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interview_cli.domain.review import Rating, Review
from interview_cli.scheduling.days import study_day
from interview_cli.scheduling.fit import Assumed, fit, weights_at
from interview_cli.scheduling.fsrs import LOWER, UPPER, WEIGHTS, Fsrs
from interview_cli.scheduling.plan.problem import FIRST_RATINGS, LATER_RATINGS, Cards, Problem
from interview_cli.scheduling.readiness import (
    LEVEL,
    MODEL,
    Credit,
    Group,
    draws,
    fitted,
    left_alone,
    outlook,
    recalls,
    remembered,
    with_plan,
)
from interview_cli.scheduling.scheduler import Rules, replay, retrievability

EPOCH = datetime(2000, 1, 1, 12, tzinfo=UTC)
DAY = study_day(EPOCH, 0)
GAPS = st.sampled_from([0, 0, 1, 1, 2, 7, 40, -1, -9])


def history(gaps_and_ratings):
    """Days from gaps; below 0: the clock was set back."""
    day, found = DAY + 50, []
    for gap, rating in gaps_and_ratings:
        day += gap
        found.append((day, rating))
    return found


histories = st.lists(
    st.lists(st.tuples(GAPS, st.integers(1, 4)), max_size=9).map(history), min_size=1, max_size=7
)
people = st.lists(
    st.lists(st.floats(-1.5, 1.5), min_size=21, max_size=21).map(np.array).map(weights_at),
    min_size=1,
    max_size=3,
).map(np.array)


def replayed(weights, reviews):
    """The memory of a card as the program replays its log."""
    events = [
        Review(str(n), EPOCH + timedelta(day - DAY), 0, "card", Rating(rating))
        for n, (day, rating) in enumerate(reviews)
    ]
    return replay(events, Rules(Fsrs(weights)))


@settings(deadline=None)
@given(people, histories)
def test_memories_are_those_of_the_replayed_log(weights, cards):
    stability, difficulty = remembered(weights, cards)
    assert stability.shape == difficulty.shape == (len(weights), len(cards))
    for w, s, d in zip(weights, stability, difficulty, strict=True):
        for place, reviews in enumerate(cards):
            memory = replayed(w, reviews)
            expected = (memory.stability, memory.difficulty) if memory else (1, 5)
            assert (s[place], d[place]) == pytest.approx(expected, rel=1e-9)


@settings(deadline=None)
@given(people, histories, st.integers(1, 300))
def test_recalls_are_those_of_the_replayed_log(weights, cards, later):
    day = max((day for reviews in cards for day, _ in reviews), default=DAY) + later
    found = recalls(weights, cards, day)
    for w, row in zip(weights, found, strict=True):
        for p, reviews in zip(row, cards, strict=True):
            memory = replayed(w, reviews)
            expected = retrievability(memory, day, Fsrs(w)) if memory else 0
            assert p == pytest.approx(expected, abs=2e-6)


def test_without_any_card_that_was_seen_nothing_is_recalled():
    assert recalls(np.array([WEIGHTS]), [[], []], DAY).tolist() == [[0, 0]]
    stability, difficulty = remembered(np.array([WEIGHTS]), [[], []])
    assert (stability.tolist(), difficulty.tolist()) == ([[1, 1]], [[5, 5]])


# How sure it is.


def everything(cards):
    return Group(np.arange(cards), np.ones(cards))


def plain(cards):
    """Each card counts whether it is recalled."""
    return Credit(np.ones(cards), np.zeros(cards))


def studied(cards, days, seed=0):
    """Cards that were seen on some days of a month, mostly recalled."""
    rng = np.random.default_rng(seed)
    return [
        [(DAY + int(day), int(rng.choice([1, 3, 3, 3, 4]))) for day in sorted(rng.choice(30, days))]
        for _ in range(cards)
    ]


def log_odds_wide(found):
    return np.log(found.high / (1 - found.high)) - np.log(found.low / (1 - found.low))


def test_without_reviews_nothing_is_known_and_that_is_sure():
    (found,) = left_alone(fitted([[], []]), [[], []], DAY + 9, plain(2), [everything(2)])
    assert found == (0, 0, 0)


@settings(max_examples=20, deadline=None)
@given(histories, st.integers(0, 400))
def test_an_interval_lies_around_what_is_expected_and_inside_0_and_1(cards, later):
    credit, groups = plain(len(cards)), [everything(len(cards))]
    (found,) = left_alone(fitted(cards), cards, DAY + 50 + later, credit, groups)
    assert 0 <= found.low <= found.expected <= found.high <= 1
    if any(cards):
        assert found.low < found.high


def test_reviews_of_other_cards_make_it_surer():
    mine = studied(10, 3)
    groups, wide = [Group(np.arange(10), np.ones(10))], []
    for others in (0, 30, 300):
        cards = [*mine, *studied(others, 5, seed=1)]
        (found,) = left_alone(fitted(cards), cards, DAY + 60, plain(len(cards)), groups)
        wide.append(log_odds_wide(found))
    assert wide[0] > 1.1 * wide[1] > 1.1 * wide[2]


def test_more_cards_make_their_mean_surer():
    shares = [np.full(n, 1 / n) for n in (1, 10, 1000)]
    wide = [log_odds_wide(outlook(np.full(len(s), 0.8), s, 0.0)) for s in shares]
    assert wide[0] > 2 * wide[1] > 2 * wide[2]
    assert wide[2] > 2 * LEVEL * MODEL > 0  # the model may be off, however many there are


def test_what_the_weights_leave_open_is_added():
    one = np.ones(1)
    assert log_odds_wide(outlook(0.8 * one, one, 0.01)) > log_odds_wide(outlook(0.8 * one, one, 0))


def test_what_is_certain_has_an_interval_without_width():
    for p in (0.0, 1.0):
        assert outlook(np.full(3, p), np.full(3, 1 / 3), 0.0) == pytest.approx((p, p, p))


def test_all_is_the_weighted_mean_of_its_parts():
    cards = studied(9, 2)
    weight = np.arange(1.0, 10)
    parts = [np.arange(0, 4), np.arange(4, 9)]
    groups = [Group(np.arange(9), weight), *(Group(part, weight[part]) for part in parts)]
    all_, *rest = left_alone(fitted(cards), cards, DAY + 60, plain(9), groups)
    shares = [weight[part].sum() / weight.sum() for part in parts]
    mean = sum(share * part.expected for share, part in zip(shares, rest, strict=True))
    assert all_.expected == pytest.approx(mean, rel=1e-12)
    assert log_odds_wide(all_) < max(map(log_odds_wide, rest))


def test_code_counts_in_part():
    cards = studied(3, 3)
    groups = [Group(np.array([place]), np.ones(1)) for place in range(3)]
    full = left_alone(fitted(cards), cards, DAY + 60, plain(3), groups)
    credit = Credit(np.array([1.0, 0.5, 1.0]), np.array([0.0, 0.0, 0.25]))
    part = left_alone(fitted(cards), cards, DAY + 60, credit, groups)
    assert part[0] == full[0]
    assert part[1].expected == pytest.approx(full[1].expected / 2)
    assert part[2].expected == pytest.approx(0.25 + 0.75 * full[2].expected)


def test_it_fades_with_the_days():
    cards = studied(8, 3)
    found = [
        left_alone(fitted(cards), cards, DAY + day, plain(8), [everything(8)])[0].expected
        for day in (30, 31, 60, 400)
    ]
    assert found == sorted(found, reverse=True)
    assert found[0] > found[-1] + 0.1


# With a plan.


def a_problem(cards, budget_s):
    number = len(cards)
    is_new = np.array([not reviews for reviews in cards])
    age = np.array([DAY + 30 - reviews[-1][0] if reviews else 0 for reviews in cards], float)
    nonsense = np.full(number, np.nan)  # memories are those of the fit
    return Problem(
        Cards(nonsense, nonsense, age, is_new, np.full(number, 20.0), np.ones(number)),
        np.array(budget_s, float),
        np.full(21, np.nan),
        np.array(FIRST_RATINGS),
        np.array(LATER_RATINGS),
    )


def planned(cards, budget_s, credit=None, seed=0):
    credit = credit or plain(len(cards))
    rng = np.random.default_rng(seed)
    return with_plan(
        fitted(cards), cards, a_problem(cards, budget_s), credit, [everything(len(cards))], rng
    )[0]


def test_following_a_plan_is_better_than_to_stop():
    cards = [*studied(6, 2), [], []]
    (stop,) = left_alone(fitted(cards), cards, DAY + 34, plain(8), [everything(8)])
    plan, short = planned(cards, [600.0] * 4), planned(cards, [40.0] * 4)
    assert plan.expected > short.expected > stop.expected
    for found in (plan, short):
        assert 0 < found.low < found.expected < found.high < 1


def test_a_plan_without_any_second_leads_where_stopping_does():
    cards = [*studied(6, 2), []]
    (stop,) = left_alone(fitted(cards), cards, DAY + 33, plain(7), [everything(7)])
    assert planned(cards, [0.0] * 3).expected == pytest.approx(stop.expected, abs=0.03)


def test_what_the_weights_leave_open_and_the_luck_of_ratings_make_a_plan_unsure():
    cards = [*studied(3, 2), [], []]
    seen, new = Group(np.arange(3), np.ones(3)), Group(np.array([4]), np.ones(1))
    found, outlooks = fitted(cards), []
    for share in (1.0, 1e-12):
        unsure = found._replace(covariance=share * found.covariance)
        rng = np.random.default_rng(0)
        problem = a_problem(cards, [60.0] * 3)
        outlooks += with_plan(unsure, cards, problem, plain(5), [seen, new], rng)
    unsure, _, sure, lucky = outlooks
    assert log_odds_wide(unsure) > 1.05 * log_odds_wide(sure)
    without_luck = outlook(np.array([lucky.expected]), np.ones(1), 0.0)
    assert log_odds_wide(lucky) > 1.05 * log_odds_wide(without_luck)


def test_for_this_the_weights_are_fitted_as_for_people_whose_finger_slips():
    cards = [[(DAY, 4), *((DAY + n, 3) for n in (3, 9, 20)), (DAY + 21, 1)]] * 3
    slipped, exact = fitted(cards), fit(cards, Assumed(strength=1.0))
    assert slipped.weights != fit(cards).weights
    assert (
        recalls(np.array([slipped.weights]), cards, DAY + 40)[0, 0]
        > (recalls(np.array([exact.weights]), cards, DAY + 40)[0, 0])
    )


def test_a_plan_for_code_counts_in_part_too():
    cards = [*studied(3, 2), []]
    half = Credit(np.full(4, 0.5), np.zeros(4))
    whole, part = planned(cards, [600.0] * 2), planned(cards, [600.0] * 2, half)
    assert part.expected == pytest.approx(whole.expected / 2)


def test_with_a_plan_it_is_the_same_for_a_seed():
    cards = [*studied(3, 2), []]
    assert planned(cards, [60.0] * 2) == planned(cards, [60.0] * 2)
    assert planned(cards, [60.0] * 2) != planned(cards, [60.0] * 2, seed=1)


def test_weights_that_are_drawn_have_the_mean_and_spread_of_the_fit():
    found = fitted(studied(80, 5))
    drawn = draws(found, 4000, np.random.default_rng(0))
    assert ((drawn >= LOWER) & (drawn <= UPPER)).all()
    spread = np.sqrt(np.diag(found.covariance))
    w = np.array(found.weights)
    far = (LOWER + 3 * spread < w) & (w < UPPER - 3 * spread) & (np.arange(21) >= 4)
    assert far.sum() >= 3  # from their clamps
    np.testing.assert_allclose((drawn.mean(0) - w)[far] / spread[far], 0, atol=0.1)
    np.testing.assert_allclose(drawn.std(0)[far], spread[far], rtol=0.1)
    for n in range(4):  # log-normal
        logs = np.log(drawn[:, n] / found.weights[n])
        assert np.median(logs) == pytest.approx(0, abs=0.1 * spread[n] / w[n])
        assert logs.std() == pytest.approx(spread[n] / w[n], rel=0.1)
