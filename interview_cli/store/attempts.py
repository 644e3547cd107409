"""What a learner writes by hand, and what happens meanwhile: nothing of it is ever lost.

    practice/<solution>/2026-11-21-084637/     one attempt, named by its beginning in UTC
        <solution>.py        what the learner edits; we write it at the beginning and at a reset
        saves/0001.py ...    every save, in order
        attempt.jsonl        what happened, a line each: {"at":"...","event":"hint",...}

A file appears under its name whole or not at all, and is safe on disk before it counts. Several
terminals may work on one attempt.
"""

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol, Self

import msgspec

from interview_cli.errors import StoreError
from interview_cli.store.files import unreadable, unsaved
from interview_cli.store.log import Lines, System, sync_folder

Language = Literal["numpy", "torch"]
Kind = Literal["started", "resumed", "save", "verdict", "hint", "reset", "shown", "ended"]
BEGINNINGS = ("started", "resumed")

NAME = re.compile(r"\d{4}-\d\d-\d\d-\d{6}(-\d+)?")
WRITING = os.O_WRONLY | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class Happening(NamedTuple):
    """One event of an attempt; at: aware UTC. `event` is a Kind, or one of a newer version."""

    at: datetime
    event: str
    fields: dict[str, Any]


class Started(msgspec.Struct):
    """What the event `started` says; limit_s: None without a limit."""

    language: Language
    limit_s: float | None


def begin(
    folder: Path,
    solution: str,
    stub: str,
    at: datetime,
    *,
    language: Language,
    limit_s: float | None,
    system: System | None = None,
) -> "Attempt":
    """A new attempt below the data folder. Raises StoreError; then there is none."""
    place = folder / "practice" / solution
    started = Started(language, limit_s)
    try:
        attempt = Attempt(new_folder(place, at), solution, started, system)
        write(attempt.path, stub.encode(), attempt.system, os.O_EXCL)
    except OSError as error:
        raise StoreError(unsaved(place, error)) from None
    attempt.record("started", at, **msgspec.structs.asdict(started))
    return attempt


def newest(folder: Path) -> str | None:
    """The solution of the newest attempt that has not ended. Raises StoreError."""
    place = folder / "practice"
    try:
        solutions = [path.name for path in place.iterdir() if path.is_dir()]
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(unreadable(place, error)) from None
    open_ = [attempt for name in solutions if (attempt := resume(folder, name))]
    last = max(open_, key=lambda attempt: age(attempt.folder), default=None)
    return last.path.stem if last else None


def resume(folder: Path, solution: str, system: System | None = None) -> "Attempt | None":
    """The newest attempt that has not ended. Whoever sits down to it records `resumed`."""
    place = folder / "practice" / solution
    try:
        found = [path for path in place.iterdir() if NAME.fullmatch(path.name)]
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(unreadable(place, error)) from None
    for path in sorted(found, key=age, reverse=True):
        events = events_of(path / "attempt.jsonl")
        started = started_of(events)
        if started is not None and all(event.event != "ended" for event in events):
            return Attempt(path, solution, started, system)
    return None


