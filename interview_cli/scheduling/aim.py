"""The day that the learner prepares for: how many study days are left, and their seconds."""

from datetime import date

from interview_cli.domain.review import Aim

FARTHEST_DAYS = 730
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def days_left(aim: Aim, today: int) -> int:
    """Days from a study day to the day itself: 0 on it, negative once it has passed."""
    assert aim.date is not None
    return aim.date.toordinal() - today


def is_off(aim: Aim, day: int) -> bool:
    """Whether that study day is free."""
    on = date.fromordinal(day)
    return WEEKDAYS[on.weekday()] in aim.off or on.isoformat() in aim.off


def budget_s(aim: Aim, today: int, spent_s: float = 0.0) -> list[float]:
    """Seconds for each study day from today to the eve of the day; nothing once it has passed.

    spent_s: what today has had of its own. The day itself counts as an eve: one last look.
    """
    left = days_left(aim, today)
    if left < 0:
        return []
    days = range(today, today + max(left, 1))
    found = [0.0 if is_off(aim, day) else 60.0 * aim.minutes for day in days]
    found[0] = max(0.0, found[0] - spent_s)
    return found
