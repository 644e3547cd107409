"""One sitting as a state machine: what is on the screen, and what each key makes of it.

    Question ──reveal──> Question (the next gap or step) ... ──> Answer ──rate──> Question | Over
        └──answer──> Answer (graded by the program)

Everything is a value: a session and an event give the next session. Reading keys, drawing and
writing reviews happen elsewhere.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from interview_cli.domain.review import Rating
from interview_cli.scheduling.queue import LEARN_AHEAD, Queue, choose, with_waiting, without
from interview_cli.scheduling.scheduler import Memory, Phase


class Shape(NamedTuple):
    """What the machine must know of a card.

    parts: gaps or steps that are revealed one after another, before the answer. points: what the
    learner may tick. follow_ups: cards that this one gives away.
    """

    card: str
    parts: int = 0
    points: int = 0
    follow_ups: tuple[str, ...] = ()


class Question(NamedTuple):
    """A card is asked; `shown` of its parts are revealed."""

    shape: Shape
    shown: int = 0


class Answer(NamedTuple):
    """The answer is on the screen. `is_right` is the program's verdict, None where it has none;
    `marks` say of each point, gap or step whether the learner had it."""

    shape: Shape
    is_right: bool | None = None
    marks: frozenset[int] = frozenset()


class Choosing(NamedTuple):
    """The next card has been chosen and must be looked up: `present` shows it."""

    card: str


class Over(NamedTuple):
    """Nothing is left to ask now. `held_back`: cards that wait only because the card just asked
    gives them away; `next_step_at`: when the next of the other (re)learning steps comes due."""

    held_back: int = 0
    next_step_at: datetime | None = None


Screen = Question | Answer | Choosing | Over


class Session(NamedTuple):
    """The whole sitting. `answered` are the cards rated so far, newest last."""

    queue: Queue
    screen: Screen
    answered: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    limit: int | None = None

    @property
    def position(self) -> int:
        """Which card is on the screen, counting each card once however often it comes back."""
        current = on_screen_of(self)
        return len({*self.answered, current} - {None})

    @property
    def total(self) -> int:
        """How many cards this sitting has."""
        queue = self.queue
        waiting = (w.card for w in queue.waiting)
        ahead = {*queue.due, *queue.fresh, *queue.skipped, *waiting} - {*self.answered}
        total = len(ahead - {on_screen_of(self)}) + self.position
        return total if self.limit is None else min(total, max(self.limit, self.position))


def start(queue: Queue, now: datetime, limit: int | None = None) -> Session:
    """A sitting over a queue; `limit` is the most cards it asks."""
    return chosen(Session(queue, Over(), limit=limit), now)


def chosen(session: Session, now: datetime) -> Session:
    """The session with its next card chosen."""
    if session.limit is not None and len(session.answered) >= session.limit:
        return session._replace(screen=Over())
    card = choose(session.queue, now, session.apart)
    if card is None:
        return session._replace(screen=over(session.queue, now))
    return session._replace(queue=without(session.queue, card), screen=Choosing(card))


def over(queue: Queue, now: datetime) -> Over:
    """The end, where nothing could be chosen: what could be asked now was given away."""
    ready = sum(w.due_at <= now + LEARN_AHEAD for w in queue.waiting)
    held_back = len(queue.due) + len(queue.fresh) + len(queue.skipped) + ready
    later = [w.due_at for w in queue.waiting[ready:]]
    return Over(held_back, min(later, default=None))


def present(session: Session, shape: Shape) -> Session:
    """Shows the chosen card."""
    return session._replace(screen=Question(shape))


def reveal(session: Session) -> Session:
    """Shows the next part, or the answer after the last one."""
    screen = session.screen
    if not isinstance(screen, Question):
        return session
    if screen.shown + 1 < screen.shape.parts:
        return session._replace(screen=screen._replace(shown=screen.shown + 1))
    return session._replace(screen=Answer(screen.shape))


def answer(session: Session, is_right: bool) -> Session:
    """Shows the answer with the program's verdict."""
    screen = session.screen
    if not isinstance(screen, Question):
        return session
    return session._replace(screen=Answer(screen.shape, is_right))


