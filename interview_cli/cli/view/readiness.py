"""Readiness on the screen."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from interview_cli.bank.model import Text as Both
from interview_cli.cli.view import prose, words
from interview_cli.cli.view.look import Look
from interview_cli.cli.view.plan import until
from interview_cli.cli.view.tables import GAP, bar, table, widest, with_room

BAR = 10


def lines(found: dict[str, Any], view: Look) -> Iterator[RenderableType]:
    """The total and every topic, and what the numbers mean."""
    say = view.say
    day = words.day(date.fromisoformat(found["date"]), view)
    title = say(f"到 {day} 的准备程度", f"Readiness for {day}")
    yield Text.assemble((title, "bold"), " · ", until(found["days_left"], view))
    yield Text()
    is_planned = found["total"]["plan"] is not None
    headings = [say("主题", "Topic"), say("现在就停", "Stop now"), ""]
    if is_planned:
        headings += [say("按计划", "With the plan"), ""]
    together = {"title": {"zh": "合计", "en": "Together"}, **found["total"]}
    rows = [row(part, view) for part in (together, *found["topics"])]
    yield fitted([*headings, ""], rows, view, right=(1, 3) if is_planned else (1,))
    yield Text()
    for sentence in notes(found, view):
        yield from prose.wrapped(Text(sentence, "dim"), view.width)


def fitted(
    headings: list[str], rows: list[list[str | Text]], view: Look, right: tuple[int, ...]
) -> RenderableType:
    """The table; where it is too wide without the bars, which say nothing new, and with titles
    that are cut."""
    columns = range(len(headings))
    if sum(widest(headings, rows, number) + GAP for number in columns) - GAP > view.width:
        headings, rows = headings[:-1], [cells[:-1] for cells in rows]
    return table(headings, with_room(headings, rows, view), view, right)


def row(part: dict[str, Any], view: Look) -> list[str | Text]:
    """`Losses  31%  27-35  84%  80-87  ████████░░`"""
    cells: list[str | Text] = [view.short(Both(**part["title"]))]
    ways = [part[key] for key in ("stop_now", "plan") if part[key] is not None]
    for way in ways:
        cells += [
            f"{way['expected']:.0%}",
            Text(f"{100 * way['low']:.0f}-{100 * way['high']:.0f}", "dim"),
        ]
    return [*cells, bar(ways[-1]["expected"], BAR, view)]


def notes(found: dict[str, Any], view: Look) -> Iterator[str]:
    """What stands behind the numbers."""
    yield view.say(
        "后面的范围十次里有九次包含真正记得的比例；没见过的卡片算 0。",
        "Nine times in ten the share you recall lies in the range; cards never seen count 0.",
    )
    if found["minutes"] is not None:
        yield view.say(
            f"计划：每天 {found['minutes']} 分钟。",
            f"The plan has {found['minutes']} minutes a day.",
        )
    else:
        yield view.say(
            "还没有计划：interview plan --date YYYY-MM-DD",
            "There is no plan to follow yet: interview plan --date YYYY-MM-DD",
        )
