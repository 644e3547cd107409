"""interview doctor: look at everything that can be wrong, and say what to do."""

import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import typer
from rich.text import Text

from interview_cli import __version__
from interview_cli.cli import desk as desks
from interview_cli.cli.config import config
from interview_cli.cli.desk import Desk
from interview_cli.cli.options import Json, Lang, checked_lang
from interview_cli.cli.out import write, write_json
from interview_cli.cli.paths import machine, paths, rollover_hour
from interview_cli.cli.view import prose
from interview_cli.cli.view.look import Look, console, is_utf8, look
from interview_cli.cli.view.words import plural
from interview_cli.errors import InterviewError, JudgeError
from interview_cli.judge import catalogue
from interview_cli.scheduling.scheduler import LEECH_LAPSES
from interview_cli.store.files import logs
from interview_cli.store.line import Damaged, Newer, load

EXAMPLES = """\b
Examples:
  interview doctor
  interview doctor --json
"""
# Whoever sees it drawn knows that this terminal's font will do.
SAMPLE = r"\hat x=\frac{x-\mu}{\sqrt{\sigma^2+\epsilon}}"


@dataclass(frozen=True)
class Check:
    """One thing looked at. advice: what to do; empty if all is well."""

    name: str
    found: str
    advice: str = ""
    is_bad: bool = False


def command(lang: Lang = None, as_json: Json = False) -> None:
    """Check everything that can be wrong.

    The installation, the terminal, the bank, every line of the log, and the index.
    """
    view = look(checked_lang(lang))
    checks = list(all_checks(view))
    if as_json:
        write_json(
            version_of_interview=__version__,
            checks=[
                {"name": c.name, "found": c.found, "advice": c.advice or None, "is_bad": c.is_bad}
                for c in checks
            ],
        )
    else:
        out = console(view)
        for check in checks:
            mark = (
                ("✓", "green")
                if not check.advice
                else ("✗", "red")
                if check.is_bad
                else ("!", "yellow")
            )
            if view.math == "latex":
                mark = ({"✓": "ok", "✗": "NO", "!": "! "}[mark[0]], mark[1])
            text = Text.assemble(mark, f" {check.name}: {check.found}")
            indent = " " * (len(mark[0]) + 1)
            # A path in a pipe is not broken.
            width = 10_000 if view.is_plain else view.width
            rows = list(prose.wrapped(text, width, "", indent))
            if check.advice:
                arrow = "→ " if view.math != "latex" else ""
                advice = Text(check.advice, "yellow")
                rows += prose.wrapped(advice, width, f"{indent}{arrow}", f"{indent}  ")
            for row in rows:
                out.print(row, soft_wrap=True)
        if view.math == "2d":
            write(out, prose.lines(rf"$${SAMPLE}$$", view, view.width))
    if any(check.is_bad for check in checks):
        raise typer.Exit(1)


def all_checks(view: Look) -> Iterator[Check]:
    """Every check; one that fails in a new way becomes a bad check, not a traceback."""
    checks: tuple[Callable[[], Iterator[Check]], ...] = (
        program, lambda: terminal(view), folders, review_files, bank_and_index, walls,
    )  # fmt: skip
    for check in checks:
        try:
            yield from check()
        except (InterviewError, OSError) as error:
            lines = str(error).splitlines()
            more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
            yield Check(
                "problem", lines[0] + more, "mend it, then run interview doctor again", is_bad=True
            )


def program() -> Iterator[Check]:
    yield Check(
        "interview", f"{__version__}, Python {platform.python_version()}, {platform.system()}"
    )
    has_torch = find_spec("torch") is not None
    yield Check(
        "torch",
        "installed" if has_torch else "not installed",
        ""
        if has_torch
        else "verify, show --run and practice --in torch need it: pip install 'torch>=2.6,<2.14'",
    )
    import yaml

    fast = hasattr(yaml, "CBaseLoader")
    yield Check(
        "YAML parser",
        "C" if fast else "Python",
        "" if fast else "decks load ten times slower: install PyYAML's wheel",
    )


