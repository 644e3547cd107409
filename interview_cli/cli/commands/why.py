"""interview why: why a card comes when it comes."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.text import Text

from interview_cli.cli import desk as desks
from interview_cli.cli.desk import Desk
from interview_cli.cli.options import Json, Lang, checked_lang
from interview_cli.cli.out import write_json, write_notices
from interview_cli.cli.view import words
from interview_cli.cli.view.look import Look, console, look
from interview_cli.cli.view.rows import due
from interview_cli.cli.view.tables import table
from interview_cli.scheduling import scheduler
from interview_cli.store.history import to_us
from interview_cli.store.shelf import Shelved

EXAMPLES = """\b
Examples:
  interview why bn-vs-ln
  interview why bn-vs-ln --json
"""


def command(
    card: Annotated[str, typer.Argument(help="A card's id.", metavar="CARD")],
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Explain why a card comes when it comes.

    Stability, difficulty, retrievability, and what each rating would do.
    """
    view = look(checked_lang(lang))
    with Desk() as desk:
        found, _ = desk.card(card)
        if as_json:
            write_json(**as_data(desk, found))
        else:
            write_notices(desk)
            draw(desk, found, view)


def brought_forward_at(desk: Desk, card: Shelved) -> datetime | None:
    """Since when a card is to be asked though its time had not come; None: it is not."""
    events = scheduler.standing(desk.history.events(card.id))
    return min((event.due_at for event in events), default=None)


def as_data(desk: Desk, card: Shelved) -> dict[str, Any]:
    """The same for scripts."""
    now = desks.now()
    memory, day = card.memory, desk.day(now)
    return {
        "card": card.id,
        "stability_days": memory and memory.stability,
        "difficulty": memory and memory.difficulty,
        "retrievability": memory and scheduler.retrievability(memory, day, desk.rules.fsrs),
        "phase": memory.phase.name.lower() if memory else "new",
        "due_at": memory and memory.due_at,
        "brought_forward_at": brought_forward_at(desk, card),
        "lapses": memory.lapses if memory else 0,
        "is_leech": bool(memory and memory.is_leech),
        "ratings": {
            rating.name.lower(): {
                "stability_days": after.stability,
                "difficulty": after.difficulty,
                "interval_days": after.interval_days,
                "due_at": after.due_at,
            }
            for rating, after in desk.outcomes(card.id, memory, now).items()
        },
        "reviews": [
            {
                "at": r.reviewed_at,
                "rating": int(r.rating),
                "elapsed_ms": r.elapsed_ms,
                "cram": r.is_cram,
            }
            for r in desk.history.reviews(card.id)
        ],
    }


def draw(desk: Desk, card: Shelved, view: Look) -> None:
    out, say = console(view), view.say
    now = desks.now()
    day = desk.day(now)
    memory = card.memory
    out.print(Text(f"{card.topic} · {card.id}", "bold"))
    if memory is None:
        out.print(say("还没有答过。", "Never asked yet."))
    else:
        recall = scheduler.retrievability(memory, day, desk.rules.fsrs)
        facts = (
            ("R", f"{recall:.2f}", "现在记得的概率", "probability of recall now"),
            (
                "S",
                f"{memory.stability:.1f}",
                "稳定性：R 降到 0.9 的天数",
                "stability: days until R is 0.9",
            ),
            ("D", f"{memory.difficulty:.1f}", "难度，1 到 10", "difficulty, from 1 to 10"),
        )
        for letter, value, zh, en in facts:
            out.print(Text.assemble(f"{letter} {value:>6}  ", (say(zh, en), "dim")))
        out.print(Text(say("下次：", "Due: ") + due(memory, now, day, view)))
        if memory.is_leech:
            lapses = memory.lapses
            out.print(Text(say(f"难点：忘了 {lapses} 次", f"A leech: forgotten {lapses} times")))
    if since := brought_forward_at(desk, card):
        out.print(Text(say("提前：", "Brought forward: ") + desks.local(to_us(since))))
    rows = []
    for rating, after in desk.outcomes(card.id, memory, now).items():
        rows.append(
            [
                f"{int(rating)} {say(*words.RATINGS[rating])}",
                words.interval(after, now),
                f"{after.stability:.1f}",
                f"{after.difficulty:.1f}",
            ]
        )
    headings = say("评分 间隔 S D", "Rating Interval S D").split()
    out.print()
    out.print(table(headings, rows, view, right=(2, 3)))
    reviews = desk.history.reviews(card.id)
    if reviews:
        history = [
            [
                desks.local(to_us(r.reviewed_at)),
                say(*words.RATINGS[r.rating]),
                words.clock(r.elapsed_ms / 1000),
            ]
            for r in reviews[-10:]
        ]
        out.print()
        out.print(table(say("时间 评分 用时", "When Rating Took").split(), history, view))
