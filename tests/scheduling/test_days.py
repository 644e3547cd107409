"""Study days: which moments belong together, in every zone and across summer time."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_cli.domain.review import Rating
from interview_cli.scheduling.days import ROLLOVER_HOUR, day_begins_at, elapsed_days, study_day
from interview_cli.scheduling.fsrs import DEFAULT
from interview_cli.scheduling.scheduler import Rules, retrievability, review

ZONES = range(-12 * 60, 14 * 60 + 1, 15)
TICK = timedelta(microseconds=1)

instants = st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))
zones = st.integers(-12 * 60, 14 * 60)
hours = st.integers(0, 23)


def local(text, zone_min):
    """The instant at which the clocks of a zone show `text`."""
    zone = timezone(timedelta(minutes=zone_min))
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def days_between(earlier, later, zone_min=0, rollover_hour=ROLLOVER_HOUR):
    days = [study_day(local(text, zone_min), zone_min, rollover_hour) for text in (earlier, later)]
    return days[1] - days[0]


@pytest.mark.parametrize("zone_min", ZONES)
def test_ten_to_midnight_and_ten_past_are_one_study_day(zone_min):
    assert days_between("2026-11-20 23:50", "2026-11-21 00:10", zone_min) == 0


@pytest.mark.parametrize("zone_min", ZONES)
def test_an_evening_and_the_next_morning_are_two_study_days(zone_min):
    assert days_between("2026-11-20 21:00", "2026-11-21 08:00", zone_min) == 1


@pytest.mark.parametrize("zone_min", ZONES)
def test_a_study_day_begins_at_four_in_every_zone(zone_min):
    four = local("2026-11-21 04:00", zone_min)
    assert study_day(four, zone_min) == datetime(2026, 11, 21).toordinal()
    assert study_day(four - TICK, zone_min) == datetime(2026, 11, 20).toordinal()
    assert day_begins_at(study_day(four, zone_min), zone_min) == four


@pytest.mark.parametrize("hour", range(24))
def test_the_roll_over_hour_can_be_any_hour(hour):
    begins = f"2026-11-21 {hour:02}:00"
    before = f"2026-11-{20 if hour == 0 else 21} {(hour - 1) % 24:02}:59:59.999999"
    assert days_between(before, begins, 330, hour) == 1
    assert days_between(begins, "2026-11-21 23:59:59", 330, hour) == 0


@pytest.mark.parametrize("zone_min", ZONES)
def test_the_zone_in_which_an_instant_is_written_does_not_count(zone_min):
    at = local("2026-11-21 03:30", zone_min)
    assert study_day(at, 60) == study_day(at.astimezone(UTC), 60)


def test_the_ends_of_a_leap_february_and_of_a_year_are_neighbours():
    assert days_between("2028-02-28 12:00", "2028-02-29 12:00") == 1
    assert days_between("2028-02-29 12:00", "2028-03-01 12:00") == 1
    assert days_between("2026-12-31 12:00", "2027-01-01 03:59") == 0
    assert days_between("2026-12-31 12:00", "2027-01-01 04:00") == 1


# Summer time: the log holds the zone's offset at each review, in minutes.

CHANGES = [
    ("Europe/Berlin", "2026-03-29", -60),
    ("Europe/Berlin", "2026-10-25", 60),
    ("America/New_York", "2026-03-08", -60),
    ("America/New_York", "2026-11-01", 60),
    ("Australia/Lord_Howe", "2026-10-04", -30),
    ("Australia/Lord_Howe", "2026-04-05", 30),
]


def walk(zone, date):
    """Every ten minutes from two days before a date to two days after it: the instant, what the
    clock on the wall shows, and the offset that the log holds."""
    at = datetime.fromisoformat(date).replace(tzinfo=UTC) - timedelta(days=2)
    for _ in range(5 * 24 * 6):
        wall = at.astimezone(ZoneInfo(zone))
        offset = wall.utcoffset()
        assert offset is not None
        yield at, wall.replace(tzinfo=None), round(offset.total_seconds() / 60)
        at += timedelta(minutes=10)


@pytest.mark.parametrize(("zone", "date", "longer_min"), CHANGES)
def test_the_walk_crosses_the_change(zone, date, longer_min):
    offsets = list(dict.fromkeys(offset for _, _, offset in walk(zone, date)))
    assert offsets[0] - offsets[1] == longer_min


@pytest.mark.parametrize(("zone", "date", "_longer_min"), CHANGES)
def test_the_study_day_follows_the_clock_on_the_wall(zone, date, _longer_min):
    for at, wall, offset in walk(zone, date):
        right = (wall - timedelta(hours=ROLLOVER_HOUR)).toordinal()
        assert study_day(at, offset) == right


@pytest.mark.parametrize(("zone", "date", "longer_min"), CHANGES)
def test_the_day_of_the_change_is_shorter_or_longer_by_just_that(zone, date, longer_min):
    day = datetime.fromisoformat(date).toordinal() - 1  # clocks change before the roll-over
    length = sum(10 for at, _, offset in walk(zone, date) if study_day(at, offset) == day)
    assert length == 24 * 60 + longer_min


@pytest.mark.parametrize(("zone", "date", "_longer_min"), CHANGES)
@pytest.mark.parametrize("hour", range(24))
def test_no_change_of_the_clocks_repeats_a_study_day(zone, date, _longer_min, hour):
    days = [study_day(at, offset, hour) for at, _, offset in walk(zone, date)]
    assert days == sorted(days)


# Clocks that are set back, and journeys.


def test_a_clock_that_was_set_back_gives_no_negative_interval():
    assert elapsed_days(739_000, 738_990) == 0
    assert elapsed_days(739_000, 739_000) == 0
    assert elapsed_days(739_000, 739_003) == 3


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_elapsed_days_are_never_negative(last, day):
    assert elapsed_days(last, day) == max(day - last, 0)


@given(instants, st.timedeltas(timedelta(0), timedelta(days=4000)), st.sampled_from(Rating))
def test_a_review_before_the_last_one_counts_as_the_same_day(at, back, rating):
    memory = review(None, Rating.EASY, at, 0, Rules())
    earlier = review(memory, rating, at - back, 0, Rules())
    at_once = review(memory, rating, at, 0, Rules())
    assert earlier.stability == at_once.stability
    assert earlier.interval_days == at_once.interval_days
    assert earlier.due_at > earlier.reviewed_at
    assert retrievability(memory, memory.reviewed_day - back.days, DEFAULT) == 1


def test_a_journey_to_the_west_changes_no_day_that_is_past():
    at = local("2026-11-21 05:00", 9 * 60)
    memory = review(None, Rating.EASY, at, 9 * 60, Rules())
    landed = review(memory, Rating.GOOD, at + timedelta(hours=10), -10 * 60, Rules())
    assert memory.reviewed_day == datetime(2026, 11, 21).toordinal()
    assert landed.reviewed_day == datetime(2026, 11, 20).toordinal()
    assert landed.first_day == memory.first_day
    assert landed.interval_days >= 1


# Laws.


@given(instants, st.timedeltas(timedelta(0), timedelta(days=400)), zones, hours)
def test_a_later_instant_in_one_zone_never_has_an_earlier_study_day(at, wait, zone_min, hour):
    assert study_day(at, zone_min, hour) <= study_day(at + wait, zone_min, hour)


@given(instants, zones, hours)
def test_an_instant_lies_between_the_beginnings_of_its_day_and_the_next(at, zone_min, hour):
    day = study_day(at, zone_min, hour)
    assert day_begins_at(day, zone_min, hour) <= at < day_begins_at(day + 1, zone_min, hour)


@given(st.integers(719_528, 803_000), zones, hours)
def test_a_day_begins_on_its_own_study_day_at_the_roll_over_hour(day, zone_min, hour):
    begins = day_begins_at(day, zone_min, hour)
    assert study_day(begins, zone_min, hour) == day
    assert study_day(begins - TICK, zone_min, hour) == day - 1
    assert begins.utcoffset() == timedelta(0)
    wall = begins.astimezone(timezone(timedelta(minutes=zone_min)))
    assert (wall.hour, wall.minute, wall.date().toordinal()) == (hour, 0, day)


@given(instants, zones, hours)
def test_a_day_later_is_the_next_study_day(at, zone_min, hour):
    tomorrow = study_day(at + timedelta(days=1), zone_min, hour)
    assert tomorrow == study_day(at, zone_min, hour) + 1
