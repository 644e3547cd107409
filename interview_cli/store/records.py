"""What the attempts at solutions came to, read from the files that `attempts` writes.

A line that is damaged or strange is passed over; an attempt of which no verdict was given says
nothing, and has no record.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec

from interview_cli.errors import StoreError
from interview_cli.store.attempts import NAME, age, worked_s
from interview_cli.store.files import unreadable

ACCEPTED = "accepted"


class Record(NamedTuple):
    """One attempt. used_s: seconds worked until it was accepted, or in all. kind: the last
    verdict's. passed, stages: the most stages that passed, and how many there are; None in files
    that are older than they. mistakes: each name once."""

    solution: str
    begun_at: datetime
    used_s: float
    is_accepted: bool
    kind: str
    passed: int | None
    stages: int | None
    hints: int
    mistakes: tuple[str, ...]


class Line(msgspec.Struct):
    """An event of an attempt, with what a verdict says."""

    at: Annotated[datetime, msgspec.Meta(tz=True)]
    event: str
    kind: str = ""
    mistakes: list[str] = []
    passed: int | None = None
    stages: int | None = None

    @property
    def is_accepted(self) -> bool:
        """In all stages, not only up to the one that the learner wanted to reach."""
        return (self.event, self.kind) == ("verdict", ACCEPTED) and self.passed == self.stages


LINE = msgspec.json.Decoder(Line)


def records(folder: Path) -> list[Record]:
    """All attempts below the data folder, oldest first. Raises StoreError."""
    found = [
        record
        for solution in folders(folder / "practice")
        for attempt in sorted(filter(is_attempt, folders(solution)), key=age)
        if (record := record_of(solution.name, lines_of(attempt / "attempt.jsonl")))
    ]
    return sorted(found, key=lambda record: record.begun_at)


def record_of(solution: str, lines: list[Line]) -> Record | None:
    """What one attempt came to; None where nothing was judged."""
    verdicts = [line for line in lines if line.event == "verdict"]
    if not verdicts:
        return None
    accepted = next((n for n, line in enumerate(lines) if line.is_accepted), None)
    furthest = max(verdicts, key=lambda line: line.passed or 0)
    return Record(
        solution,
        lines[0].at,
        worked_s(lines[: len(lines) if accepted is None else accepted + 1]),
        accepted is not None,
        verdicts[-1].kind,
        furthest.passed,
        furthest.stages,
        sum(line.event == "hint" for line in lines),
        tuple(dict.fromkeys(name for line in verdicts for name in line.mistakes)),
    )


def lines_of(path: Path) -> list[Line]:
    """The events of a file, all at once where each line is whole."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(unreadable(path, error)) from None
    try:
        return LINE.decode_lines(data)
    except (ValueError, RecursionError):  # msgspec's own are ValueErrors
        return [line for text in data.split(b"\n") if (line := whole(text))]


def whole(text: bytes) -> Line | None:
    try:
        return LINE.decode(text)
    except (ValueError, RecursionError):
        return None


def is_attempt(path: Path) -> bool:
    return NAME.fullmatch(path.name) is not None


def folders(place: Path) -> list[Path]:
    """The folders in a folder; none where there is none."""
    try:
        with os.scandir(place) as entries:
            return [Path(entry.path) for entry in entries if entry.is_dir()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(unreadable(place, error)) from None
