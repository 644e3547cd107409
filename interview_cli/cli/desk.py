"""Everything a command works with, opened once: the bank, the index, the log and the clock."""

import os
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Self

from interview_cli.bank.compile import deck_files, decode, is_fresh, refresh
from interview_cli.bank.model import AnyCard, Numeric
from interview_cli.cli.paths import Paths, bank_root, machine, paths, rollover_hour
from interview_cli.domain.review import Aim, Due, Event, Rating, Review, Undo, Weights
from interview_cli.errors import StoreError, UsageError, did_you_mean
from interview_cli.scheduling import scheduler
from interview_cli.scheduling.days import study_day
from interview_cli.scheduling.fsrs import checked
from interview_cli.scheduling.scheduler import Memory, Rules
from interview_cli.store.history import History, Read, Row, from_us
from interview_cli.store.index import Index, healed
from interview_cli.store.shelf import Selection, Shelf, Shelved

if TYPE_CHECKING:
    from interview_cli.store.log import ReviewLog


def now() -> datetime:
    """This moment, aware UTC."""
    return datetime.now(UTC)


def zone_min(at: datetime) -> int:
    """The local zone at that moment, minutes east of UTC."""
    offset = at.astimezone().utcoffset()
    assert offset is not None
    return round(offset.total_seconds() / 60)


