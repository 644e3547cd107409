"""What is read of a solution's proof without running it is what the proof says."""

from pathlib import Path

import pytest

from interview_cli.judge.catalogue import Solution, solutions
from interview_cli.scheduling.costs import PAR_S

BANK = solutions(Path(__file__).parents[2] / "solutions")


@pytest.mark.parametrize("solution", BANK, ids=lambda solution: solution.name)
def test_the_mistakes_and_their_cards_are_those_of_the_proof(solution):
    told = {mistake.name: mistake.card for mistake in solution.spec().mistakes}
    assert solution.cards_of_mistakes() == told


@pytest.mark.parametrize("solution", BANK, ids=lambda solution: solution.name)
def test_par_is_the_time_that_the_proof_gives(solution):
    assert (solution.par_s() or PAR_S) == 60 * solution.spec().minutes


@pytest.mark.parametrize(
    "proof", [None, b"def broken(:\n", b"\xff", b"x = 1\n", b"Mistake()\nMistake(1, card=2)\n"]
)
def test_a_proof_that_says_nothing_says_nothing(proof, tmp_path):
    solution = Solution("norms", "small", tmp_path / "small.py")
    if proof is not None:
        solution.spec_path.write_bytes(proof)
    assert solution.cards_of_mistakes() == {}
    assert solution.par_s() is None


def test_a_mistake_may_be_written_with_or_without_names(tmp_path):
    solution = Solution("norms", "small", tmp_path / "small.py")
    solution.spec_path.write_text(
        'Mistake("a", "x", "y", "错", "wrong", "card-a")\n'
        'Mistake(name="b", old="x", new="y", zh="错", en="wrong", card="card-b")\n'
        'Convention("c", "x", "y", "错", "wrong", "card-c")\n',
        encoding="utf-8",
    )
    assert solution.cards_of_mistakes() == {"a": "card-a", "b": "card-b"}
