"""Every numeric card, on many seeds; `interview verify` holds its answers against torch."""

from random import Random

import pytest

from interview_cli.bank import asking
from interview_cli.judge import catalogue

from .bank import NUMERIC, PROVEN, SOLUTIONS

SEEDS = range(20)
NUMBERS = [(s, name) for s in PROVEN for name in s.spec().numbers]


def torchs(link):
    """torch's way to the number that `topic/name:function` computes."""
    name, _, function = link.partition(":")
    return catalogue.get(SOLUTIONS, name).spec().numbers[function]


def test_there_are_numeric_cards():
    assert len(NUMERIC) >= 10


@pytest.mark.parametrize("card", NUMERIC.values(), ids=NUMERIC)
def test_the_answer_of_a_numeric_card_is_accepted_when_it_is_typed(card):
    """As the program shows it, rounded to six digits."""
    for seed in SEEDS:
        numbers = asking.ask(card, Random(seed)).numbers
        answer = float(catalogue.function(SOLUTIONS, card.compute)(**numbers))
        typed = asking.number_of(f"{answer:.6g}" if card.tolerance else repr(answer))
        assert typed is not None
        assert asking.is_close(typed, answer, card.tolerance)


@pytest.mark.parametrize("card", NUMERIC.values(), ids=NUMERIC)
def test_a_numeric_card_cannot_be_learnt_by_heart(card):
    answers = set()
    for seed in SEEDS:
        numbers = asking.ask(card, Random(seed)).numbers
        answers.add(float(catalogue.function(SOLUTIONS, card.compute)(**numbers)))
    assert len(answers) >= 3


# Numbers that no card asks for yet, with arguments to prove them by.
WITHOUT_CARD = {
    "losses/cross_entropy:logit_gradient": [
        {"p": p, "is_target": is_target, "n": n}
        for p in (0.1, 0.25, 0.9)
        for is_target in (0, 1)
        for n in (1, 8)
    ],
    "optimizers/adam:first_step_size": [
        {"lr": 1e-3, "grad": grad} for grad in (1e-8, -1e-3, 1.0, -1e6)
    ],
}


@pytest.mark.parametrize("link", WITHOUT_CARD)
def test_a_number_without_a_card_is_torchs_too(link):
    for numbers in WITHOUT_CARD[link]:
        answer = float(catalogue.function(SOLUTIONS, link)(**numbers))
        assert answer == pytest.approx(torchs(link)(**numbers), rel=1e-9, abs=0), numbers


@pytest.mark.parametrize(("solution", "name"), NUMBERS, ids=lambda v: getattr(v, "name", v))
def test_every_number_of_a_spec_is_a_function_that_is_tested_here(solution, name):
    link = f"{solution.topic}/{solution.name}:{name}"
    assert callable(catalogue.function(SOLUTIONS, link))
    assert link in {card.compute for card in NUMERIC.values()} | WITHOUT_CARD.keys()
