"""Days and seconds until the day that counts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_cli.domain.review import Aim
from interview_cli.scheduling.aim import WEEKDAYS, budget_s, days_left, is_off

SATURDAY = date(2026, 11, 21)
TODAY = SATURDAY.toordinal()


def aim(days, minutes=30, off=()):
    on = SATURDAY + timedelta(days)
    return Aim("a", datetime(2026, 11, 1, tzinfo=UTC), 0, on, minutes, tuple(off))


@pytest.mark.parametrize("days", [-400, -1, 0, 1, 27, 730])
def test_days_left_are_none_on_the_day_and_negative_after_it(days):
    assert days_left(aim(days), TODAY) == days


def test_weekdays_and_dates_are_off():
    free = aim(27, off=("sat", "2026-12-01"))
    assert [day for day in range(TODAY, TODAY + 14) if is_off(free, day)] == [
        TODAY, TODAY + 7, TODAY + 10,
    ]  # fmt: skip


@pytest.mark.parametrize("number", range(7))
def test_a_weekday_is_the_one_of_the_calendar(number):
    day = date(2026, 11, 23 + number)  # a Monday, and on
    assert is_off(aim(27, off=[WEEKDAYS[number]]), day.toordinal())
    assert f"{day:%a}".lower() == WEEKDAYS[number]


def test_the_eve_is_the_last_day_with_seconds():
    assert budget_s(aim(3), TODAY) == [1800] * 3


def test_the_day_itself_is_one_last_look():
    assert budget_s(aim(0), TODAY) == budget_s(aim(1), TODAY) == [1800]


def test_once_the_day_has_passed_there_is_nothing():
    assert budget_s(aim(-1), TODAY) == []


def test_days_off_have_no_seconds():
    assert budget_s(aim(4, off=["sun", "2026-11-24"]), TODAY) == [1800, 0, 1800, 0]
    assert budget_s(aim(2, off=WEEKDAYS), TODAY) == [0, 0]


@given(
    st.integers(0, 9), st.integers(1, 1440), st.floats(0, 1e6), st.sets(st.sampled_from(WEEKDAYS))
)
def test_what_was_spent_is_taken_from_today_only_and_never_more_than_all(days, minutes, spent, off):
    fresh, used = (budget_s(aim(days, minutes, off), TODAY, s) for s in (0.0, spent))
    assert used[1:] == fresh[1:]
    assert used[0] == max(0, fresh[0] - spent)
    assert len(used) == max(days, 1)
