"""Study days: calendar days that begin at the roll-over hour, counted as proleptic ordinals.

23:50 and 00:10 are one study day; 21:00 and 08:00 next morning are two.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

ROLLOVER_HOUR = 4


def study_day(at: datetime, zone_min: int, rollover_hour: int = ROLLOVER_HOUR) -> int:
    """The study day of an aware instant in a zone `zone_min` minutes east of UTC.

    The zone comes with each review, so summer time and journeys change no day that is past.
    """
    return (at.astimezone(UTC) + lead(zone_min, rollover_hour)).toordinal()


@lru_cache
def lead(zone_min: int, rollover_hour: int) -> timedelta:
    """How far the study days there are ahead of the days of UTC; kept, for a replay asks often."""
    return timedelta(minutes=zone_min, hours=-rollover_hour)


def day_begins_at(day: int, zone_min: int, rollover_hour: int = ROLLOVER_HOUR) -> datetime:
    """The instant at which a study day begins in that zone."""
    midnight = datetime.fromordinal(day).replace(tzinfo=UTC)
    return midnight + timedelta(hours=rollover_hour, minutes=-zone_min)


def elapsed_days(last_day: int, day: int) -> int:
    """Never negative: a clock that was set back makes it the same day."""
    return max(0, day - last_day)
