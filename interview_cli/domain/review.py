"""What happened: a rating of one card at one moment, the undoing of one, a wish to be asked, or a
setting of the learner's that holds on all machines."""

from datetime import date, datetime
from enum import IntEnum
from typing import NamedTuple


class Rating(IntEnum):
    """How well a card was recalled; the numbers are the keys and what the log holds."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class Review(NamedTuple):
    """One rating of one card.

    id: unique for ever, on every machine. reviewed_at: aware UTC. zone_min: the local zone then,
    minutes east of UTC. kind: the card's. elapsed_ms: from question to rating. text: a hash of the
    card's text, to say "changed since you saw it". is_cram: does not touch the schedule.
    """

    id: str
    reviewed_at: datetime
    zone_min: int
    card: str
    rating: Rating
    kind: str = "recall"
    elapsed_ms: int = 0
    text: str = ""
    is_cram: bool = False


class Undo(NamedTuple):
    """Takes back the review with the id `review`, for ever."""

    id: str
    undone_at: datetime
    zone_min: int
    review: str


class Due(NamedTuple):
    """Brings a card forward: from this moment on it is to be asked, until its next review."""

    id: str
    due_at: datetime
    zone_min: int
    card: str


class Weights(NamedTuple):
    """The weights of FSRS, as fitted to this learner; the newest hold for all reviews ever."""

    id: str
    fitted_at: datetime
    zone_min: int
    weights: tuple[float, ...]


class Aim(NamedTuple):
    """The day that the learner prepares for; the newest holds.

    date: None: for no day any more. minutes: to spend on a study day. off: the days that are free,
    weekdays from mon to sun and dates as in 2026-12-01.
    """

    id: str
    aimed_at: datetime
    zone_min: int
    date: date | None
    minutes: int
    off: tuple[str, ...]


Setting = Weights | Aim
Event = Review | Undo | Due | Setting
