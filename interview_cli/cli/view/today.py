"""Today on the screen."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from interview_cli.bank.model import Text as Both
from interview_cli.cli.view import prose, sentences, words
from interview_cli.cli.view.look import Look
from interview_cli.cli.view.tables import bar, table, with_room

BAR = 10


def lines(found: dict[str, Any], view: Look) -> Iterator[RenderableType]:
    """Everything, in the order in which it is read."""
    plan, say = found["plan"], view.say
    yield from prose.listed(due(found, view), view.width, say("今天 ", "Today "))
    if plan:
        yield from countdown(plan, view)
    yield topics(found["topics"], view, is_aimed=bool(plan) and plan["days_left"] >= 0)
    yield Text()
    if found["weakest"]:
        weak = [Text(f"{w['card']} (R {w['recall']:.2f})") for w in found["weakest"]]
        yield from prose.listed(weak, view.width, say("最弱：", "Weakest: "))
    yield Text.assemble((say("接下来：", "Next: "), "dim"), found["next"])
    if not plan:
        hint = "interview plan --date 2026-12-18 --minutes 30"
        yield Text.assemble((say("面试有日子了？", "Is there a date? "), "dim"), hint)


def due(found: dict[str, Any], view: Look) -> list[Text]:
    """What could be asked now."""
    say, cards = view.say, words.plural(found["due"], "card")
    pieces = [
        say(f"{found['due']} 张到期", f"{cards} due"),
        say(f"{found['new']} 张新卡", f"{found['new']} new"),
    ]
    if found["in_steps"]:
        soon = found["in_steps"]
        pieces.append(say(f"{soon} 张稍后再问", f"{soon} coming back soon"))
    return [Text(piece) for piece in pieces]


def countdown(plan: dict[str, Any], view: Look) -> Iterator[Text]:
    """`27 days to Fri 18 Dec · 12 cards and 8 min left of today's plan`"""
    say, left = view.say, plan["days_left"]
    if left < 0:
        yield from prose.wrapped(Text(sentences.has_passed(plan["date"], view)), view.width)
        return
    day = words.day(date.fromisoformat(plan["date"]), view)
    to_go = say(f"离 {day} 还有 {left} 天", f"{words.plural(left, 'day')} to {day}")
    pieces = [Text(to_go if left else say(f"就是今天，{day}", f"It is today, {day}"), "bold")]
    if plan["is_off"]:
        pieces.append(Text(say("今天休息", "a day off")))
    else:
        minutes = f"{plan['minutes_left']:.0f}"
        pieces.append(Text(say(f"今天还剩 {minutes} 分钟", f"{minutes} min left today")))
        if plan["cards"] is not None:
            cards = words.plural(plan["cards"], "card")
            pieces.append(Text(say(f"计划还有 {plan['cards']} 张", f"{cards} left in the plan")))
    yield from prose.listed(pieces, view.width)


def topics(found: list[dict[str, Any]], view: Look, *, is_aimed: bool) -> RenderableType:
    """A row each. With a plan the bar is what would be recalled on its day, else now."""
    key = "ready" if is_aimed else "recall"
    rows: list[list[str | Text]] = [
        [
            view.short(Both(**topic["title"])),
            bar(topic[key] or 0, BAR, view),
            "" if topic[key] is None else f"{topic[key]:.0%}",
            f"{topic['seen']}/{topic['cards']}",
            str(topic["due"] or ""),
        ]
        for topic in found
    ]
    bars = view.say("那天记得", "On the day") if is_aimed else view.say("记得", "Recall")
    others = view.say("见过 到期", "Seen Due").split()
    headings = [view.say("主题", "Topic"), bars, "", *others]
    return table(headings, with_room(headings, rows, view), view, right=(2, 3, 4))
