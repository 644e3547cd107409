"""What writing a solution by hand says of how well it is remembered."""

from interview_cli.domain.review import Rating


def suggested_rating(
    *, is_accepted: bool, used_s: float, limit_s: float, hints: int, is_shown: bool
) -> Rating:
    """Accepted in half the time is easy, within it good; with hints or overtime hard. Not accepted,
    or with the answer shown, again."""
    if not is_accepted or is_shown:
        return Rating.AGAIN
    if hints or used_s > limit_s:
        return Rating.HARD
    return Rating.EASY if used_s <= limit_s / 2 else Rating.GOOD


def credit(
    *, is_accepted: bool, used_s: float, par_s: float, passed: int | None, stages: int | None
) -> tuple[float, float]:
    """What a solution counts in the interview if it is remembered, and if it is not, by the last
    attempt: within par all, else par's share of the time; and the share of the stages reached."""
    in_time = min(1.0, par_s / used_s) if is_accepted and used_s > 0 else 1.0
    reached = (passed or 0) / stages if stages and not is_accepted else 0.0
    return in_time, reached
