"""The index: a SQLite cache of the compiled bank and of what the log says. Delete it, and it
comes back.

No WAL: a closed WAL file cannot be opened on a read-only disk. Where no file can be written at
all, the index lives in memory.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from interview_cli.errors import StoreError

SCHEMA_VERSION = 2
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
CREATE INDEX cards_fresh ON cards (level, place) WHERE seen = 0;
CREATE INDEX cards_fresh_by_topic ON cards (topic, level, place) WHERE seen = 0;
CREATE TABLE renames (old TEXT PRIMARY KEY, new TEXT, path TEXT) WITHOUT ROWID;

-- The log: how far each file is read, every review, every undo, and what they add up to.
-- `turn` orders the reviews of all machines: the time, but never backwards within one file.
CREATE TABLE logs (
    name TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, turn INTEGER, lines INTEGER, tail BLOB,
    damaged INTEGER, newer INTEGER
) WITHOUT ROWID;
CREATE TABLE reviews (
    id TEXT PRIMARY KEY, turn INTEGER, log TEXT, line INTEGER, card TEXT, at_us INTEGER,
    zone_min INTEGER, rating INTEGER, kind TEXT, elapsed_ms INTEGER, text TEXT, cram INTEGER
) WITHOUT ROWID;
CREATE TABLE undone (review TEXT PRIMARY KEY) WITHOUT ROWID;
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
    """One connection. `broken` errors make a new file: nothing in it is worth repairing."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.in_memory = path is None
        self.db = self.opened()

    def opened(self) -> sqlite3.Connection:
        if self.path is not None:
            try:
                return self.checked(connect(str(self.path)))
            except sqlite3.DatabaseError as error:
                if is_broken(error):
                    self.path.unlink(missing_ok=True)
                    self.path.with_name(self.path.name + "-journal").unlink(missing_ok=True)
                try:
                    self.path.parent.mkdir(parents=True, exist_ok=True)
                    return self.checked(connect(str(self.path)))
                except (sqlite3.DatabaseError, OSError):
                    pass  # a read-only folder, a full disk: work without a file
            except OSError:
                pass
        self.in_memory = True
        return self.checked(connect(":memory:"))

    def checked(self, db: sqlite3.Connection) -> sqlite3.Connection:
        """A connection whose schema is ours; an older or foreign one is emptied first."""
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version != SCHEMA_VERSION:
            db.execute("BEGIN IMMEDIATE")
            # Another process may have been quicker.
            if db.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
                for kind, name in db.execute(
                    "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
                ).fetchall():
                    db.execute(f'DROP {kind} IF EXISTS "{name}"')
                for statement in SCHEMA.split(";"):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            db.execute("COMMIT")
        return db

    def begin_again(self) -> None:
        """Throws the file away and starts with an empty index."""
        self.db.close()
        if self.path is not None and not self.in_memory:
            self.path.unlink(missing_ok=True)
        self.db = self.opened()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; waits for other processes. Raises StoreError when they take too long."""
        try:
            self.db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise StoreError(
                    f"{self.path}: another interview process keeps the index busy; try again"
                ) from None
            raise
        try:
            yield self.db
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def close(self) -> None:
        self.db.close()


def connect(path: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    db.execute("PRAGMA temp_store = MEMORY")
    return db


def is_broken(error: sqlite3.DatabaseError) -> bool:
    """Whether the file itself is at fault, and not the disk or another process."""
    words = str(error)
    return any(
        w in words for w in ("malformed", "not a database", "no such", "corrupt", "has no column")
    )


def healed(index: Index, work: Callable[[], T]) -> T:
    """Does `work`; if the index turns out to be broken, or can no longer be written, once more
    with a new one."""
    try:
        return work()
    except sqlite3.DatabaseError as error:
        if not is_broken(error):
            index.db.close()
            index.path, index.in_memory = None, True
            index.db = index.opened()
            return work()
        index.begin_again()
        return work()
