"""Each statistic on logs whose answers are known, and the laws that hold for all logs."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_cli.scheduling.statistics import (
    BUCKETS,
    LEVELS,
    Bucket,
    Day,
    Predicted,
    Retention,
    Standing,
    calibration,
    calibration_error,
    heat,
    judgement,
    last_days,
    longest_streak,
    mean_recall,
    retention,
    streak,
    weakest,
)

MONDAY = date(2026, 11, 23).toordinal()
DAYS = st.dictionaries(
    st.integers(MONDAY - 400, MONDAY), st.integers(1, 900).map(lambda n: Day(n, 1000 * n))
)
PREDICTIONS = st.lists(
    st.tuples(st.floats(0.01, 1), st.integers(1, 50), st.floats(0, 1)), min_size=1, max_size=60
).map(lambda found: [Predicted(recall, n, round(n * kept)) for recall, n, kept in found])


def on(*days: int) -> dict[int, Day]:
    return {day: Day(1, 1000) for day in days}


# How much was done.


def test_a_streak_ends_today_or_yesterday() -> None:
    assert streak(on(7, 8, 9), 9) == 3
    assert streak(on(7, 8, 9), 10) == 3
    assert streak(on(7, 8, 9), 11) == 0
    assert streak(on(5, 7, 8), 8) == 2
    assert streak({}, 8) == 0


def test_the_longest_streak_may_be_long_past() -> None:
    assert longest_streak(on(1, 2, 3, 5, 9, 10)) == 3
    assert longest_streak(on(4)) == 1
    assert longest_streak({}) == 0


@given(DAYS)
def test_no_streak_is_longer_than_the_longest(days: dict[int, Day]) -> None:
    assert streak(days, MONDAY) <= longest_streak(days) <= len(days)


def test_the_last_days_end_today_and_the_empty_ones_are_there() -> None:
    assert last_days({3: Day(2, 500), 5: Day(1, 100)}, 5, 4) == [
        Day(), Day(2, 500), Day(), Day(1, 100),
    ]  # fmt: skip


def test_a_week_of_the_heat_map_begins_on_monday_and_the_last_one_today() -> None:
    days = {MONDAY - 1: Day(3), MONDAY: Day(5), MONDAY + 2: Day(1), MONDAY + 3: Day(9)}
    found = heat(days, MONDAY + 2, 2)
    assert found.first == MONDAY - 7
    assert found.weeks == ((0, 0, 0, 0, 0, 0, 3), (5, 0, 1))
    assert heat(days, MONDAY + 6, 1).weeks == ((5, 0, 1, 9, 0, 0, 0),)


@given(DAYS, st.integers(1, 60), st.integers(0, 6))
def test_the_heat_map_holds_every_review_of_its_span(
    days: dict[int, Day], weeks: int, later: int
) -> None:
    found = heat(days, MONDAY + later, weeks)
    assert len(found.weeks) == weeks
    assert all(len(week) == 7 for week in found.weeks[:-1])
    assert found.first % 7 == MONDAY % 7
    wanted = sum(d.reviews for day, d in days.items() if found.first <= day <= MONDAY + later)
    assert sum(map(sum, found.weeks)) == wanted


@given(DAYS)
def test_more_reviews_are_never_a_lower_level(days: dict[int, Day]) -> None:
    found = heat(days, MONDAY, 70)
    levels = [found.level(count) for count in range(1000)]
    assert levels == sorted(levels)
    assert levels[0] == 0
    assert set(levels[1:]) <= set(range(1, LEVELS + 1))


def test_one_mad_day_does_not_hide_the_others() -> None:
    days = {MONDAY - ago: Day(10) for ago in range(20)} | {MONDAY - 20: Day(5000)}
    assert heat(days, MONDAY, 4).level(10) == LEVELS


# How well it is remembered, and predicted.


def test_retention_is_the_share_that_was_kept() -> None:
    found = retention([Predicted(0.9, 8, 6), Predicted(0.5, 2, 2)])
    assert found is not None
    assert (found.reviews, found.true) == (10, 0.8)
    assert found.predicted == pytest.approx(0.82)
    # Var of the sum: 8 of 0.9 * 0.1 and 2 of 0.25.
    assert found.error == pytest.approx((8 * 0.09 + 2 * 0.25) ** 0.5 / 10)


def test_without_a_test_there_is_no_retention() -> None:
    assert retention([]) is None
    assert calibration([]) == []
    assert calibration_error([]) is None


@pytest.mark.parametrize(
    ("reviews", "true", "word"),
    [(49, 0.5, "few"), (50, 0.5, "less"), (100, 0.9, "fits"), (100, 0.94, "fits"),
     (100, 0.99, "more"), (100, 0.83, "less"), (10_000, 0.91, "more")],
)  # fmt: skip
def test_a_gap_counts_where_chance_does_not_explain_it(
    reviews: int, true: float, word: str
) -> None:
    kept = retention([Predicted(0.9, reviews, round(true * reviews))])
    assert kept is not None
    assert judgement(kept) == word


def test_a_prediction_that_cannot_fail_may_be_right() -> None:
    assert judgement(Retention(60, 1.0, 1.0, 0.0)) == "fits"


@given(PREDICTIONS)
def test_the_buckets_hold_every_review_once_and_in_order(found: list[Predicted]) -> None:
    buckets = calibration(found)
    whole = retention(found)
    assert whole is not None
    assert 1 <= len(buckets) <= BUCKETS
    assert sum(b.reviews for b in buckets) == whole.reviews
    assert sum(b.reviews * b.true for b in buckets) == pytest.approx(whole.true * whole.reviews)
    expected = whole.predicted * whole.reviews
    assert sum(b.reviews * b.predicted for b in buckets) == pytest.approx(expected)
    for bucket in buckets:
        assert bucket.low <= bucket.predicted + 1e-9
        assert bucket.predicted <= bucket.high + 1e-9
    lows = [b.low for b in buckets]
    assert lows == sorted(lows)
    assert all(one.high <= two.low for one, two in pairwise(buckets))


@given(PREDICTIONS, st.randoms())
def test_the_order_of_the_reviews_changes_no_bucket(found: list[Predicted], rng: object) -> None:
    other = list(found)
    rng.shuffle(other)  # type: ignore[attr-defined]
    assert calibration(other) == calibration(found)


def test_buckets_have_about_as_many_reviews_each() -> None:
    found = calibration([Predicted(0.5 + n / 1000, 1, 1) for n in range(500)])
    assert [b.reviews for b in found] == [50] * BUCKETS


def test_few_reviews_make_few_buckets() -> None:
    assert len(calibration([Predicted(0.5 + n / 100, 1, 1) for n in range(9)])) == 1
    assert len(calibration([Predicted(0.5 + n / 100, 1, 1) for n in range(39)])) == 3


def test_the_calibration_error_weighs_buckets_by_their_reviews() -> None:
    buckets = [Bucket(0.5, 0.6, 30, 0.5, 0.6), Bucket(0.9, 0.9, 10, 1.0, 0.9)]
    assert calibration_error(buckets) == pytest.approx(0.1)
    assert calibration_error([*buckets, Bucket(0.9, 1, 40, 0.95, 0.95)]) == pytest.approx(0.05)


def test_the_weakest_card_is_the_one_most_probably_forgotten() -> None:
    cards = [
        Standing("b", "t", 0.9, 0),
        Standing("new", "t", None, 0),
        Standing("c", "t", 0.4, 8),
        Standing("a", "t", 0.9, 7),
    ]
    found = weakest(cards, 2)
    assert [card.card for card in found] == ["c", "a"]
    assert [card.is_leech for card in found] == [True, False]
    assert mean_recall(cards) == pytest.approx(2.2 / 3)
    assert mean_recall(cards[1:2]) is None
