"""A small bank of all seven kinds, a fixed clock, a fake terminal, and one run of the program."""

import io
import os
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import NamedTuple, TextIO

import pytest

from interview_cli.cli.app import run
from interview_cli.domain.review import Event, Rating, Review
from interview_cli.store.line import dump

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SCREENS = Path(__file__).parents[1] / "screens"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")

BANK = Path(__file__).parent / "bank"


class Home:
    """A learner's folder beside a small bank."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.bank = root / "bank"
        self.folder = root / "home"
        copytree(BANK, self.bank, ignore=ignore_patterns("__pycache__"))

    def deck(self, text: str, name: str = "mine.yaml") -> None:
        """Puts a deck of the learner's own."""
        (self.folder / "decks").mkdir(parents=True, exist_ok=True)
        (self.folder / "decks" / name).write_text(text, encoding="utf-8")

    def write_reviews(self, events: list[Event], name: str = "elsewhere.jsonl") -> None:
        """Puts a log of another machine."""
        (self.folder / "reviews").mkdir(parents=True, exist_ok=True)
        with (self.folder / "reviews" / name).open("ab") as file:
            file.writelines(map(dump, events))

    def log_lines(self) -> list[str]:
        """All lines of all logs."""
        logs = sorted((self.folder / "reviews").glob("*.jsonl"))
        return [line for log in logs for line in log.read_text().splitlines()]


def reviewed(card: str, days_ago: float, rating: Rating, text: str = "", **fields: int) -> Review:
    """A review at a fixed distance from NOW."""
    at = NOW - timedelta(days=days_ago)
    name = f"{card}-{at:%m%d%H%M}"
    return Review(name, at, 0, card, rating, elapsed_ms=fields.get("elapsed_ms", 12_000), text=text)


class Ran(NamedTuple):
    """What one run of the program left."""

    status: int
    out: str
    err: str


class Stream(io.StringIO):
    """A terminal, or a pipe, of some encoding."""

    encoding = "utf-8"

    def __init__(self, text: str = "", is_terminal: bool = False) -> None:
        super().__init__(text)
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal


def interview(
    *arguments: str, typed: str = "", in_terminal: bool = False, stdin: TextIO | None = None
) -> Ran:
    """One run in this process; its input is always lines, its output a pipe or a terminal.
    stdin: instead of `typed`, for what reads from a file descriptor."""
    out, err = Stream(is_terminal=in_terminal), Stream()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "stdin", stdin or Stream(typed))
        status = run(list(arguments))
    return Ran(status, ESCAPES.sub("", out.getvalue()), err.getvalue())


def check_screen(name: str, text: str) -> None:
    """Compares a screen with its file; UPDATE_SCREENS=1 writes the file instead."""
    screen = "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
    path = SCREENS / f"{name}.txt"
    if os.environ.get("UPDATE_SCREENS") == "1":
        path.write_text(screen, encoding="utf-8")
    assert path.exists(), f"{path} is missing; UPDATE_SCREENS=1 pytest writes it: look at it then"
    assert path.read_text(encoding="utf-8") == screen
