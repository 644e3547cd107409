"""Forgetting curves and readiness: what a log of known answers gives, and laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_cli.domain.review import Rating
from interview_cli.scheduling.forgetting import (
    FirstTest,
    Stretch,
    curves,
    interval,
    points,
    readiness,
    stability,
)
from interview_cli.scheduling.fsrs import DEFAULT

TESTS = st.lists(
    st.builds(
        FirstTest, st.sampled_from(Rating), st.integers(1, 500), st.floats(0.05, 1), st.booleans()
    ),
    min_size=1,
    max_size=80,
)


def test_the_curve_goes_through_what_was_predicted() -> None:
    for days, s in ((1, 0.3), (5, 7.0), (90, 40.0)):
        recall = DEFAULT.retrievability(days, s)
        assert stability(FirstTest(Rating.GOOD, days, recall, True), DEFAULT) == pytest.approx(s)


def test_a_certain_prediction_has_a_finite_stability() -> None:
    assert 0 < stability(FirstTest(Rating.EASY, 3, 1.0, True), DEFAULT) < float("inf")


def test_each_first_rating_has_its_curve_at_the_median_stability() -> None:
    def made(rating: Rating, s: float) -> FirstTest:
        return FirstTest(rating, 2, DEFAULT.retrievability(2, s), True)

    stabilities = [(Rating.GOOD, 3.0), (Rating.AGAIN, 0.5), (Rating.GOOD, 9.0), (Rating.GOOD, 4.0)]
    found = curves([made(*each) for each in stabilities], DEFAULT)
    assert [curve.rating for curve in found] == [Rating.AGAIN, Rating.GOOD]
    assert [curve.stability for curve in found] == pytest.approx([0.5, 4.0])
    (pair,) = curves([made(Rating.HARD, 2.0), made(Rating.HARD, 3.0)], DEFAULT)
    assert pair.stability == pytest.approx(2.5)


def test_points_are_the_share_that_was_kept_after_so_many_days() -> None:
    def after(days: int, is_kept: bool) -> FirstTest:
        return FirstTest(Rating.GOOD, days, 0.9, is_kept)

    one, several = points([after(1, True), after(3, True), after(4, False), after(3, True)])
    assert (one.elapsed_days, one.reviews, one.true) == (1, 1, 1.0)
    assert several.reviews == 3
    assert several.elapsed_days == pytest.approx(10 / 3)
    assert several.true == pytest.approx(2 / 3)


@given(TESTS)
def test_the_points_hold_every_test_once(tests: list[FirstTest]) -> None:
    found = points(tests)
    assert sum(point.reviews for point in found) == len(tests)
    assert sum(point.reviews * point.true for point in found) == pytest.approx(
        sum(test.is_kept for test in tests)
    )
    days = [point.elapsed_days for point in found]
    assert days == sorted(days)


def test_the_interval_is_wilsons() -> None:
    # Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for kept, reviews, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert interval(kept, reviews) == pytest.approx((low, high), abs=6e-5)


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_in_bounds(found: tuple[int, int]) -> None:
    kept, reviews = found
    low, high = interval(kept, reviews)
    assert 0 <= low <= kept / reviews + 1e-12
    assert kept / reviews - 1e-12 <= high <= 1
    assert low < high


# Readiness.


def growth(s: float) -> float:
    return DEFAULT.factor / s


def test_a_card_is_known_on_its_day_and_fades_until_its_next() -> None:
    found = readiness(
        [Stretch(10, 13, growth(2.0)), Stretch(13, 15, growth(8.0))], 2, range(9, 15), DEFAULT
    )
    r = DEFAULT.retrievability
    wanted = [0, 1, r(1, 2.0), r(2, 2.0), 1, r(1, 8.0)]
    assert [day for day, _ in found] == [9, 10, 11, 12, 13, 14]
    assert [share for _, share in found] == pytest.approx([share / 2 for share in wanted])


STRETCHES = st.lists(
    st.builds(
        lambda begin, days, s: Stretch(begin, begin + days, growth(s)),
        st.integers(0, 60), st.integers(1, 60), st.floats(0.1, 100),
    ),
    max_size=20,
)  # fmt: skip


@given(STRETCHES, st.integers(0, 50), st.integers(1, 9))
def test_fewer_days_are_some_of_all_days(stretches: list[Stretch], first: int, step: int) -> None:
    every = dict(readiness(stretches, 20, range(first, 121), DEFAULT))
    some = readiness(stretches, 20, range(120, first - 1, -step)[::-1], DEFAULT)
    assert [share for _, share in some] == pytest.approx([every[day] for day, _ in some])
    assert all(0 <= share <= 1 for share in every.values())
