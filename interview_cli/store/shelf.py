"""The compiled bank inside the index, and the questions that a session asks of both: what is due,
what is new, what stands on a card."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from interview_cli.scheduling.queue import Queue, Waiting
from interview_cli.scheduling.scheduler import Memory
from interview_cli.store.history import from_us, memory_of, to_us
from interview_cli.store.index import Index

MAX_CARDS = 100_000  # more than a deck of a megabyte can hold
MAX_MARKS = 500  # SQLite takes at least 999 values


class Selection(NamedTuple):
    """Which cards: empty fields select everything."""

    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()

    def where(self) -> tuple[str, list[object]]:
        """The condition on the table `cards`, and its values."""
        parts, values = [], list[object]()
        for column, wanted in (
            ("topic", self.topics),
            ("kind", self.kinds),
            ("level", self.levels),
        ):
            if wanted:
                parts.append(f"cards.{column} IN ({', '.join('?' * len(wanted))})")
                values.extend(wanted)
        if self.tags:
            parts.append(
                "(" + " OR ".join(["' ' || cards.tags || ' ' LIKE ?"] * len(self.tags)) + ")"
            )
            values.extend(f"% {tag} %" for tag in self.tags)
        return " AND ".join(parts) or "1", values

    def of_memories(self) -> tuple[str, str, list[object]]:
        """The same for the table `memory`: what to join, the condition, its values.

        With a hundred thousand cards a join costs more than everything else before the first
        question, so topics, the usual selection, do without one.
        """
        if self.tags or self.kinds or self.levels:
            where, values = self.where()
            return "memory JOIN cards ON cards.id = memory.card", where, values
        if not self.topics:
            return "memory", "memory.topic IS NOT NULL", []
        marks = ", ".join("?" * len(self.topics))
        return "memory", f"memory.topic IS NOT NULL AND memory.topic IN ({marks})", [*self.topics]


class Shelved(NamedTuple):
    """A card as the cache keeps it, with what is remembered of it."""

    id: str
    topic: str
    level: int
    kind: str
    text: str
    body: bytes
    memory: Memory | None
    seen_text: str


class Topic(NamedTuple):
    """A deck's name and titles."""

    topic: str
    zh: str
    en: str
    cards: int


class Standing(NamedTuple):
    """How a seen card stands on a study day: days since its last review, and whether it is due, or
    waits in its steps."""

    card: str
    topic: str
    stability: float
    elapsed_days: int
    is_due: int
    is_in_steps: int


COLUMNS = "cards.id, cards.topic, cards.level, cards.kind, cards.text, cards.body, memory.*"


