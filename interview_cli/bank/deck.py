"""One file of YAML to one typed deck, or to the list of all its problems."""

from collections.abc import Iterator
from typing import TypeVar

import msgspec

from interview_cli.bank import reader
from interview_cli.bank.faults import faults
from interview_cli.bank.model import Claims, Deck
from interview_cli.errors import BankError, Problem

T = TypeVar("T", Deck, Claims)


def read_deck(raw: bytes, path: str) -> Deck:
    """The deck in `raw`; `path` stands in messages. Raises BankError with every problem."""
    return read(raw, path, Deck)


def read_claims(raw: bytes, path: str) -> Claims:
    """The claims in `raw`. Raises BankError with every problem."""
    return read(raw, path, Claims)


def read(raw: bytes, path: str, model: type[T]) -> T:
    doubt: Exception | None = None
    try:
        found = msgspec.convert(reader.values(raw), model)
    except (reader.Unclear, msgspec.ValidationError) as error:
        doubt = error
    else:
        if not any(True for _ in faults_of(found)):
            return found
    # Only now: the careful reader is not needed for a good deck.
    from interview_cli.bank.problems import problems

    raise BankError(problems(raw, path, model) or [unexplained(path, doubt)])


def unexplained(path: str, doubt: Exception | None) -> Problem:
    """The quick reader refused what the careful one accepts: still an answer, never a traceback."""
    return Problem(path, 1, 1, f"cannot be read: {doubt}")


def faults_of(found: Deck | Claims) -> Iterator[tuple[str, str]]:
    entries = found.cards if isinstance(found, Deck) else found.claims
    if len({entry.id for entry in entries}) < len(entries):
        yield "id", "an id appears twice"
    if isinstance(found, Deck):
        for card in found.cards:
            yield from faults(card)
