"""Every predict card: its snippet prints what the card says."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from interview_cli.bank import asking

from .bank import PREDICT

LIMIT_S = 120
CARDS = [card for cards in PREDICT.values() for card in cards]


@cache
def prints():
    """What each card's snippet prints. One process for all of them: torch is slow to import."""
    found = run([card.code for card in CARDS])
    return {card.id: printed for card, printed in zip(CARDS, found, strict=True)}


def run(snippets):
    runner = Path(__file__).with_name("runner.py")
    done = subprocess.run(
        [sys.executable, "-I", str(runner)],
        input=json.dumps(snippets),
        capture_output=True,
        encoding="utf-8",
        timeout=LIMIT_S,
        check=True,
        env={"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "LANG": "C.UTF-8"},
    )
    return json.loads(done.stdout)


def test_there_are_predict_cards():
    assert len(CARDS) >= 15


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_snippet_prints_what_its_card_says(card):
    found = prints()[card.id]
    assert asking.lines_of(found) == asking.lines_of(card.prints)
    assert asking.is_printed(found, card.prints)


def test_a_snippet_that_prints_something_else_is_noticed():
    snippets = ["x = 1\nprint(x)", "print('x' in globals())", "import sys\nsys.exit(1)", "1 / 0"]
    one, two, three, four = run(snippets)
    assert (one, two) == ("1\n", "False\n")
    assert "SystemExit: 1" in three
    assert "ZeroDivisionError: division by zero" in four
