"""What the log adds up to: every review, and the memory of every card, kept up to date.

Only new bytes of each file are read. The reviews of all machines are put into one order, the same
on each of them: by time, but never backwards within a file, whatever its clock did.
"""

import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, assert_never

import msgspec

from interview_cli.domain.review import Aim, Due, Event, Rating, Review, Setting, Undo, Weights
from interview_cli.errors import StoreError
from interview_cli.scheduling.days import ROLLOVER_HOUR, study_day
from interview_cli.scheduling.fsrs import DEFAULT, Fsrs
from interview_cli.scheduling.scheduler import Memory, Phase, Rules, trace
from interview_cli.store.files import logs, set_aside, unreadable
from interview_cli.store.index import REVIEW_INDEXES, Index, healed

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
TAIL_BYTES = 64


def to_us(at: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (at - EPOCH) // MICROSECOND


def from_us(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


class Row(NamedTuple):
    """A review as it stands in the index. day: its study day. recall: what was predicted for it
    before it was given, as the scheduler's `predicted` says; None for an undone one too."""

    id: str
    turn: int
    log: str
    line: int
    card: str
    at_us: int
    zone_min: int
    rating: int
    kind: str
    elapsed_ms: int
    text: str
    cram: int
    day: int
    recall: float | None


class DueRow(NamedTuple):
    """A card brought forward, as it stands in the index."""

    id: str
    turn: int
    log: str
    line: int
    card: str
    at_us: int
    zone_min: int


class SettingRow(NamedTuple):
    """A setting as it stands in the index; its body is JSON."""

    id: str
    turn: int
    log: str
    line: int
    kind: str
    at_us: int
    zone_min: int
    body: str


class Entry(NamedTuple):
    """A review as it stands in the log; entries sort in the order of `Row`s."""

    turn: int
    log: str
    line: int
    review: Review


class Read:
    """What one pass over the log found. `rejected` names files, `damaged` counts their lines."""

    def __init__(self) -> None:
        self.reviews: list[Entry] = []
        self.dues: list[DueRow] = []
        self.settings: list[SettingRow] = []
        self.undone: list[str] = []
        self.damaged = self.newer = 0
        self.rejected: list[Path] = []

    def add(self, event: Event, turn: int, log: str, line: int) -> None:
        match event:
            case Review():
                self.reviews.append(Entry(turn, log, line, event))
            case Undo():
                self.undone.append(event.review)
            case Due():
                self.dues.append(due_row(event, turn, log, line))
            case Weights() | Aim():
                self.settings.append(setting_row(event, turn, log, line))
            case _ as never:
                assert_never(never)


class LogState(NamedTuple):
    """How far one file is read."""

    name: str
    size: int = 0
    mtime_ns: int = 0
    turn: int = 0
    lines: int = 0
    tail: bytes = b""
    damaged: int = 0
    newer: int = 0


class History:
    """The index's view of the log. `folder` holds the files; nothing is ever written there but
    `.rejected` copies of damaged lines."""

    def __init__(self, index: Index, folder: Path, rollover_hour: int = ROLLOVER_HOUR) -> None:
        self.index, self.folder, self.rollover_hour = index, folder, rollover_hour

    def refresh(self) -> Read:
        """Reads what the files have gained; says what was damaged."""
        return healed(self.index, self.read_new)

    def read_new(self) -> Read:
        stats = self.stats()
        known = self.states()
        rule = f"rollover {self.rollover_hour}"
        same_rule = self.meta("rule") == rule
        if (
            same_rule
            and len(known) == len(stats)
            and all(
                name in known
                and (stat.st_size, stat.st_mtime_ns) == (known[name].size, known[name].mtime_ns)
                for name, stat in stats.items()
            )
        ):
            return Read()
        with self.index.transaction() as db:
            known = self.states()
            appended = all(
                name in stats and self.still_begins_so(state) for name, state in known.items()
            )
            if not (appended and same_rule):
                self.forget(db)
                known = {}
            found = Read()
            for name in sorted(stats):
                state = known.get(name) or LogState(name)
                # The time stamp from before reading: what comes later changes it again.
                state = self.read_file(state, found)._replace(mtime_ns=stats[name].st_mtime_ns)
                db.execute("INSERT OR REPLACE INTO logs VALUES (?, ?, ?, ?, ?, ?, ?, ?)", state)
            self.take(db, found, is_new=not known)
            db.execute("INSERT OR REPLACE INTO meta VALUES ('rule', ?)", (rule,))
        return found

    def stats(self) -> dict[str, os.stat_result]:
        try:
            return {entry.name: entry.stat() for entry in logs(self.folder)}
        except OSError as error:  # just now it was there
            raise StoreError(unreadable(self.folder, error)) from None

    def states(self) -> dict[str, LogState]:
        rows = self.index.db.execute("SELECT * FROM logs").fetchall()
        return {row[0]: LogState(*row) for row in rows}

    def meta(self, key: str) -> str | None:
        row = self.index.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def still_begins_so(self, state: LogState) -> bool:
        """Whether a file still has the bytes that were read; it may only have grown."""
        try:
            with (self.folder / state.name).open("rb") as file:
                file.seek(state.size - len(state.tail))
                return file.read(len(state.tail)) == state.tail
        except OSError:
            return False

    def forget(self, db: sqlite3.Connection) -> None:
        for table in ("logs", "reviews", "undone", "dues", "settings", "memory"):
            db.execute(f"DELETE FROM {table}")
        db.execute("UPDATE cards SET seen = 0 WHERE seen")

    def read_file(self, state: LogState, found: Read) -> LogState:
        """Reads the whole lines after `state.size`; an unfinished last line waits for its end."""
        # Not at the top: with nothing new to read, no line is taken apart.
        from interview_cli.store.line import Damaged, Newer, load

        path = self.folder / state.name
        try:
            with path.open("rb") as file:
                file.seek(state.size)
                data = file.read()
                if data:
                    with suppress(OSError):  # not every system syncs what is open for reading
                        os.fsync(file.fileno())  # the index may not outlive what it remembers
        except OSError as error:
            raise StoreError(unreadable(path, error)) from None
        end = data.rfind(b"\n") + 1
        turn, number, newer = state.turn, state.lines, 0
        bad: list[bytes] = []
        for line in data[:end].split(b"\n")[:-1]:
            number += 1
            if not line:
                continue
            try:
                event = load(line)
            except Damaged:
                bad.append(line)
                continue
            except Newer:
                newer += 1
                continue
            turn = max(turn, to_us(event[1]))  # every event's moment
            found.add(event, turn, state.name, number)
        found.newer += newer
        found.damaged += len(bad)
        if bad and (rejected := set_aside(path, bad)):
            found.rejected.append(rejected)
        tail = (state.tail + data[max(0, end - TAIL_BYTES) : end])[-TAIL_BYTES:]
        return LogState(
            state.name, state.size + end, state.mtime_ns, turn, number, tail,
            state.damaged + len(bad), state.newer + newer,
        )  # fmt: skip

    def take(self, db: sqlite3.Connection, found: Read, *, is_new: bool) -> None:
        """Stores what was read and brings the memories up to date."""
        self.rename(db, found)
        before = self.fsrs
        db.executemany(SAVE_SETTING, found.settings)
        db.executemany("INSERT OR IGNORE INTO undone VALUES (?)", ((u,) for u in found.undone))
        if is_new:
            self.take_all(db, found)
            return
        touched = [*(e.review.id for e in found.reviews), *(d.id for d in found.dues)]
        touched += found.undone
        cards = self.cards_of(db, touched)  # the other event of an id may be of another card
        db.executemany(SAVE_REVIEW, (row_of(e, self.rollover_hour) for e in found.reviews))
        db.executemany(SAVE_DUE, found.dues)
        cards |= self.cards_of(db, touched)
        if self.fsrs != before:
            cards |= {card for (card,) in db.execute("SELECT DISTINCT card FROM reviews")}
        self.remember(db, cards)

    def take_all(self, db: sqlite3.Connection, found: Read) -> None:
        """The same for an index that holds no reviews yet."""
        first: dict[str, Entry] = {}
        for entry in sorted(found.reviews):
            first.setdefault(entry.review.id, entry)
        recalls = self.remember_all(db, (entry.review for entry in first.values()))
        hour = self.rollover_hour
        rows = (row_of(first[name], hour, recalls.get(name)) for name in sorted(first))
        db.executemany(SAVE_REVIEW, rows)
        for statement in REVIEW_INDEXES.split(";"):
            db.execute(statement)
        db.executemany(SAVE_DUE, found.dues)
        self.remember(db, {card for (card,) in db.execute("SELECT card FROM dues")})

    def rename(self, db: sqlite3.Connection, found: Read) -> None:
        """Gives old events the names that their cards have now."""
        renames = dict(db.execute("SELECT old, new FROM renames").fetchall())
        for number, entry in enumerate(found.reviews if renames else ()):
            if entry.review.card in renames:
                review = entry.review._replace(card=renames[entry.review.card])
                found.reviews[number] = entry._replace(review=review)
        found.dues = [due._replace(card=renames.get(due.card, due.card)) for due in found.dues]

    def cards_of(self, db: sqlite3.Connection, ids: Iterable[str]) -> set[str]:
        query = "SELECT card FROM reviews WHERE id = ?1 UNION SELECT card FROM dues WHERE id = ?1"
        return {card for name in ids for (card,) in db.execute(query, (name,))}

    def remember_all(self, db: sqlite3.Connection, reviews: Iterable[Review]) -> dict[str, float]:
        """Every card's memory, from all reviews in order; returns what was predicted of them."""
        gone = {review for (review,) in db.execute("SELECT review FROM undone")}
        by_card: dict[str, list[Review]] = defaultdict(list)
        for review in reviews:
            if review.id not in gone and not review.is_cram:
                by_card[review.card].append(review)
        rules = self.rules
        found: dict[str, float] = {}
        for card in sorted(by_card):
            memory, recalls = trace(by_card[card], rules)
            assert memory is not None
            db.execute(SAVE_MEMORY, memory_row(card, memory, by_card[card][-1].text))
            found |= recalls
        db.execute("UPDATE cards SET seen = id IN (SELECT card FROM memory)")
        return found

    def remember(self, db: sqlite3.Connection, cards: Iterable[str]) -> None:
        """The memories of some cards, from all their events, and what was predicted of them."""
        rules = self.rules
        for card in cards:
            events = self.events(card)
            memory, recalls = trace(events, rules)
            if memory is None:
                db.execute("DELETE FROM memory WHERE card = ?", (card,))
            else:
                reviews = (e for e in reversed(events) if isinstance(e, Review))
                text = next((r.text for r in reviews if not r.is_cram), "")
                db.execute(SAVE_MEMORY, memory_row(card, memory, text))
            db.execute("UPDATE cards SET seen = ? WHERE id = ?", (memory is not None, card))
            ids = [name for (name,) in db.execute("SELECT id FROM reviews WHERE card = ?", (card,))]
            db.executemany(SAVE_RECALL, ((recalls.get(name), name) for name in ids))

    def rows(self, card: str) -> list[Row]:
        """The reviews of a card that were not undone, in order."""
        found = self.index.db.execute(
            "SELECT * FROM reviews WHERE card = ? AND id NOT IN (SELECT review FROM undone)"
            " ORDER BY turn, log, line",
            (card,),
        )
        return [Row(*row) for row in found]

    def reviews(self, card: str) -> list[Review]:
        """The same as events."""
        return [review_of(row) for row in self.rows(card)]

    def events(self, card: str) -> list[Review | Due]:
        """The same, and what brought the card forward, in order."""
        query = "SELECT * FROM dues WHERE card = ?"
        dues = [DueRow(*row) for row in self.index.db.execute(query, (card,))]
        rows: list[Row | DueRow] = [*self.rows(card), *dues]
        rows.sort(key=lambda row: (row.turn, row.log, row.line))
        return [review_of(row) if isinstance(row, Row) else due_of(row) for row in rows]

    def newest(self) -> Row | None:
        """The review that an undo takes back: the last one that is not undone."""
        row = self.index.db.execute(
            "SELECT * FROM reviews WHERE id NOT IN (SELECT review FROM undone)"
            " ORDER BY turn DESC, log DESC, line DESC LIMIT 1"
        ).fetchone()
        return Row(*row) if row else None

    def memory(self, card: str) -> tuple[Memory, str] | None:
        """A card's memory and the hash of its text at the last review."""
        row = self.index.db.execute("SELECT * FROM memory WHERE card = ?", (card,)).fetchone()
        return (memory_of(row), row[12]) if row else None

    def all_rows(self) -> Iterator[Row]:
        """Every review that was not undone, in order."""
        found = self.index.db.execute(
            "SELECT * FROM reviews WHERE id NOT IN (SELECT review FROM undone)"
            " ORDER BY turn, log, line"
        )
        return (Row(*row) for row in found)

    @property
    def rules(self) -> Rules:
        return Rules(self.fsrs, self.rollover_hour)

    @property
    def fsrs(self) -> Fsrs:
        """The memory model, with the newest weights there are."""
        weights = self.weights
        return fsrs_of(weights.weights) if weights else DEFAULT

    @property
    def weights(self) -> Weights | None:
        """The newest of all machines; None: nothing was ever fitted."""
        row = self.newest_setting("weights")
        return row and weights_of(row)

    @property
    def aim(self) -> Aim | None:
        """The newest of all machines; one whose date is None says that there is no day any more."""
        row = self.newest_setting("aim")
        return row and aim_of(row)

    def newest_setting(self, kind: str) -> SettingRow | None:
        row = self.index.db.execute(
            "SELECT * FROM settings WHERE kind = ? ORDER BY turn DESC, log DESC, line DESC LIMIT 1",
            (kind,),
        ).fetchone()
        return SettingRow(*row) if row else None

    def introduced_on(self, day: int) -> int:
        """How many cards had their first review on a study day."""
        query = "SELECT count(*) FROM memory WHERE first_day = ?"
        return int(self.index.db.execute(query, (day,)).fetchone()[0])


# One event may stand twice: a write that failed was tried again. The first one counts.
SAVE_REVIEW = (
    "INSERT INTO reviews VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET"
    " (turn, log, line, card, at_us, zone_min, rating, kind, elapsed_ms, text, cram, day) ="
    " (excluded.turn, excluded.log, excluded.line, excluded.card, excluded.at_us,"
    " excluded.zone_min, excluded.rating, excluded.kind, excluded.elapsed_ms, excluded.text,"
    " excluded.cram, excluded.day)"
    " WHERE (excluded.turn, excluded.log, excluded.line) < (turn, log, line)"
)
SAVE_DUE = (
    "INSERT INTO dues VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
    " SET (turn, log, line, card, at_us, zone_min) = (excluded.turn, excluded.log, excluded.line,"
    " excluded.card, excluded.at_us, excluded.zone_min)"
    " WHERE (excluded.turn, excluded.log, excluded.line) < (turn, log, line)"
)
SAVE_SETTING = (
    "INSERT INTO settings VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
    " SET (turn, log, line, kind, at_us, zone_min, body) = (excluded.turn, excluded.log,"
    " excluded.line, excluded.kind, excluded.at_us, excluded.zone_min, excluded.body)"
    " WHERE (excluded.turn, excluded.log, excluded.line) < (turn, log, line)"
)
SAVE_RECALL = "UPDATE reviews SET recall = ?1 WHERE id = ?2 AND recall IS NOT ?1"
SAVE_MEMORY = (
    "INSERT OR REPLACE INTO memory VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
    " (SELECT topic FROM cards WHERE id = ?1))"
)
PHASES = (None, *Phase)
RATINGS = (None, *Rating)


def row_of(entry: Entry, rollover_hour: int, recall: float | None = None) -> tuple[object, ...]:
    """A row of the table `reviews`."""
    turn, log, line, r = entry
    day = study_day(r.reviewed_at, r.zone_min, rollover_hour)
    return (
        r.id, turn, log, line, r.card, to_us(r.reviewed_at), r.zone_min, int(r.rating), r.kind,
        r.elapsed_ms, r.text, int(r.is_cram), day, recall,
    )  # fmt: skip


def due_row(due: Due, turn: int, log: str, line: int) -> DueRow:
    """A row of the table `dues`."""
    return DueRow(due.id, turn, log, line, due.card, to_us(due.due_at), due.zone_min)


def memory_row(card: str, m: Memory, text: str) -> tuple[object, ...]:
    return (
        card, m.stability, m.difficulty, int(m.phase), m.step, to_us(m.due_at), m.due_day,
        to_us(m.reviewed_at), m.reviewed_day, m.first_day, m.reps, m.lapses, text,
    )  # fmt: skip


def memory_of(row: Sequence[Any]) -> Memory:
    """The memory in a row of the table `memory`."""
    _, s, d, phase, step_, due_us, due_day, us, day, first_day, reps, lapses, *_ = row
    phase = PHASES[phase]
    due_at, at = from_us(due_us), from_us(us)
    return Memory(s, d, phase, step_, due_at, due_day, at, day, first_day, reps, lapses)


def review_of(row: Row) -> Review:
    """The event in a row of the table `reviews`."""
    return Review(
        row.id, from_us(row.at_us), row.zone_min, row.card, RATINGS[row.rating], row.kind,
        row.elapsed_ms, row.text, bool(row.cram),
    )  # fmt: skip


def due_of(row: DueRow) -> Due:
    """The event in a row of the table `dues`."""
    return Due(row.id, from_us(row.at_us), row.zone_min, row.card)


def setting_row(event: Setting, turn: int, log: str, line: int) -> SettingRow:
    """A row of the table `settings`."""
    match event:
        case Weights(name, at, zone_min, weights):
            kind, body = "weights", msgspec.json.encode(weights)
        case Aim(name, at, zone_min, day, minutes, off):
            kind, body = "aim", msgspec.json.encode((day, minutes, off))
    return SettingRow(name, turn, log, line, kind, to_us(at), zone_min, body.decode())


def weights_of(row: SettingRow) -> Weights:
    """The event in a row of the kind "weights"."""
    weights = tuple(msgspec.json.decode(row.body))
    return Weights(row.id, from_us(row.at_us), row.zone_min, weights)


def aim_of(row: SettingRow) -> Aim:
    """The event in a row of the kind "aim"."""
    day, minutes, off = msgspec.json.decode(row.body)
    day = day and date.fromisoformat(day)
    return Aim(row.id, from_us(row.at_us), row.zone_min, day, minutes, tuple(off))


@lru_cache(maxsize=1)
def fsrs_of(weights: tuple[float, ...]) -> Fsrs:
    """The same one while the weights are the same: it is asked for at every answer."""
    return Fsrs(weights)
