"""Cards as rows of a table."""

import re
from collections.abc import Sequence
from datetime import datetime

from interview_cli.bank.marks import FORMULA, GAP, NAME_IN_BRACES
from interview_cli.bank.model import AnyCard, Numeric
from interview_cli.cli.view import prose, words
from interview_cli.cli.view.look import Look
from interview_cli.scheduling import scheduler
from interview_cli.scheduling.fsrs import Fsrs
from interview_cli.scheduling.scheduler import Memory, Phase
from interview_cli.store.shelf import Shelved

FORMULA_OR_NAME = re.compile(f"({FORMULA.pattern})|{NAME_IN_BRACES.pattern}", re.DOTALL)


def card_rows(
    shelved: Sequence[Shelved],
    cards: Sequence[AnyCard],
    now: datetime,
    day: int,
    fsrs: Fsrs,
    view: Look,
) -> list[list[str]]:
    """id, kind, level, retrievability, due, question on one line."""
    rows = []
    for place, card in zip(shelved, cards, strict=True):
        memory = place.memory
        rows.append(
            [
                card.id,
                view.say(*words.KINDS[place.kind]),
                str(place.level),
                f"{scheduler.retrievability(memory, day, fsrs):.2f}" if memory else "",
                due(memory, now, day, view),
                one_line(card, view),
            ]
        )
    return rows


def due(memory: Memory | None, now: datetime, day: int, view: Look) -> str:
    """`now`, `10m`, `12d`; `new` without a memory."""
    if memory is None:
        return view.say("新", "new")
    if scheduler.is_due(memory, now, day):
        return view.say("现在", "now")
    if memory.phase != Phase.REVIEW:
        return words.duration(0, words.minutes_until(memory, now))
    return words.duration(memory.due_day - day)


def one_line(card: AnyCard, view: Look) -> str:
    """The question on one line, gaps open, names in braces bare."""
    text = GAP.sub("____", view.short(card.ask))
    if isinstance(card, Numeric):
        text = FORMULA_OR_NAME.sub(lambda found: found[1] or found[2], text)
    return prose.inline(" ".join(text.split()), view).plain
