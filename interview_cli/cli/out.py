"""Writes values: JSON for scripts, rich renderables for people, notices to stderr."""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from interview_cli.cli.desk import Desk
from interview_cli.errors import UsageError

JSON_VERSION = 1


def write_json(**fields: Any) -> None:
    """One document, `"version": 1` first; described in docs/json.md."""
    import json

    def plain(value: object) -> object:
        if isinstance(value, datetime):
            return value.isoformat().replace("+00:00", "Z")
        raise TypeError(f"{type(value).__name__} is not JSON")

    text = json.dumps(
        {"version": JSON_VERSION, **fields}, ensure_ascii=False, indent=2, default=plain
    )
    sys.stdout.write(text + "\n")


def write_notices(desk: Desk) -> None:
    """What was damaged or newer, a line each, on stderr."""
    for notice in desk.notices:
        print(notice, file=sys.stderr)  # noqa: T201


def write(console: Console, renderables: Iterable[Any]) -> None:
    for renderable in renderables:
        may_be_wider = getattr(renderable, "overflow", None) == "ignore"
        console.print(renderable, crop=not may_be_wider)


def write_file(path: Path, text: str) -> None:
    """A file with this text, whole or not at all: written beside it and then given its name.
    Raises UsageError."""
    place = path.expanduser().resolve()
    part = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        if place.exists() and not place.is_file():
            raise UsageError(f"{path}: this is no file; name one that may be written")
        with part.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # a power cut after the rename would leave an empty page
        part.replace(place)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise UsageError(
            f"{path}: not written: {error.strerror or error}; name a file in a folder of yours"
        ) from None
