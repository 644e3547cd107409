"""20 000 mutated decks: each is read, or refused with the place of every problem."""

from pathlib import Path

from tests.bank.fuzz import run as fuzz
from tests.torture import Broken

WHOLE = 20_000


def run(folder: Path, share: float, seed: int) -> str:
    """Figures in one line. Raises Broken at the first traceback or problem without a place."""
    count = max(1, round(WHOLE * share))
    try:
        found = fuzz(count, seed)
    except AssertionError as error:
        raise Broken(str(error)) from error
    refused, kinds = found["refused"], found["messages"]
    return f"{count} mutated decks: {found['accepted']} read, {refused} refused in {kinds} ways"
