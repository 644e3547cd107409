"""A solution written by hand while the installed program watches, in a pseudo-terminal."""

import json
import os
import signal
import subprocess
import termios
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from interview_cli.cli.paths import bank_root
from interview_cli.judge import catalogue
from interview_cli.judge.exercise import edited
from tests.cli.terminal import PROGRAM, Terminal
from tests.cli.workshop import editor

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason="interview is not installed")

BATCH_NORM = catalogue.get(bank_root() / "solutions", "batch-norm")
MISTAKES = BATCH_NORM.spec().mistakes
MISTAKE, *_, OTHER = MISTAKES
RIGHT = BATCH_NORM.source()
KEYS = "h hint · d difference · r reset · q stop"
Start = Callable[..., Terminal]


def wrong(mistake: Any = MISTAKE) -> str:
    """The model answer with a classic mistake in it."""
    found = edited(RIGHT, (mistake,))
    assert found is not None
    return found


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts practice in a new terminal; each of a test has the same home."""
    started: list[Terminal] = []

    def begin(*options: str, columns: int = 80, lang: str = "en") -> Terminal:
        opened = () if "--editor" in options else ("--no-open",)
        arguments = ("practice", "batch-norm", f"--lang={lang}", *opened, *options)
        started.append(Terminal(tmp_path / "home", *arguments, columns=columns))
        return started[-1]

    yield begin
    for terminal in started:
        terminal.kill()


def attempt(terminal: Terminal) -> Path:
    """The folder of the newest attempt."""
    return max((terminal.home / "practice" / "batch_norm").iterdir())


def save(terminal: Terminal, source: str) -> None:
    """As editors do it: the whole file at once."""
    path = attempt(terminal) / "batch_norm.py"
    part = path.with_name("written")
    part.write_text(source, encoding="utf-8")
    part.rename(path)


def saves(terminal: Terminal) -> list[str]:
    return [p.read_text("utf-8") for p in sorted((attempt(terminal) / "saves").glob("*.py"))]


def events(terminal: Terminal) -> list[str]:
    lines = (attempt(terminal) / "attempt.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["event"] for line in lines]


def run(terminal: Terminal, *arguments: str) -> dict[str, Any]:
    """What another command says as JSON."""
    ran = subprocess.run(
        [PROGRAM, *arguments, "--json"], capture_output=True, check=True,
        env={**os.environ, "INTERVIEW_HOME": str(terminal.home)},
    )  # fmt: skip
    return json.loads(ran.stdout)  # type: ignore[no-any-return]


def test_a_mistake_is_named_corrected_rated_and_logged(start: Start) -> None:
    terminal = start()
    terminal.wait_for("waiting for the first save")
    terminal.wait_for("q stop")
    save(terminal, wrong())
    terminal.wait_for(f"✗ a classic mistake: {MISTAKE.name}")
    terminal.wait_for(f"→ interview show {MISTAKE.card}")
    save(terminal, RIGHT)
    terminal.wait_for("✓ everything is right")
    terminal.wait_for("2 saves · 0 hints")
    terminal.wait_for("suggested rating 4 easy")
    terminal.wait_for("Enter accepts; lower: 1 2 3")
    terminal.type("3")
    terminal.wait_for(f"due now: {MISTAKE.card}")
    terminal.wait_for("the model answer")
    assert terminal.ended() == 0
    assert terminal.ratings() == [3]
    assert saves(terminal) == [wrong(), RIGHT]
    assert events(terminal) == ["started", "save", "verdict", "save", "verdict", "ended"]
    assert run(terminal, "stats")["reviews"] == 1
    assert [r["rating"] for r in run(terminal, "why", "bn-code")["reviews"]] == [3]
    assert run(terminal, "why", MISTAKE.card)["brought_forward_at"]


@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_clock_and_the_stages_fit_the_terminal(columns: int, lang: str, start: Start) -> None:
    terminal = start(columns=columns, lang=lang)
    left, none, one, backward, stop = {
        "en": (" left  ━", "  0 saves", "  1 save", "· backward", "q stop"),
        "zh": ("还剩 ", "  保存 0 次", "  保存 1 次", "· 反向", "q 结束"),
    }[lang]
    drawn = terminal.wait_for(left) + terminal.wait_for(none) + terminal.wait_for(stop)
    save(terminal, wrong())
    drawn += terminal.wait_for(one) + terminal.wait_for("✗ ") + terminal.wait_for(backward)
    drawn += terminal.wait_for(f"interview show {MISTAKE.card}")
    terminal.type("q")
    terminal.wait_for("1 " + {"en": "again", "zh": "重来"}[lang])
    terminal.type("\r")
    assert terminal.ended() == 1
    path = str(attempt(terminal))  # it is broken, but not by us
    rows = [row for row in drawn.replace("\r", "\n").split("\n") if row not in path]
    assert max(map(cell_len, rows)) <= columns


def test_a_hint_is_shown_and_counted(start: Start) -> None:
    terminal = start()
    terminal.wait_for("0 saves")
    terminal.type("h")
    terminal.wait_for("1 hint")
    terminal.wait_for("1. x is (N, C, *)")
    terminal.type("h")
    terminal.wait_for("2 hints")
    terminal.wait_for("2. running ←")
    save(terminal, RIGHT)
    terminal.wait_for("suggested rating 2 hard")
    terminal.type("\r")
    assert terminal.ended() == 0
    assert terminal.ratings() == [2]


def test_keys_typed_before_the_screen_is_drawn_are_not_lost(start: Start) -> None:
    terminal = start()
    terminal.type("hhq")
    terminal.wait_for("0 saves · 2 hints")
    terminal.type("\r")
    assert terminal.ended() == 1


def test_the_difference_is_shown_and_ends_it(start: Start) -> None:
    terminal = start()
    terminal.wait_for("q stop")
    save(terminal, wrong())
    terminal.wait_for(MISTAKE.name)
    terminal.type("d")
    terminal.wait_for("suggested rating 1 again")
    terminal.type("4\r")  # it cannot be raised
    terminal.wait_for("--- yours")
    terminal.wait_for("+++ the model answer")
    assert terminal.ended() == 1
    assert terminal.ratings() == [1]
    assert events(terminal)[-2:] == ["shown", "ended"]


def test_a_reset_puts_the_stub_back_and_keeps_what_was_written(start: Start) -> None:
    terminal = start()
    terminal.wait_for("q stop")
    stub = (attempt(terminal) / "batch_norm.py").read_text("utf-8")
    save(terminal, wrong())
    terminal.wait_for(MISTAKE.name)
    terminal.type("r")
    terminal.wait_for("waiting for the first save")
    terminal.wait_for("the file is as it was at first; yours is kept.")
    assert (attempt(terminal) / "batch_norm.py").read_text("utf-8") == stub
    save(terminal, RIGHT)
    terminal.wait_for("✓ everything is right")
    terminal.type("\r")
    assert terminal.ended() == 0
    assert saves(terminal) == [wrong(), RIGHT]


def test_giving_up_is_again(start: Start) -> None:
    terminal = start()
    terminal.wait_for("q stop")
    terminal.type("q")
    terminal.wait_for("suggested rating 1 again")
    terminal.type("\r")
    terminal.wait_for("the model answer")
    assert terminal.ended() == 1
    assert terminal.ratings() == [1]


@pytest.mark.parametrize("ending", ["hang-up", "kill", "Ctrl-C", "Ctrl-D"])
def test_an_attempt_that_is_cut_off_goes_on(ending: str, start: Start) -> None:
    terminal = start("--time", "20m")
    terminal.wait_for("0 saves")
    terminal.type("h")
    terminal.wait_for("1 hint")
    save(terminal, wrong())
    terminal.wait_for(MISTAKE.name)
    match ending:
        case "hang-up":
            terminal.hang_up()
        case "kill":
            terminal.process.send_signal(signal.SIGTERM)
            terminal.wait_for("everything is kept; interview practice batch-norm --resume goes on.")
        case _:
            terminal.type({"Ctrl-C": "\x03", "Ctrl-D": "\x04"}[ending])
            terminal.wait_for("everything is kept; interview practice batch-norm --resume goes on.")
    if ending != "hang-up":
        assert terminal.ended() == 1
    assert terminal.ratings() == []
    assert events(terminal) == ["started", "hint", "save", "verdict"]

    terminal = start("--resume")
    terminal.wait_for("1 save · 1 hint")
    terminal.wait_for("q stop")
    assert (attempt(terminal) / "batch_norm.py").read_text("utf-8") == wrong()
    save(terminal, RIGHT)
    terminal.wait_for("20:00 given")
    terminal.wait_for("2 saves · 1 hint")
    terminal.wait_for("suggested rating 2 hard")
    terminal.type("\r")
    assert terminal.ended() == 0
    assert terminal.ratings() == [2]
    assert saves(terminal) == [wrong(), RIGHT]


def test_what_is_saved_while_the_window_is_closed_is_kept(start: Start) -> None:
    terminal = start()
    terminal.wait_for("q stop")
    terminal.process.send_signal(signal.SIGSTOP)  # it cannot see the save before
    save(terminal, wrong())
    os.close(terminal.master)
    terminal.process.send_signal(signal.SIGCONT)
    terminal.process.wait(30)
    assert saves(terminal) == [wrong()]


def test_what_is_saved_just_before_a_key_is_judged(start: Start) -> None:
    """q answers for the last save, also one that nobody has looked at yet."""
    terminal = start()
    terminal.wait_for("q stop")
    terminal.process.send_signal(signal.SIGSTOP)
    save(terminal, RIGHT)
    terminal.type("q")
    terminal.process.send_signal(signal.SIGCONT)
    terminal.wait_for("suggested rating ")
    terminal.type("\r")
    terminal.ended()
    assert saves(terminal) == [RIGHT]


def test_the_terminal_is_left_as_it_was(start: Start) -> None:
    for keys in ("q\r", "\x03"):
        terminal = start()
        terminal.wait_for("q stop")
        terminal.type(keys)
        terminal.ended()
        modes = termios.tcgetattr(terminal.master)[3]
        assert modes & termios.ICANON
        assert modes & termios.ECHO


def test_an_editor_with_a_window_of_its_own_stays_beside_us(start: Start, tmp_path: Path) -> None:
    terminal = start("--editor", editor(tmp_path, "window", wrong(), wrong(OTHER), RIGHT))
    terminal.wait_for(MISTAKE.name)
    terminal.type("e")
    terminal.wait_for(OTHER.name)
    terminal.type("e")
    terminal.wait_for("✓ everything is right")
    terminal.type("\r")
    assert terminal.ended() == 0
    assert saves(terminal) == [wrong(), wrong(OTHER), RIGHT]


def test_an_editor_that_takes_the_terminal_gives_it_back(start: Start, tmp_path: Path) -> None:
    terminal = start("--editor", editor(tmp_path, "vi", wrong(), RIGHT))
    terminal.wait_for(MISTAKE.name)
    terminal.wait_for("q stop")
    terminal.type("e")
    terminal.wait_for("✓ everything is right")
    terminal.type("\r")
    assert terminal.ended() == 0
    assert saves(terminal) == [wrong(), RIGHT]


@pytest.mark.parametrize(
    "name",
    [
        MISTAKE.name,
        "statistics-are-constants",
    ],
)
def test_the_keys_stand_below_a_verdict_on_24_rows(name: str, start: Start) -> None:
    terminal = start()
    terminal.wait_for(KEYS)
    save(terminal, wrong(next(m for m in MISTAKES if m.name == name)))
    terminal.wait_for(name)
    row = ""
    while KEYS not in row and "     ...     " not in row:
        row = terminal.wait_for("\n")
    assert KEYS in row
