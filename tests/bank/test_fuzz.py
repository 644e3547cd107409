"""A deck broken at random is read, or refused with places; never anything else."""

from .fuzz import check, good_decks, run


def test_a_thousand_mutations_are_read_or_refused() -> None:
    figures = run(1000, seed=20261218)
    assert figures["accepted"] > 50
    assert figures["refused"] > 500
    assert figures["messages"] > 100


def test_the_decks_that_are_mutated_are_good() -> None:
    assert all(check(deck.encode()) is None for deck in good_decks())