class Desk:
    """The bank and the reviews, up to date. `notices` are sentences for the learner."""

    def __init__(self, where: Paths | None = None, root: Path | None = None) -> None:
        self.where = where or paths()
        self.root = root or bank_root()
        self.index = Index(self.where.cache)
        self.shelf = Shelf(self.index)
        self.history = History(self.index, self.where.reviews, rollover_hour())
        self.notices: list[str] = []
        self._log: ReviewLog | None = None  # not imported before the first answer
        healed(self.index, self.read_bank)
        self.read_reviews()

    @property
    def solutions(self) -> Path:
        return self.root / "solutions"

    def read_bank(self) -> None:
        """Compiles the decks that changed. Raises BankError."""
        files = deck_files([self.root / "cards", self.where.decks], time.time_ns())
        if not is_fresh(files, self.shelf.signatures()):
            with self.index.transaction():
                refresh(files, self.shelf)
        if not files:
            raise UsageError(f"{self.root / 'cards'}: no decks here; install interview-cli again")

    def read_reviews(self) -> None:
        """Reads what the logs have gained and tells of damaged lines."""
        before = self.index.db
        read = self.history.refresh()
        if self.index.db is not before:  # a new index, and the bank is not in it
            healed(self.index, self.read_bank)
            self.history.refresh()  # the bank knows what cards were called before
        self.tell(read)

    def tell(self, read: Read) -> None:
        if read.damaged:
            names = ", ".join(str(path) for path in read.rejected) or str(self.where.reviews)
            lines = (
                "1 damaged line was" if read.damaged == 1 else f"{read.damaged} damaged lines were"
            )
            self.notices.append(f"{names}: {lines} set aside; every other review is there")
        if read.newer:
            self.notices.append(
                f"{self.where.reviews}: {read.newer} lines are from a newer version of interview; "
                "upgrade to use them"
            )

    @property
    def rules(self) -> Rules:
        """What holds for all cards: the memory model as fitted to the learner, and the roll-over
        hour. Asked for anew, because another process may have fitted it meanwhile."""
        return self.history.rules

    @property
    def aim(self) -> Aim | None:
        """The day that the learner prepares for; None where there is none, or none any more."""
        aim = self.history.aim
        return aim if aim and aim.date else None

    @property
    def log(self) -> "ReviewLog":
        """This machine's log; opened at the first answer, closing what a power cut tore."""
        if self._log is None:
            from interview_cli.store.files import SUFFIX
            from interview_cli.store.log import ReviewLog, mend_tail

            name = machine()
            self._log = ReviewLog(self.where.reviews, name)
            if mend_tail(self._log.path):
                self.read_reviews()
            known = self.history.states().get(f"{name}{SUFFIX}")
            self._log.size = known.size if known else 0
        return self._log

    def day(self, at: datetime) -> int:
        """The study day of a moment, here and now."""
        return study_day(at, zone_min(at), self.history.rollover_hour)

    def card(self, name: str) -> tuple[Shelved, AnyCard]:
        """A card by id. Raises UsageError with a suggestion."""
        found = self.shelf.card(name)
        if found is None:
            close = did_you_mean(name, self.shelf.ids(Selection()))
            raise UsageError(
                f'no card is named "{name}"{close or "; interview list shows them all"}'
            )
        return found, decode(found.body, found.kind)

    def computed(self, card: Numeric, numbers: Mapping[str, float]) -> float:
        """The answer to a numeric card. Raises UsageError where its deck is at fault."""
        from interview_cli.judge import catalogue

        try:
            value = float(catalogue.function(self.solutions, card.compute)(**numbers))
        except UsageError as error:
            raise UsageError(f"card {card.id}: {error}") from None
        except Exception as error:  # the deck decides what the function is called with
            raise UsageError(f"card {card.id}: {card.compute} fails: {error}") from None
        if not isfinite(value):
            raise UsageError(f"card {card.id}: {card.compute} gives {value}, which is no answer")
        return value

    def outcomes(self, card: str, memory: Memory | None, at: datetime) -> dict[Rating, Memory]:
        """The memory that each rating would leave now."""
        zone, rules = zone_min(at), self.rules
        return {
            rating: scheduler.fuzzed(card, memory, rating, at, zone, rules) for rating in Rating
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._log is not None:
            self._log.close()
        self.index.close()


def selection(
    desk: Desk,
    topics: Sequence[str] = (),
    tags: Sequence[str] = (),
    kinds: Sequence[str] = (),
    levels: Sequence[int] = (),
) -> Selection:
    """The cards that options select. Raises UsageError for a name that does not exist."""
    known_topics = [t.topic for t in desk.shelf.topics()]
    for topic in topics:
        known(topic, known_topics, "topic")
    if tags:
        known_tags = desk.shelf.tags()
        for tag in tags:
            known(tag, known_tags, "tag")
    return Selection(tuple(topics), tuple(tags), tuple(kinds), tuple(levels))


def known(name: str, names: Sequence[str], noun: str) -> None:
    if name not in names:
        hint = did_you_mean(name, names) or (f"; there is {', '.join(names)}" if names else "")
        raise UsageError(f'no {noun} is named "{name}"{hint}')


def new_id(at: datetime) -> str:
    """Unique on every machine, and sorted by time."""
    return f"{int(at.timestamp() * 1000):011x}-{os.urandom(6).hex()}"


def review_of(
    card: Shelved, rating: Rating, at: datetime, elapsed_ms: int, *, is_cram: bool
) -> Review:
    """The event of a rating given now."""
    return Review(
        new_id(at), at, zone_min(at), card.id, rating, card.kind, elapsed_ms, card.text, is_cram
    )


def undo_of(review: str, at: datetime) -> Undo:
    """The event that takes a review back."""
    return Undo(new_id(at), at, zone_min(at), review)


def brought_forward(card: str, at: datetime) -> Due:
    """The event that makes a card due now."""
    return Due(new_id(at), at, zone_min(at), card)


def weights_of(weights: Sequence[float], at: datetime) -> Weights:
    """The event of weights fitted now. Raises ValueError for what no log may hold."""
    return Weights(new_id(at), at, zone_min(at), checked(weights))


def aim_of(day: date | None, minutes: int, off: Sequence[str], at: datetime) -> Aim:
    """The event of an aim taken now; None: for no day any more."""
    return Aim(new_id(at), at, zone_min(at), day, minutes, tuple(off))


class Outbox:
    """Events on their way to the disk. What cannot be written waits here, and is tried again
    before the next one, in order."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.waiting: list[Event] = []

    def send(self, event: Event) -> bool:
        """Makes the event safe, and all that wait before it; says whether another process has
        written reviews meanwhile. Raises StoreError, and the event waits."""
        self.waiting.append(event)
        return self.flush()

    def flush(self) -> bool:
        """Writes what waits. Returns whether another process has written reviews meanwhile."""
        others_wrote = False
        while self.waiting:
            others_wrote |= self.desk.log.append(self.waiting[0])
            self.waiting.pop(0)
        return others_wrote

    def take_back(self, at: datetime) -> Review | None:
        """The newest review that waits, undone; None if none waits. It may have reached the disk
        though it was not safe there, so its undoing waits in its place."""
        for place, event in reversed(list(enumerate(self.waiting))):
            if isinstance(event, Review):
                self.waiting[place] = undo_of(event.id, at)
                return event
        return None

    def undo_newest(self) -> Row | None:
        """Takes back the newest review of the log; None if there is none. Raises StoreError, and
        then nothing is taken back."""
        newest = self.desk.history.newest()
        if newest is None:
            return None
        try:
            self.send(undo_of(newest.id, now()))
        except StoreError:
            self.waiting.pop()
            raise
        self.desk.read_reviews()
        return newest

    def rescue(self) -> Path | None:
        """Puts what could not be saved where it can be found: a log of its own in the temporary
        folder. None if nothing waits or even that fails."""
        if not self.waiting:
            return None
        import tempfile

        from interview_cli.store.log import ReviewLog

        folder = Path(tempfile.gettempdir())
        rescue = ReviewLog(folder, f"interview-rescued-{os.getpid()}-{os.urandom(2).hex()}")
        try:
            for event in self.waiting:
                rescue.append(event)
        except StoreError:
            return None
        finally:
            rescue.close()
        return rescue.path


def local(us: int) -> str:
    """A moment of the log as a person here writes it: 2026-11-21 16:46."""
    return from_us(us).astimezone().strftime("%Y-%m-%d %H:%M")
