"""The index: a SQLite cache of the compiled bank and of what the log says. Delete it, and it
comes back.

No WAL: a closed WAL file cannot be opened on a read-only disk. Where no file can be written, or
another process keeps it locked, the index lives in memory.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

SCHEMA_VERSION = 4
BUSY_TIMEOUT_S = 10.0

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;

-- The bank: one row a deck file, one row a card. `seen`: it has a memory.
-- A memory's `topic` is its card's, or nothing while no deck has the card.
CREATE TABLE decks (
    path TEXT PRIMARY KEY, signature TEXT, hash BLOB, topic TEXT, zh TEXT, en TEXT, place INTEGER
) WITHOUT ROWID;
CREATE TABLE cards (
    id TEXT PRIMARY KEY, path TEXT, topic TEXT, level INTEGER, place INTEGER, kind TEXT,
    tags TEXT, text TEXT, body BLOB, seen INTEGER DEFAULT 0
);
CREATE INDEX cards_by_path ON cards (path);
CREATE INDEX cards_fresh ON cards (level, place, topic, id) WHERE seen = 0;
CREATE TABLE renames (old TEXT PRIMARY KEY, new TEXT, path TEXT) WITHOUT ROWID;

-- The log: how far each file is read, every review, every undo, every card that was brought
-- forward, every setting, and what they add up to. A new card is brought forward if `dues` has it.
-- `day` is a review's study day, `recall` the probability of recall that was predicted for it then:
-- nothing for a card's first review, another on one study day, a cram review and an undone one.
-- `turn` orders the events of all machines: the time, but never backwards within one file.
CREATE TABLE logs (
    name TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, turn INTEGER, lines INTEGER, tail BLOB,
    damaged INTEGER, newer INTEGER
) WITHOUT ROWID;
CREATE TABLE reviews (
    id TEXT PRIMARY KEY, turn INTEGER, log TEXT, line INTEGER, card TEXT, at_us INTEGER,
    zone_min INTEGER, rating INTEGER, kind TEXT, elapsed_ms INTEGER, text TEXT, cram INTEGER,
    day INTEGER, recall REAL
) WITHOUT ROWID;
CREATE TABLE undone (review TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE dues (
    id TEXT PRIMARY KEY, turn INTEGER, log TEXT, line INTEGER, card TEXT, at_us INTEGER,
    zone_min INTEGER
) WITHOUT ROWID;
CREATE INDEX dues_by_card ON dues (card, turn, log, line);
CREATE TABLE settings (
    id TEXT PRIMARY KEY, turn INTEGER, log TEXT, line INTEGER, kind TEXT, at_us INTEGER,
    zone_min INTEGER, body TEXT
) WITHOUT ROWID;
CREATE INDEX settings_by_kind ON settings (kind, turn, log, line);
CREATE TABLE memory (
    card TEXT PRIMARY KEY, stability REAL, difficulty REAL, phase INTEGER, step INTEGER,
    due_us INTEGER, due_day INTEGER, reviewed_us INTEGER, reviewed_day INTEGER,
    first_day INTEGER, reps INTEGER, lapses INTEGER, text TEXT, topic TEXT
) WITHOUT ROWID;
CREATE INDEX memory_by_due_day ON memory (due_day, reviewed_day, stability, topic)
    WHERE phase = 2 AND topic IS NOT NULL;
CREATE INDEX memory_in_steps ON memory (due_us, topic) WHERE phase <> 2 AND topic IS NOT NULL;
CREATE INDEX memory_by_first_day ON memory (first_day);
"""
REVIEW_INDEXES = """
CREATE INDEX IF NOT EXISTS reviews_by_card ON reviews (card, turn, log, line);
CREATE INDEX IF NOT EXISTS reviews_by_turn ON reviews (turn, log, line);
"""

T = TypeVar("T")


class Index:
    """One connection. A broken file is thrown away: nothing in it is worth repairing."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.in_memory = path is None
        self.db = self.opened()

    def opened(self) -> sqlite3.Connection:
        if self.path is not None:
            # A read-only folder, a full disk, a lock that stays: work without a file.
            with suppress(sqlite3.DatabaseError, OSError):
                return self.in_file(self.path)
        self.in_memory = True
        return connect(":memory:")

    def in_file(self, path: Path) -> sqlite3.Connection:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return connect(str(path))
        except sqlite3.DatabaseError as error:
            if not is_broken(error):
                raise
        path.unlink(missing_ok=True)  # SQLite throws its journal after it
        return connect(str(path))

    def begin_again(self, error: sqlite3.DatabaseError) -> None:
        """With an empty index: a new file if the old one is broken, else in memory."""
        self.db.close()
        try:
            if self.path is not None and is_broken(error):
                self.path.unlink(missing_ok=True)
            else:
                self.path = None
        except OSError:
            self.path = None
        self.db = self.opened()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; waits for other processes."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:  # SQLite ends it by itself when the disk is full
                self.db.execute("ROLLBACK")
            raise

    def close(self) -> None:
        self.db.close()


def connect(path: str) -> sqlite3.Connection:
    """A connection to an index whose schema is ours."""
    db = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    try:
        db.execute("PRAGMA temp_store = MEMORY")
        if version(db) != SCHEMA_VERSION:
            make_schema(db)
    except BaseException:
        db.close()
        raise
    return db


def version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def make_schema(db: sqlite3.Connection) -> None:
    """Empties an older or foreign index, and makes ours."""
    db.execute("BEGIN IMMEDIATE")
    if version(db) != SCHEMA_VERSION:  # another process may have been quicker
        for kind, name in db.execute(
            "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
        ).fetchall():
            db.execute(f'DROP {kind} IF EXISTS "{name}"')
        for statement in SCHEMA.split(";"):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    db.execute("COMMIT")


def is_broken(error: Exception) -> bool:
    """Whether the file itself is at fault, and not the disk or another process."""
    words = str(error)
    return any(
        w in words
        for w in (
            "malformed",
            "not a database",
            "no such",
            "corrupt",
            "has no column",
            "columns but",
            "not decode",
        )
    )


def healed(index: Index, work: Callable[[], T]) -> T:
    """Does `work`; if the index turns out to be broken, or can no longer be written, again with a
    new one: a file, and then one in memory."""
    for _ in range(2):
        try:
            return work()
        except sqlite3.DatabaseError as error:
            index.begin_again(error)
    return work()
