"""The installed program in a pseudo-terminal, as somebody at a keyboard meets it."""

import os
import signal
import subprocess
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminal import DEADLINE_S, PROGRAM, Terminal

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason="interview is not installed")


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    found = Terminal(tmp_path, "quiz", "--kind=recall", "--lang=en", "--seed=1")
    yield found
    found.kill()


def test_a_card_is_asked_shown_rated_and_saved(terminal: Terminal) -> None:
    question = terminal.wait_for("space show")
    assert "╭─ " in question
    assert "1/20 · new ─╮" in question
    terminal.type(" ")
    terminal.wait_for("1 again 1m")
    terminal.type("3")
    terminal.wait_for("good → 10m")
    terminal.wait_for("2/20")
    terminal.type("q")
    terminal.wait_for("1 answer: good 1")
    assert terminal.ended() == 0
    assert terminal.ratings() == [3]


def test_keys_typed_ahead_are_not_lost(terminal: Terminal) -> None:
    terminal.wait_for("space show")
    terminal.type(" 4\x1b[A?q")
    terminal.wait_for("quit; everything answered is saved")
    terminal.wait_for("1 answer: easy 1")
    assert terminal.ended() == 0
    assert terminal.ratings() == [4]


def test_ctrl_c_is_130_and_keeps_everything(terminal: Terminal) -> None:
    terminal.wait_for("space show")
    terminal.type(" 4")
    terminal.wait_for("2/20")
    terminal.type("\x03")
    terminal.wait_for("1 answer: easy 1")
    assert terminal.ended() == 130
    assert terminal.ratings() == [4]


def test_ctrl_d_ends_the_sitting(terminal: Terminal) -> None:
    terminal.wait_for("space show")
    terminal.type(" 2\x04")
    terminal.wait_for("1 answer: hard 1")
    assert terminal.ended() == 0
    assert terminal.ratings() == [2]


def test_a_terminal_that_is_closed_loses_nothing(terminal: Terminal) -> None:
    terminal.wait_for("space show")
    terminal.type(" 4")
    terminal.wait_for("2/20")
    terminal.hang_up()
    assert terminal.ratings() == [4]


def test_a_sitting_goes_on_after_it_was_suspended(terminal: Terminal) -> None:
    """A shell gives the terminal back waiting for whole lines."""

    def waits_for_lines() -> bool:
        return bool(termios.tcgetattr(terminal.master)[3] & termios.ICANON)

    terminal.wait_for("space show")
    assert not waits_for_lines()
    terminal.process.send_signal(signal.SIGSTOP)
    modes = termios.tcgetattr(terminal.master)
    modes[3] |= termios.ICANON | termios.ECHO
    termios.tcsetattr(terminal.master, termios.TCSANOW, modes)
    terminal.process.send_signal(signal.SIGCONT)
    deadline = time.monotonic() + DEADLINE_S
    while waits_for_lines():
        assert time.monotonic() < deadline
    terminal.type(" 4q")
    terminal.wait_for("1 answer: easy 1")
    assert terminal.ended() == 0


def test_the_terminal_is_left_as_it_was(terminal: Terminal) -> None:
    terminal.wait_for("space show")
    terminal.type("q")
    assert terminal.ended() == 0
    assert termios.tcgetattr(terminal.master)[3] & termios.ICANON
    assert termios.tcgetattr(terminal.master)[3] & termios.ECHO


def test_a_number_is_typed_on_a_line(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "quiz", "--kind=numeric", "--lang=zh", columns=60)
    terminal.wait_for("输入答案，回车")
    terminal.wait_for("> ")
    terminal.type("－１\r")
    terminal.wait_for("✗ 不对")
    terminal.wait_for("1 重来 1m")
    terminal.type("1")
    terminal.wait_for("> ")
    terminal.type("ｑ\r")
    terminal.wait_for("答了 1 题：重来 1")
    assert terminal.ended() == 0
    assert terminal.ratings() == [1]


def test_a_reader_that_has_had_enough_is_no_error(tmp_path: Path) -> None:
    ran = subprocess.run(
        f"'{PROGRAM}' list | head -1; echo ${{PIPESTATUS[0]}}",
        shell=True, executable="/bin/bash", capture_output=True, encoding="utf-8",
        env={**os.environ, "INTERVIEW_HOME": str(tmp_path), "LANG": "C.UTF-8"}, check=True,
    )  # fmt: skip
    head, status = ran.stdout.splitlines()
    assert head.split() == ["Card", "Kind", "Lv", "Recall", "Due", "Question"]
    assert (status, ran.stderr) == ("0", "")