class Attempt:
    """One attempt at a solution. Every method raises StoreError, and then nothing is lost."""

    def __init__(
        self, folder: Path, solution: str, started: Started, system: System | None = None
    ) -> None:
        self.folder = folder
        self.path = folder / f"{solution}.py"
        self.language, self.limit_s = started.language, started.limit_s
        self.system = system or System()
        self.lines = Lines(folder, "attempt", system)

    def keep(self, source: bytes) -> int:
        """Saves the learner's code; the number of the save. What equals the last save is that
        one."""
        try:
            with self.lines.locked():
                return self.kept(source)
        except OSError as error:
            raise self.failed(self.folder / "saves", error) from None

    def kept(self, source: bytes) -> int:
        folder = self.folder / "saves"
        folder.mkdir(exist_ok=True)
        saves = self.saves
        number = int(saves[-1].stem) if saves else 0
        if not saves or saves[-1].read_bytes() != source:
            number = write_next(folder, number + 1, source, self.system)
        for changed in (folder, self.folder):  # also where an earlier call failed at it
            sync_folder(changed, self.system)
        return number

    def reset(self, stub: str, at: datetime) -> None:
        """Puts the stub back in the place of the learner's code, which is kept as a save."""
        number = None
        try:
            with self.lines.locked():
                with suppress(FileNotFoundError):
                    number = self.kept(self.path.read_bytes())
                write(self.path, stub.encode(), self.system, os.O_TRUNC)
                sync_folder(self.folder, self.system)
        except OSError as error:
            raise self.failed(self.path, error) from None
        self.record("reset", at, number=number)

    def record(self, event: Kind, at: datetime, **fields: object) -> None:
        """Writes down what happened; safe when it returns."""
        line = msgspec.json.encode({"at": at.astimezone(UTC), "event": event, **fields})
        self.lines.add(line + b"\n")

    def failed(self, path: Path, error: OSError) -> StoreError:
        self.lines.close()
        return StoreError(unsaved(path, error))

    def events(self) -> list[Happening]:
        """What happened, in order, without the lines that a power cut tore."""
        return events_of(self.lines.path)

    @property
    def saves(self) -> list[Path]:
        """Every save, oldest first."""
        found = (path for path in (self.folder / "saves").glob("*.py") if path.stem.isdecimal())
        return sorted(found, key=lambda path: int(path.stem))

    @property
    def hints(self) -> int:
        """How many hints were taken."""
        return sum(event.event == "hint" for event in self.events())

    @property
    def used_s(self) -> float:
        """Seconds worked on it so far."""
        return worked_s(self.events())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.lines.close()


def new_folder(place: Path, at: datetime) -> Path:
    """A folder named by a moment, and made by us alone."""
    place.mkdir(parents=True, exist_ok=True)
    name, number = f"{at.astimezone(UTC):%Y-%m-%d-%H%M%S}", 1
    while True:
        path = place / (name if number == 1 else f"{name}-{number}")
        try:
            path.mkdir()
        except FileExistsError:
            number += 1
        else:
            return path


def age(path: Path) -> tuple[str, int]:
    """Sorts the folders of attempts, oldest first: `...-084637`, `...-084637-2`."""
    return path.name[:17], int(path.name[18:] or 1)


def write_next(folder: Path, number: int, source: bytes, system: System) -> int:
    """Writes a save under the first number that is free from `number` on."""
    while True:
        try:
            write(folder / f"{number:04d}.py", source, system, os.O_EXCL)
        except FileExistsError:
            number += 1
        else:
            return number


def write(path: Path, data: bytes, system: System, flag: int) -> None:
    """A file with these bytes, written beside it and then given its name.

    flag: O_TRUNC replaces what is there, O_EXCL raises FileExistsError. Whoever makes `.part` is
    the only one who may give the name, so between the question and the rename nobody comes.
    """
    part = path.with_name(f"{path.name}.part")
    fd = system.open(part, WRITING | flag, 0o600)
    try:
        try:
            written = 0
            while written < len(data):
                written += system.write(fd, data[written:])
            system.fsync(fd)
        finally:
            os.close(fd)
        if flag == os.O_EXCL and path.exists():
            raise FileExistsError
        system.rename(part, path)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise


def events_of(path: Path) -> list[Happening]:
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(unreadable(path, error)) from None
    return [event for line in lines if (event := happening(line))]


def happening(line: bytes) -> Happening | None:
    """The event of a line; None: it is not whole."""
    try:
        fields = msgspec.json.decode(line, type=dict[str, Any])
        at = msgspec.convert(fields.pop("at"), datetime)
        event = msgspec.convert(fields.pop("event"), str)
    except (ValueError, KeyError, RecursionError):  # msgspec's own are ValueErrors
        return None
    return None if at.tzinfo is None else Happening(at, event, fields)


class Moment(Protocol):
    """Whatever says that something happened, and when."""

    @property
    def at(self) -> datetime: ...

    @property
    def event(self) -> str: ...


def worked_s(events: Sequence[Moment]) -> float:
    """Seconds worked: of each sitting, from its beginning to its last event."""
    sittings: list[list[datetime]] = []
    for event in events:
        if event.event in BEGINNINGS or not sittings:
            sittings.append([])
        sittings[-1].append(event.at)
    # A clock that is set back takes no time away.
    return sum((max(sitting) - sitting[0]).total_seconds() for sitting in sittings)


def started_of(events: list[Happening]) -> Started | None:
    """What an attempt began with; None where the power was cut before it had begun."""
    for event in events:
        if event.event == "started":
            with suppress(msgspec.ValidationError):
                return msgspec.convert(event.fields, Started)
    return None
