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