class Shelf:
    """The tables `decks` and `cards`. It is a bank.compile.Cache."""

    def __init__(self, index: Index) -> None:
        self.index = index

    # What the compiler needs.

    def signatures(self) -> dict[str, tuple[str, bytes]]:
        rows = self.index.db.execute("SELECT path, signature, hash FROM decks")
        return {path: (signature, digest) for path, signature, digest in rows}

    def owners(self, cards: list[str]) -> dict[str, str]:
        """The decks that have some of these cards."""
        found: dict[str, str] = {}
        for start in range(0, len(cards), MAX_MARKS):
            part = cards[start : start + MAX_MARKS]
            marks = ", ".join("?" * len(part))
            query = f"SELECT id, path FROM cards WHERE id IN ({marks})"
            found.update(self.index.db.execute(query, part).fetchall())
        return found

    def replace(self, deck: Any, place: int) -> None:
        """Puts a CompiledDeck in the place of what its file held before."""
        db = self.index.db
        path = deck.path
        values = (path, deck.signature, deck.hash, deck.topic, deck.zh, deck.en, place)
        db.execute("INSERT OR REPLACE INTO decks VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        start = place * MAX_CARDS
        db.executemany(
            "INSERT INTO cards VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,"
            " EXISTS (SELECT 1 FROM memory WHERE card = ?))",
            (
                (c.id, path, deck.topic, c.level, start + n, c.kind, c.tags, c.text, c.body, c.id)
                for n, c in enumerate(deck.cards)
            ),
        )
        db.execute(
            "UPDATE memory SET topic = ? WHERE card IN"
            " (SELECT id FROM cards WHERE path = ? AND seen = 1)",
            (deck.topic, path),
        )
        renamed = [(old, card.id, path) for card in deck.cards for old in card.was]
        if renamed:
            db.executemany("INSERT OR REPLACE INTO renames VALUES (?, ?, ?)", renamed)
            # The log names the old ids: it has to be read again.
            db.execute("DELETE FROM meta WHERE key = 'rule'")

    def arrange(self, paths: list[str]) -> None:
        """Puts the decks into the order of their files, which a new file changes."""
        db = self.index.db
        places = dict(db.execute("SELECT path, place FROM decks").fetchall())
        for place, path in enumerate(paths):
            if places.get(path, place) != place:
                db.execute("UPDATE decks SET place = ? WHERE path = ?", (place, path))
                db.execute(
                    f"UPDATE cards SET place = place % {MAX_CARDS} + ? WHERE path = ?",
                    (place * MAX_CARDS, path),
                )

    def touch(self, path: str, signature: str) -> None:
        """The file has another time stamp but the same bytes."""
        self.index.db.execute("UPDATE decks SET signature = ? WHERE path = ?", (signature, path))

    def remove(self, path: str) -> None:
        db = self.index.db
        db.execute(
            "UPDATE memory SET topic = NULL WHERE card IN (SELECT id FROM cards WHERE path = ?)",
            (path,),
        )
        for table in ("cards", "decks"):
            db.execute(f"DELETE FROM {table} WHERE path = ?", (path,))
        if db.execute("DELETE FROM renames WHERE path = ?", (path,)).rowcount:
            db.execute("DELETE FROM meta WHERE key = 'rule'")  # as in `replace`

    # What a session asks.

    def topics(self) -> list[Topic]:
        """All topics, in the order of their files."""
        rows = self.index.db.execute(
            "SELECT topic, zh, en, (SELECT count(*) FROM cards WHERE cards.path = decks.path)"
            " FROM decks ORDER BY place"
        )
        return [Topic(*row) for row in rows]

    def tags(self) -> list[str]:
        """Every tag that a card has."""
        rows = self.index.db.execute("SELECT DISTINCT tags FROM cards WHERE tags <> ''")
        return sorted({tag for (tags,) in rows for tag in tags.split()})

    def queue(self, selection: Selection, day: int, fresh: int, most: int) -> tuple[Queue, bool]:
        """What is due, new and waiting, at most `most` of each; and whether more are due.

        Lowest retrievability first is longest elapsed in units of stability first, because the
        forgetting curve has one shape. A new card that was brought forward is due, and has none.
        """
        db = self.index.db
        joined, where, values = selection.of_memories()
        due = db.execute(
            f"SELECT card FROM {joined} WHERE phase = 2 AND due_day <= ? AND {where}"
            " ORDER BY max(? - reviewed_day, 0) / stability DESC, card LIMIT ?",
            (day, *values, day, most + 1),
        ).fetchall()
        waiting = db.execute(
            f"SELECT due_us, card FROM {joined} WHERE phase <> 2 AND {where}"
            " ORDER BY due_us LIMIT ?",
            (*values, most),
        ).fetchall()
        where, values = selection.where()
        new = db.execute(
            f"SELECT id FROM cards WHERE seen = 0 AND id NOT IN (SELECT card FROM dues)"
            f" AND {where} ORDER BY level, place LIMIT ?",
            (*values, min(fresh, most)),
        ).fetchall()
        early = self.brought_forward(selection)
        cards = (*early, *(card for (card,) in due))
        queue = Queue(
            cards[:most],
            tuple(card for (card,) in new),
            tuple(Waiting(from_us(us), card) for us, card in waiting),
        )
        return queue, len(cards) > most

    def brought_forward(self, selection: Selection) -> list[str]:
        """The new cards that are to be asked now, by level and place."""
        where, values = selection.where()
        query = (
            "SELECT id FROM cards WHERE seen = 0 AND id IN (SELECT card FROM dues)"
            f" AND {where} ORDER BY level, place"
        )
        return [card for (card,) in self.index.db.execute(query, values)]

    def early_by_topic(self) -> dict[str, int]:
        """How many new cards each topic has that are to be asked now."""
        query = (
            "SELECT topic, count(*) FROM cards WHERE seen = 0 AND id IN (SELECT card FROM dues)"
            " GROUP BY topic"
        )
        return dict(self.index.db.execute(query).fetchall())

    def asked_for(self, selection: Selection) -> list[str]:
        """The cards, new or not, that were brought forward since their last review."""
        where, values = selection.where()
        query = (
            "SELECT id FROM cards LEFT JOIN memory ON memory.card = id WHERE id IN"
            " (SELECT card FROM dues WHERE at_us > coalesce(reviewed_us, at_us - 1))"
            f" AND {where} ORDER BY level, place"
        )
        return [card for (card,) in self.index.db.execute(query, values)]

    def reviewed_on(self, day: int) -> set[str]:
        """The cards whose last review was on that study day."""
        rows = self.index.db.execute("SELECT card FROM memory WHERE reviewed_day = ?", (day,))
        return {card for (card,) in rows}

    def ids(self, selection: Selection) -> list[str]:
        """All cards of a selection, by level and place."""
        where, values = selection.where()
        query = f"SELECT id FROM cards WHERE {where} ORDER BY level, place"
        return [card for (card,) in self.index.db.execute(query, values)]

    def card(self, name: str) -> Shelved | None:
        """A card by its id, or by one that it had before."""
        query = (
            f"SELECT {COLUMNS} FROM cards LEFT JOIN memory ON memory.card = cards.id"
            " WHERE cards.id = ?"
        )
        row = self.index.db.execute(query, (name,)).fetchone()
        if row is None:
            new = self.index.db.execute("SELECT new FROM renames WHERE old = ?", (name,)).fetchone()
            row = new and self.index.db.execute(query, new).fetchone()
        return shelved(row) if row else None

    def cards(self, selection: Selection) -> list[Shelved]:
        """All cards of a selection, in the order of their files."""
        where, values = selection.where()
        rows = self.index.db.execute(
            f"SELECT {COLUMNS} FROM cards LEFT JOIN memory ON memory.card = cards.id"
            f" WHERE {where} ORDER BY place",
            values,
        )
        return [shelved(row) for row in rows]

    def standings(self, day: int, now: datetime) -> list[Standing]:
        """How all seen cards stand; without their texts, which is ten times faster."""
        is_due = "CASE phase WHEN 2 THEN due_day <= :day ELSE due_us <= :now END"
        rows = self.index.db.execute(
            "SELECT card, topic, stability, max(:day - reviewed_day, 0),"
            f" {is_due}, phase <> 2 AND NOT ({is_due}) FROM memory WHERE topic IS NOT NULL",
            {"day": day, "now": to_us(now)},
        )
        return [Standing(*row) for row in rows]

    def due_between(self, selection: Selection, first: int, last: int) -> dict[int, int]:
        """How many reviews come due on each study day."""
        joined, where, values = selection.of_memories()
        return dict(
            self.index.db.execute(
                f"SELECT due_day, count(*) FROM {joined}"
                f" WHERE phase = 2 AND due_day BETWEEN ? AND ? AND {where} GROUP BY due_day",
                (first, last, *values),
            ).fetchall()
        )


def shelved(row: Sequence[Any]) -> Shelved:
    name, topic, level, kind, text, body, *rest = row
    memory = memory_of(rest) if rest[0] is not None else None
    return Shelved(name, topic, level, kind, text, body, memory, rest[-2] or "")
