"""Bare interview: today at a glance."""

from typing import Any

from rich.text import Text

from interview_cli.bank.model import Text as Both
from interview_cli.cli import desk as desks
from interview_cli.cli.desk import Desk
from interview_cli.cli.out import write_json, write_notices
from interview_cli.cli.view import prose, words
from interview_cli.cli.view.look import Look, console, look
from interview_cli.cli.view.tables import bar, table
from interview_cli.scheduling import scheduler
from interview_cli.scheduling.queue import NEW_PER_DAY, new_today
from interview_cli.scheduling.scheduler import Phase
from interview_cli.store.shelf import Selection, Shelved

WEAKEST = 3


def command(*, as_json: bool) -> None:
    """What is due, how each topic stands, the weakest cards, the next command."""
    view = look()
    with Desk() as desk:
        found = glance(desk)
        if as_json:
            write_json(**found)
        else:
            write_notices(desk)
            draw(found, view)


def glance(desk: Desk) -> dict[str, Any]:
    """Today as data. recall: mean retrievability of the cards seen."""
    now = desks.now()
    day = desk.day(now)
    topics = []
    everything: list[tuple[float, Shelved]] = []
    due = steps = unseen = early = 0
    for topic in desk.shelf.topics():
        cards = desk.shelf.cards(Selection(topics=(topic.topic,)))
        seen = [(c, c.memory) for c in cards if c.memory is not None]
        everything += [(scheduler.retrievability(memory, day), card) for card, memory in seen]
        early_here = len(desk.shelf.brought_forward(Selection(topics=(topic.topic,))))
        due_here = sum(scheduler.is_due(m, now, day) for _, m in seen) + early_here
        steps += sum(m.phase != Phase.REVIEW and not scheduler.is_due(m, now, day) for _, m in seen)
        due += due_here
        early += early_here
        unseen += len(cards) - len(seen)
        topics.append(
            {
                "topic": topic.topic,
                "title": {"zh": topic.zh, "en": topic.en},
                "cards": len(cards),
                "seen": len(seen),
                "due": due_here,
                "recall": scheduler.mean_retrievability((m for _, m in seen), day),
            }
        )
    everything.sort(key=lambda pair: (pair[0], pair[1].id))
    introduced = desk.history.introduced_on(day)
    return {
        "due": due,
        "in_steps": steps,
        "new": min(unseen - early, new_today(NEW_PER_DAY, introduced)),
        "unseen": unseen,
        "topics": topics,
        "weakest": [{"card": c.id, "recall": r} for r, c in everything[:WEAKEST] if r < 0.95],
        "next": "interview quiz",
    }


def draw(found: dict[str, Any], view: Look) -> None:
    out = console(view)
    say = view.say
    out.print(
        Text.assemble(
            (say("今天 ", "Today "), "bold"),
            say(
                f"{found['due']} 张到期 · {found['new']} 张新卡",
                f"{words.plural(found['due'], 'card')} due · {found['new']} new",
            ),
            say(f" · {found['in_steps']} 张稍后再问", f" · {found['in_steps']} coming back soon")
            if found["in_steps"]
            else "",
        )
    )
    rows: list[list[str | Text]] = []
    for topic in found["topics"]:
        recall = topic["recall"]
        name = Both(**topic["title"])
        rows.append(
            [
                view.short(name),
                bar(recall or 0, 10, view),
                "" if recall is None else f"{recall:.0%}",
                f"{topic['seen']}/{topic['cards']}",
                str(topic["due"] or ""),
            ]
        )
    headings = say("主题 记得 . 见过 到期", "Topic Recall . Seen Due").replace(".", "").split(" ")
    out.print(table(headings, rows, view, right=(2, 3, 4)))
    out.print()
    if found["weakest"]:
        weak = [Text(f"{w['card']} (R {w['recall']:.2f})") for w in found["weakest"]]
        for line in prose.listed(weak, view.width, say("最弱：", "Weakest: ")):
            out.print(line)
    out.print(Text.assemble((say("接下来：", "Next: "), "dim"), found["next"]))
