"""The bank as the tests of its solutions see it."""

from pathlib import Path

from interview_cli.bank.deck import read_deck
from interview_cli.bank.model import Numeric
from interview_cli.judge import catalogue

REPOSITORY = Path(__file__).parents[2]
SOLUTIONS = REPOSITORY / "solutions"
DECKS = [
    read_deck(path.read_bytes(), path.name)
    for path in sorted((REPOSITORY / "cards").glob("*.yaml"))
]
CARDS = {card.id: card for deck in DECKS for card in deck.cards}
NUMERIC = {name: card for name, card in CARDS.items() if isinstance(card, Numeric)}
FOUND = catalogue.solutions(SOLUTIONS)
PROVEN = [solution for solution in FOUND if solution.spec_path.exists()]
