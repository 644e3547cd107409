"""What the store's tests are made of: a small bank, reviews, and questions to the index."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from interview_cli.cli.paths import Paths
from interview_cli.domain.review import Aim, Due, Event, Rating, Review, Undo, Weights
from interview_cli.scheduling.fsrs import WEIGHTS
from interview_cli.store.history import DueRow, History, Row, SettingRow
from interview_cli.store.index import Index
from interview_cli.store.line import dump

START = datetime(2026, 11, 21, 8, 46, 37, 123456, UTC)


def review(name: str, minutes: float = 0, card: str = "bn-axes", **fields: object) -> Review:
    """A good answer, some minutes after START."""
    given = Review(name, START + timedelta(minutes=minutes), 480, card, Rating.GOOD)
    return given._replace(elapsed_ms=8140, text="9f86d081")._replace(**fields)


def undo(name: str, target: str, minutes: float = 0) -> Undo:
    return Undo(name, START + timedelta(minutes=minutes), 480, target)


def due(name: str, minutes: float = 0, card: str = "bn-axes", zone_min: int = 480) -> Due:
    return Due(name, START + timedelta(minutes=minutes), zone_min, card)


def weights(name: str, minutes: float = 0, first: float = 0.3) -> Weights:
    """Of somebody who begins, learns and forgets otherwise than the mean."""
    fitted = (first, *WEIGHTS[1:8], 1.5 + first, *WEIGHTS[9:20], 0.3)
    return Weights(name, START + timedelta(minutes=minutes), 480, fitted)


def aim(name: str, minutes: float = 0, day: date | None = date(2026, 12, 18)) -> Aim:
    """Half an hour a day for an interview; neither on Saturdays nor on the first of December."""
    return Aim(name, START + timedelta(minutes=minutes), 480, day, 30, ("sat", "2026-12-01"))


def write(path: Path, *events: Event | bytes) -> Path:
    """Appends events, or bytes as they are, to a log."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(b"".join(e if isinstance(e, bytes) else dump(e) for e in events))
    return path


class Opened(History):
    """A history whose index is closed when nobody uses it any more."""

    def __del__(self) -> None:
        self.index.close()


def history(folder: Path, index: Path | None = None) -> History:
    """The history of a folder, not read yet."""
    return Opened(Index(index), folder)


def scratch(folder: Path) -> History:
    """The history of a folder, read from nothing."""
    found = history(folder)
    found.refresh()
    return found


def memories(of: History) -> list[tuple[object, ...]]:
    """All rows of the table `memory`."""
    return of.index.db.execute("SELECT * FROM memory ORDER BY card").fetchall()


def counted(of: History) -> list[str]:
    """The ids of all reviews that count, in order."""
    return [row.id for row in of.all_rows()]


def stored(of: History) -> list[Row]:
    """Every review, undone or not."""
    rows = of.index.db.execute("SELECT * FROM reviews ORDER BY turn, log, line")
    return [Row(*row) for row in rows]


def stored_dues(of: History) -> list[DueRow]:
    """Everything that ever brought a card forward."""
    rows = of.index.db.execute("SELECT * FROM dues ORDER BY turn, log, line")
    return [DueRow(*row) for row in rows]


def stored_settings(of: History) -> list[SettingRow]:
    """Every setting there ever was."""
    rows = of.index.db.execute("SELECT * FROM settings ORDER BY turn, log, line")
    return [SettingRow(*row) for row in rows]


def home(folder: Path, cards: int = 6, was: dict[str, str] | None = None) -> tuple[Paths, Path]:
    """Where a learner's things are, and the root of a bank of one deck: card-0, card-1 ..."""
    root = folder / "bank"
    (root / "cards").mkdir(parents=True, exist_ok=True)
    write_deck(root, cards, was or {})
    return Paths(folder / "reviews", folder / "decks", folder / "index.sqlite"), root


def write_deck(root: Path, cards: int, was: dict[str, str]) -> None:
    """`was` says what cards were called before."""
    deck = ["deck: tiny", "title: {zh: 小, en: Tiny}", "cards:"]
    for number in range(cards):
        old = f", was: [{was[f'card-{number}']}]" if f"card-{number}" in was else ""
        deck.append(
            f"  - {{id: card-{number}, kind: recall, level: {1 + number % 3}{old}, "
            f"ask: {{zh: 问 {number}, en: Ask {number}}}, answer: {{zh: 答, en: Answer}}, "
            "points: [{zh: 点, en: Point}]}"
        )
    path = root / "cards" / "tiny.yaml"
    path.write_text("\n".join(deck) + "\n", encoding="utf-8")
    written = path.stat().st_mtime - 60  # long enough ago not to be read every time
    os.utime(path, (written, written))


def a_rating(rng: Random) -> Rating:
    return rng.choices(tuple(Rating), (2, 1, 5, 1))[0]
