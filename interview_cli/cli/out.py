"""Writes values: JSON for scripts, rich renderables for people, notices to stderr."""

import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rich.console import Console

from interview_cli.cli.desk import Desk

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
