"""What a command imports in a fresh process; the rest would only make people wait."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from interview_cli.domain.review import Aim, Rating, Weights
from interview_cli.scheduling.aim import WEEKDAYS
from interview_cli.scheduling.fsrs import LOWER
from tests.cli.material import NOW, Home, interview, reviewed

HEAVY = {"torch", "numpy", "pydantic", "rich.markdown", "rich.syntax", "asyncio", "jsonschema"}
RARE = {"yaml", "texicode", "rich.progress"}
PROGRAM = """
import sys
from pathlib import Path
from interview_cli.cli import paths
paths.bank_root = lambda: Path(sys.argv[1])
from interview_cli.cli import app
status = app.run(sys.argv[2:])
sys.stdout.flush()
print(status, *sys.modules, file=sys.stderr)
"""


def imported(home: Home, *arguments: str) -> set[str]:
    """The modules there are after one run with nothing to read."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(home.bank), *arguments],
        stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=True,
        cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONPATH": ""},
    )  # fmt: skip
    status, *modules = ran.stderr.splitlines()[-1].split()
    assert status == "0", ran.stderr
    return set(modules)


@pytest.fixture
def warm(home: Home) -> Home:
    """An index that knows the bank, whose decks nobody has just written, and some settings."""
    for path in (home.bank / "cards").iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))
    home.write_reviews([reviewed("learnt", 3, Rating.EASY), Weights("w1", NOW, 0, LOWER)])
    home.write_reviews([Aim("a1", NOW, 0, date(2026, 12, 18), 30, WEEKDAYS)])
    assert interview("list").status == 0
    return home


@pytest.mark.parametrize(
    "arguments",
    ["quiz", "quiz --kind predict", "list --topic tools", "stats", "show changed", "", "--help",
     "quiz --help", "why changed", "undo", "optimize --help", "optimize --reset"],
)  # fmt: skip
def test_nothing_heavy_is_imported(arguments: str, warm: Home) -> None:
    modules = imported(warm, *arguments.split())
    assert not modules & (HEAVY | RARE)
    assert "interview_cli.judge.prove" not in modules


BEFORE_THE_PLAN = """
from interview_cli.cli.agenda import Agenda
Agenda.start = lambda agenda: print("SOLVES", "numpy" in sys.modules)
"""


def test_a_plan_is_solved_behind_the_first_question_and_needs_numpy_only_then(warm: Home) -> None:
    warm.write_reviews([Aim("a2", NOW, 0, date(2099, 12, 31), 30, ())])
    program = PROGRAM.replace("status =", BEFORE_THE_PLAN + "status =")
    ran = subprocess.run(
        [sys.executable, "-c", program, str(warm.bank), "quiz", "--kind", "predict"],
        stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=True,
        cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONPATH": ""},
    )  # fmt: skip
    question, _, rest = ran.stdout.partition("SOLVES ")
    assert "import numpy as np" in question
    assert rest.startswith("False\n")


def test_only_the_command_that_is_called_is_imported(warm: Home) -> None:
    for arguments, wanted in (("stats", {"stats"}), ("quiz", {"quiz"}), ("--help", set())):
        found = {
            name.rpartition(".")[2]
            for name in imported(warm, arguments)
            if name.startswith("interview_cli.cli.commands.")
        }
        assert found == wanted


def test_a_formula_needs_texicode_and_a_cold_index_yaml(warm: Home) -> None:
    """So that the test above would see them."""
    assert "texicode" in imported(warm, "show", "axes")
    (warm.folder / "index.sqlite").unlink()
    assert "yaml" in imported(warm, "quiz")


def test_lint_needs_neither_torch_nor_numpy(warm: Home) -> None:
    assert not imported(warm, "lint", str(warm.bank / "cards")) & {"torch", "numpy", "pydantic"}
