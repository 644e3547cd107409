"""Every test of the command line has a folder of its own, a fixed clock and no environment."""

import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

from interview_cli.cli import desk
from interview_cli.cli.commands import lint
from tests.cli.material import NOW, Home

FOREIGN = (
    "NO_COLOR", "FORCE_COLOR", "COLORTERM", "INTERVIEW_LANG", "INTERVIEW_PLAIN", "INTERVIEW_DEBUG",
    "INTERVIEW_ROLLOVER_HOUR", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "TTY_COMPATIBLE",
    "TTY_INTERACTIVE", "PYTHONIOENCODING",
)  # fmt: skip


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in FOREIGN:
        monkeypatch.delenv(name, raising=False)
    for name, value in (("LANG", "C.UTF-8"), ("TZ", "UTC"), ("COLUMNS", "80"), ("TERM", "xterm")):
        monkeypatch.setenv(name, value)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The small bank in the place of the real one; 2026-11-21 08:00 UTC; seven seconds pass
    between two looks at the clock."""
    found = Home(tmp_path)
    monkeypatch.setenv("INTERVIEW_HOME", str(found.folder))
    for module in (desk, lint):
        monkeypatch.setattr(module, "bank_root", lambda: found.bank)
    monkeypatch.setattr(desk, "now", lambda: NOW)
    ticks = count(step=7)
    clock = SimpleNamespace(monotonic=lambda: float(next(ticks)))
    monkeypatch.setattr("interview_cli.cli.quiz.time", clock)
    return found
