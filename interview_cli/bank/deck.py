"""One file of YAML to one typed deck, or to the list of all its problems."""

from collections.abc import Iterator
from typing import TypeVar

import msgspec

from interview_cli.bank import reader
from interview_cli.bank.marks import FORMULA, GAP, NAME_IN_BRACES
from interview_cli.bank.model import AnyCard, Choice, Claims, Cloze, Deck, Numeric, Range
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


def faults(card: AnyCard) -> Iterator[tuple[str, str]]:
    """What the types cannot say about one card, as (key, message)."""
    match card:
        case Choice():
            right = sum(option.right for option in card.options)
            if right != 1:
                count = f"{right or 'no'} options are right"
                yield "options", f"card {card.id}: {count}; mark exactly one"
            if len(set(card.options)) < len(card.options) or len(
                {option.text for option in card.options}
            ) < len(card.options):
                yield "options", f"card {card.id}: two options have the same text"
        case Cloze():
            zh, en = len(GAP.findall(card.ask.zh)), len(GAP.findall(card.ask.en))
            rest = GAP.sub("", card.ask.zh + card.ask.en)
            if "⟦" in rest or "⟧" in rest:
                yield "ask", f"card {card.id}: a ⟦ or ⟧ stands alone; gaps are written ⟦like this⟧"
            elif not zh and not en:
                yield "ask", f"card {card.id}: a cloze has gaps, written ⟦like this⟧"
            elif zh != en:
                yield "ask", f"card {card.id}: gaps: {zh} in zh but {en} in en; both say the same"
            elif not all(gap.strip() for gap in GAP.findall(card.ask.zh + card.ask.en)):
                yield "ask", f"card {card.id}: a gap is empty; write its answer inside ⟦ ⟧"
        case Numeric():
            yield from numeric_faults(card)
        case _:
            pass


def numeric_faults(card: Numeric) -> Iterator[tuple[str, str]]:
    for name, draw in card.draw.items():
        if isinstance(draw, Range) and not (draw.step > 0 and draw.start <= draw.stop):
            empty = f"the range of {name} is empty"
            yield "draw", f"card {card.id}: {empty}; it needs from <= to and step > 0"
        elif isinstance(draw, Range) and (draw.stop - draw.start) / draw.step > 1e6:
            many = f"the range of {name} has more than 1000000 values"
            yield "draw", f"card {card.id}: {many}; widen its step"
    for language, text in (("zh", card.ask.zh), ("en", card.ask.en)):
        used = set(NAME_IN_BRACES.findall(FORMULA.sub("", text)))
        for name in sorted(set(card.draw) - used):
            unused = f"ask in {language} does not use {{{name}}}"
            yield "ask", f"card {card.id}: {unused}; put it in, or out of draw"
        for name in sorted(used - set(card.draw)):
            unknown = f"ask in {language} uses {{{name}}}"
            yield "ask", f"card {card.id}: {unknown}, which draw does not give"
