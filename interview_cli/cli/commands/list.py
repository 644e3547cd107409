"""interview list: the cards, and where each stands."""

from typing import Any

import typer

from interview_cli.bank.compile import decode
from interview_cli.cli import desk as desks
from interview_cli.cli.desk import Desk, selection
from interview_cli.cli.options import (
    Json,
    Kinds,
    Lang,
    Levels,
    Tags,
    Topics,
    checked_kinds,
    checked_lang,
)
from interview_cli.cli.out import write_json, write_notices
from interview_cli.cli.view import words
from interview_cli.cli.view.look import Look, console, look
from interview_cli.cli.view.rows import card_rows
from interview_cli.cli.view.tables import narrowed, table
from interview_cli.scheduling import scheduler
from interview_cli.scheduling.fsrs import Fsrs
from interview_cli.store.shelf import Shelved

EXAMPLES = """\b
Examples:
  interview list --topic normalization
  interview list --kind code --json
"""


def command(
    topic: Topics = None,
    tag: Tags = None,
    kind: Kinds = None,
    level: Levels = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """List the cards and when each is due."""
    view = look(checked_lang(lang))
    kinds = checked_kinds(kind)
    with Desk() as desk:
        cards = desk.shelf.cards(selection(desk, topic or (), tag or (), kinds, level or ()))
        write_cards(desk, cards, view, as_json=as_json)


def write_cards(desk: Desk, cards: list[Shelved], view: Look, *, as_json: bool) -> None:
    """Cards as a table or as JSON."""
    now = desks.now()
    day, fsrs = desk.day(now), desk.rules.fsrs
    if as_json:
        write_json(cards=[as_data(card, day, fsrs) for card in cards])
        return
    write_notices(desk)
    if not cards:
        typer.echo(view.say("没有这样的卡片", "no such cards"))
        return
    headings = view.say("卡片 类型 级 记得 到期 问题", "Card Kind Lv Recall Due Question").split()
    decoded = [decode(card.body, card.kind) for card in cards]
    rows = card_rows(cards, decoded, now, day, fsrs, view)
    kept = narrowed(headings, rows, view, dispensable=(2, 3, 1), least=24)
    right = [place for place, column in enumerate(kept) if column in (2, 3)]
    headings = [headings[column] for column in kept]
    rows = [[row[column] for column in kept] for row in rows]
    out = console(view)
    out.print(table(headings, rows, view, right))
    out.print(view.say(f"共 {len(cards)} 张", words.plural(len(cards), "card")), style="dim")


def as_data(card: Shelved, day: int, fsrs: Fsrs) -> dict[str, Any]:
    """One card for scripts."""
    memory = card.memory
    ask = decode(card.body, card.kind).ask
    return {
        "id": card.id,
        "topic": card.topic,
        "kind": card.kind,
        "level": card.level,
        "ask": {"zh": ask.zh, "en": ask.en},
        "memory": None
        if memory is None
        else {
            "stability_days": memory.stability,
            "difficulty": memory.difficulty,
            "retrievability": scheduler.retrievability(memory, day, fsrs),
            "due_at": memory.due_at,
            "phase": memory.phase.name.lower(),
            "reps": memory.reps,
            "lapses": memory.lapses,
            "is_leech": memory.is_leech,
        },
    }
