"""What is asked, in which order: due cards by lowest retrievability, then new ones, and steps
whenever they come due."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

# With nothing else left, a step is asked this much before its time.
LEARN_AHEAD = timedelta(minutes=20)
NEW_PER_DAY = 20


class Waiting(NamedTuple):
    """A card in its (re)learning steps; tuples of them sort by the moment they come due."""

    due_at: datetime
    card: str


class Queue(NamedTuple):
    """Cards to come. Each stands in one place only.

    due: reviews, lowest retrievability first. fresh: new cards, at most today's share of them.
    waiting: cards in steps, soonest first. skipped: put off until everything else is done.
    """

    due: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        return len(self.due) + len(self.fresh) + len(self.waiting) + len(self.skipped)


def new_today(per_day: int, introduced_today: int) -> int:
    """How many new cards may still be shown on this study day."""
    return max(0, per_day - introduced_today)


def choose(queue: Queue, now: datetime, apart: Iterable[str] = ()) -> str | None:
    """The next card, or None when nothing can be asked now.

    A step that is due goes first, then reviews, new cards, what was skipped, and last the steps
    that come due soon. `apart` are the follow-ups of the card just asked, which gives them away:
    they are never chosen; if nothing else is left, nothing is.
    """
    hidden = frozenset(apart)
    due_steps = (w.card for w in queue.waiting if w.due_at <= now)
    soon = (w.card for w in queue.waiting if now < w.due_at <= now + LEARN_AHEAD)
    for cards in (due_steps, queue.due, queue.fresh, queue.skipped, soon):
        for card in cards:
            if card not in hidden:
                return card
    return None


def without(queue: Queue, card: str) -> Queue:
    """The queue without one card, wherever it stands."""
    if queue.due and queue.due[0] == card:
        return queue._replace(due=queue.due[1:])
    if queue.fresh and queue.fresh[0] == card:
        return queue._replace(fresh=queue.fresh[1:])
    return Queue(
        tuple(c for c in queue.due if c != card),
        tuple(c for c in queue.fresh if c != card),
        tuple(w for w in queue.waiting if w.card != card),
        tuple(c for c in queue.skipped if c != card),
    )


def with_waiting(queue: Queue, card: str, due_at: datetime) -> Queue:
    """The queue with a card in its steps again."""
    waiting = sorted((*queue.waiting, Waiting(due_at, card)))
    return queue._replace(waiting=tuple(waiting))
