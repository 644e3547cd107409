"""A sitting with a plan in a pseudo-terminal: keys come while the plan is being solved."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from interview_cli.domain.review import Aim
from interview_cli.store.line import dump
from tests.cli.material import NOW
from tests.cli.terminal import PROGRAM, Terminal

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason="interview is not installed")


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """With a plan that nobody has solved yet."""
    aim = Aim("a1", NOW - timedelta(900), 0, date.today() + timedelta(9), 30, ())
    (tmp_path / "reviews").mkdir()
    (tmp_path / "reviews" / "elsewhere.jsonl").write_bytes(dump(aim))
    found = Terminal(tmp_path, "quiz", "--kind=recall", "--lang=en", "--seed=1")
    found.wait_for("space show")
    yield found
    found.kill()


def ended_well(terminal: Terminal, status: int) -> None:
    assert terminal.ended() == status
    for word in ("Traceback", "Error", "Exception"):
        assert word not in terminal.seen


def test_keys_that_come_while_the_plan_is_solved_all_count(terminal: Terminal) -> None:
    terminal.type(" 4")
    terminal.wait_for("easy → ")
    terminal.type("s3 ")
    terminal.wait_for("good → 10m")
    terminal.wait_for("1 again")
    terminal.type("4q")
    terminal.wait_for("3 answers: good 1 · easy 2")
    ended_well(terminal, 0)
    assert terminal.ratings() == [4, 3, 4]


def test_the_plan_has_more_cards_than_the_one_before_it(terminal: Terminal) -> None:
    terminal.type("4")
    heading = terminal.wait_for("space show")
    assert " 2/1 " not in heading
    assert int(heading.partition(" 2/")[2].split()[0]) > 5
    terminal.type("q")
    ended_well(terminal, 0)


def test_ctrl_c_while_the_plan_is_solved_leaves_no_traceback(terminal: Terminal) -> None:
    terminal.type("\x03")
    ended_well(terminal, 130)
    assert terminal.ratings() == []


def test_ctrl_c_while_everything_waits_for_the_plan_loses_nothing(terminal: Terminal) -> None:
    terminal.type("4")
    terminal.wait_for("easy → ")
    terminal.type("\x03")
    terminal.wait_for("1 answer: easy 1")
    ended_well(terminal, 130)
    assert terminal.ratings() == [4]


def test_quitting_while_the_plan_is_solved_waits_for_nothing(terminal: Terminal) -> None:
    terminal.type("q")
    ended_well(terminal, 0)
    assert terminal.ratings() == []


def test_a_window_that_is_closed_while_the_plan_is_solved_ends_the_program(
    terminal: Terminal,
) -> None:
    terminal.type("4")
    terminal.wait_for("easy → ")
    terminal.hang_up()
    assert terminal.ratings() == [4]