def terminal(view: Look) -> Iterator[Check]:
    utf8 = is_utf8(sys.stdout)
    yield Check(
        "terminal",
        f"{view.width} columns, {sys.stdout.encoding}, TERM={os.environ.get('TERM', '')}, "
        f"language {view.lang}, mathematics {view.math}",
        ""
        if utf8
        else "formulas and Chinese need UTF-8: set LANG=C.UTF-8 or PYTHONIOENCODING=utf-8",
    )


def folders() -> Iterator[Check]:
    where = paths()
    for name, folder in (("reviews", where.reviews), ("index folder", where.cache.parent)):
        existing = folder
        while not existing.exists() and existing != existing.parent:
            existing = existing.parent
        can_write = os.access(existing, os.W_OK)
        advice = (
            ""
            if can_write
            else "answers cannot be saved there: allow writing, or set INTERVIEW_HOME"
        )
        yield Check(name, str(folder), advice, is_bad=not can_write and name == "reviews")
    yield Check("this machine", f"{machine()}, study days begin at {rollover_hour()}:00")


def review_files() -> Iterator[Check]:
    """Every line of every log, read again."""
    where = paths().reviews
    now = desks.now()
    total = 0
    for entry in logs(where):
        good = damaged = newer = future = 0
        with Path(entry.path).open("rb") as file:
            for line in file:
                try:
                    event = load(line)
                except Damaged:
                    damaged += line != b"\n"
                except Newer:
                    newer += 1
                else:
                    good += 1
                    future += event[1] > now  # both kinds of event have their moment second
        total += good
        found = f"{plural(good, 'line')} in {entry.name}"
        if damaged:
            yield Check(
                "log",
                f"{found}, {damaged} damaged",
                f"copies are in {entry.name}.rejected; everything else counts",
            )
        elif newer:
            yield Check("log", f"{found}, {newer} from a newer version", "upgrade interview-cli")
        elif future:
            yield Check(
                "log", f"{found}, {future} dated in the future", "was the clock wrong? undo them"
            )
        else:
            yield Check("log", found)
    if not total:
        yield Check("log", "no reviews yet")


def bank_and_index() -> Iterator[Check]:
    desk = Desk()
    try:
        topics = desk.shelf.topics()
        cards = sum(topic.cards for topic in topics)
        solutions = catalogue.solutions(desk.solutions)
        yield Check(
            "bank",
            f"{plural(cards, 'card')} in {plural(len(topics), 'deck')}, "
            f"{plural(len(solutions), 'solution')}",
        )
        state = desk.index.db.execute("PRAGMA quick_check").fetchone()[0]
        place = "in memory" if desk.index.in_memory else str(desk.index.path)
        yield Check(
            "index", f"{place}: {state}", "" if state == "ok" else f"delete {place}; it comes back"
        )
        leeches = desk.index.db.execute(
            "SELECT card FROM memory WHERE lapses >= ? ORDER BY card", (LEECH_LAPSES,)
        ).fetchall()
        if leeches:
            names = ", ".join(card for (card,) in leeches)
            yield Check(
                "leeches", names, "forgotten again and again: split them or find another way"
            )
        config(desk.where.config, [topic.topic for topic in topics])  # raises where it is wrong
        weights = desk.history.weights
        yield Check(
            "memory model",
            f"fitted to your reviews on {weights.fitted_at.astimezone():%Y-%m-%d}"
            if weights
            else "FSRS-6 with its published weights; interview optimize fits it to your reviews",
        )
    finally:
        desk.close()


def walls() -> Iterator[Check]:
    """What keeps code that is judged from the rest of this machine, tried on a child."""
    from interview_cli.judge.child import Child
    from interview_cli.judge.nursery import nursery

    try:
        with nursery("numpy") as born, Child(born) as child:
            child.start()
    except JudgeError as error:
        yield Check("judge", str(error), "practice and show --run need it")
        return
    found = ", ".join(f"{name} {state}" for name, state in child.walls.items())
    has_gap = any(state.startswith("off") for state in child.walls.values())
    yield Check(
        "judge",
        found,
        "practise only code that you would run yourself: not every wall stands" if has_gap else "",
    )