def tick(session: Session, mark: int) -> Session:
    """Ticks a point, or takes the tick back."""
    screen = session.screen
    if not isinstance(screen, Answer) or not 0 <= mark < screen.shape.points:
        return session
    return session._replace(screen=screen._replace(marks=screen.marks ^ {mark}))


def suggested(screen: Answer) -> Rating | None:
    """The rating that the verdict or the ticked share of the points suggests; None without either.

    Everything ticked is good, at least half is hard, less is again.
    """
    if screen.is_right is not None:
        return Rating.GOOD if screen.is_right else Rating.AGAIN
    if not screen.marks:
        return None
    share = len(screen.marks) / screen.shape.points
    return Rating.GOOD if share == 1 else Rating.HARD if share >= 0.5 else Rating.AGAIN


def allowed(screen: Answer) -> tuple[Rating, ...]:
    """The ratings one may give: what the program judged wrong is *again*, nothing else."""
    if screen.is_right is None:
        return tuple(Rating)
    if screen.is_right:
        return (Rating.HARD, Rating.GOOD, Rating.EASY)
    return (Rating.AGAIN,)


def rated(
    session: Session, memory: Memory | None, now: datetime, *, once_more: bool = False
) -> Session:
    """The card is rated and saved; on to the next.

    memory: its new one, None when cramming; then `once_more` puts the card at the end again.
    """
    screen = session.screen
    assert isinstance(screen, Question | Answer)
    card = screen.shape.card
    queue = session.queue
    if memory is not None and memory.phase != Phase.REVIEW:
        queue = with_waiting(queue, card, memory.due_at)
    elif once_more:
        queue = queue._replace(skipped=(*queue.skipped, card))
    answered = (*session.answered, card)
    return chosen(
        session._replace(queue=queue, answered=answered, apart=screen.shape.follow_ups), now
    )


def skipped(session: Session, now: datetime) -> Session:
    """The card is put off until the others are done; nothing is saved.

    With no other card left the session stays as it is.
    """
    screen = session.screen
    if not isinstance(screen, Question | Answer):
        return session
    shape = screen.shape
    following = chosen(session._replace(apart=shape.follow_ups), now)
    if isinstance(following.screen, Over):
        return session
    queue = following.queue
    return following._replace(queue=queue._replace(skipped=(*queue.skipped, shape.card)))


def dropped(session: Session, cards: Iterable[str], now: datetime) -> Session:
    """Cards that were answered elsewhere leave the queue, and are not the next one either."""
    gone = frozenset(cards)
    queue = session.queue
    for card in gone:
        queue = without(queue, card)
    changed = session._replace(queue=queue)
    screen = session.screen
    is_gone = isinstance(screen, Choosing) and screen.card in gone
    return chosen(changed, now) if is_gone else changed


def replanned(session: Session, cards: Iterable[str]) -> Session:
    """Other cards are to come: what was answered, is on the screen or waits is not among them."""
    waiting = (w.card for w in session.queue.waiting)
    gone = {*session.answered, *session.queue.skipped, *waiting, on_screen_of(session)}
    due = tuple(card for card in cards if card not in gone)
    return session._replace(queue=session.queue._replace(due=due, fresh=()))


def undone(session: Session, card: str) -> Session:
    """A review was taken back: its card is asked again, the one on the screen after it."""
    queue = without(session.queue, card)
    on_screen = on_screen_of(session)
    if on_screen is not None and on_screen != card:
        queue = queue._replace(due=(on_screen, *queue.due))
    answered = list(session.answered)
    if card in answered:
        answered.reverse()
        answered.remove(card)
        answered.reverse()
    return session._replace(queue=queue, screen=Choosing(card), answered=tuple(answered), apart=())


def on_screen_of(session: Session) -> str | None:
    """The id of the card on the screen."""
    match session.screen:
        case Question(shape) | Answer(shape):
            return shape.card
        case Choosing(card):
            return card
        case _:
            return None
