"""The plan on the screen: today, the days to come, and what they lead to."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from interview_cli.cli.view import prose, sentences, words
from interview_cli.cli.view.look import Look
from interview_cli.cli.view.tables import bar, table

SINGLE_DAYS = 7  # the rest is shown by weeks, or by four of them
MANY_DAYS = 100
NAMED = 12
BAR = 10


def lines(found: dict[str, Any], view: Look) -> Iterator[RenderableType]:
    """Everything, in the order in which it is read."""
    yield heading(found["aim"], view)
    yield Text()
    yield from results(found, view)
    yield Text()
    yield days(found["days"], found["aim"]["minutes"], view)
    yield Text()
    yield from too_long(found["too_long"], view)
    yield from today(found, view)


def heading(aim: dict[str, Any], view: Look) -> Text:
    """`Plan for 2026-12-18 · 27 days · 30 min a day · off: sat`"""
    say = view.say
    pieces = [
        until(aim["days_left"], view),
        say(f"每天 {aim['minutes']} 分钟", f"{aim['minutes']} min a day"),
    ]
    if aim["off"]:
        off = [words.weekday(day, view) for day in aim["off"]]
        pieces.append(say("休息：", "off: ") + say("、", ", ").join(off))
    title = say(f"{aim['date']} 的计划", f"Plan for {aim['date']}")
    return Text.assemble((title, "bold"), *(f" · {piece}" for piece in pieces))


def until(days_left: int, view: Look) -> str:
    if days_left == 0:
        return view.say("就是今天", "that is today")
    return view.say(f"还有 {days_left} 天", words.plural(days_left, "day"))


def results(found: dict[str, Any], view: Look) -> Iterator[RenderableType]:
    """What is expected to be known on the day, three ways."""
    say, recall = view.say, found["recall"]
    yield Text(say("到那天预计记得：", "Expected recall on the day:"))
    ways = (
        (say("按这个计划", "with this plan"), "plan"),
        (say("不用计划，FSRS 0.9", "plain FSRS at 0.9"), "fsrs"),
        (say("现在就停", "if you stop now"), "stop_now"),
    )
    widest = max(cell_len(name) for name, _ in ways)
    for name, key in ways:
        space = " " * (widest - cell_len(name) + 2)
        yield Text.assemble(
            f"  {name}{space}", bar(recall[key], 2 * BAR, view), f" {recall[key]:.0%}"
        )


def days(found: list[dict[str, Any]], minutes: int, view: Look) -> RenderableType:
    """A row for each of the next days, then one for each week or four. The bar is how full they
    are."""
    say = view.say
    rows: list[list[str | Text]] = [
        [when(part, view), *amounts(part, minutes, view)] for part in parts(found)
    ]
    headings = say("日子 卡片 新 分钟", "Day Cards New Minutes").split()
    return table([*headings, ""], rows, view, right=(1, 2, 3))


def parts(found: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    yield from ([day] for day in found[:SINGLE_DAYS])
    size = 7 if len(found) <= MANY_DAYS else 28
    for start in range(SINGLE_DAYS, len(found), size):
        yield found[start : start + size]


def when(part: list[dict[str, Any]], view: Look) -> str:
    """`Sat 21 Nov`, or `28 Nov to 4 Dec`."""
    first, last = (date.fromisoformat(day["date"]) for day in (part[0], part[-1]))
    if first == last:
        return words.day(first, view)
    return f"{words.short_day(first, view)}{view.say(' 至 ', ' to ')}{words.short_day(last, view)}"


def amounts(part: list[dict[str, Any]], minutes: int, view: Look) -> list[str | Text]:
    cards, new, used = (sum(day[key] for day in part) for key in ("cards", "new", "minutes"))
    study_days = sum(not day["is_off"] for day in part)
    if not study_days:
        return ["", "", "", Text(view.say("休息", "off"), "dim")]
    share = used / (minutes * study_days)
    return [f"{cards:.0f}", f"{new:.0f}", f"{used:.0f}", bar(share, BAR, view)]


def today(found: dict[str, Any], view: Look) -> Iterator[RenderableType]:
    """The cards of today by name, and the command to type."""
    say, cards = view.say, found["today"]
    if found["days"][0]["is_off"]:
        yield Text(say("今天休息。", "Today is a day off."))
        return
    if not cards:
        yield Text(say("今天没有要做的了。", "Nothing is left to do today."))
        return
    shown = [Text(card["card"], "bold" if card["is_new"] else "") for card in cards[:NAMED]]
    if len(cards) > NAMED:
        shown.append(Text(say(f"另外 {len(cards) - NAMED} 张", f"{len(cards) - NAMED} more")))
    count = words.plural(len(cards), "card")
    yield from prose.listed(shown, view.width, say(f"今天 {len(cards)} 张：", f"Today {count}: "))
    code = [card["card"] for card in cards if card["kind"] == "code"]
    if code:
        by_hand = say("其中手写：", "Of these by hand: ")
        yield from prose.listed([Text(card) for card in code], view.width, by_hand)
    yield Text.assemble((say("接下来：", "Next: "), "dim"), "interview quiz")


def too_long(cards: Iterable[dict[str, Any]], view: Look) -> Iterator[RenderableType]:
    """What fits into no day."""
    minutes = view.say("分钟", "min")
    shown = [Text(f"{card['card']} ({card['minutes']:.0f} {minutes})") for card in cards]
    if shown:
        yield Text(view.say("一天的时间不够，不会问：", "Never asked, longer than a day's time:"))
        yield from prose.listed(shown, view.width, "  ")


def passed(found: dict[str, Any], view: Look) -> Iterator[RenderableType]:
    """The day lies behind us."""
    yield Text(sentences.has_passed(found["aim"]["date"], view))
    yield Text(
        view.say(
            "新的日子：interview plan --date YYYY-MM-DD；不再要计划：interview plan --clear",
            "Another day: interview plan --date YYYY-MM-DD; no plan any more: interview plan "
            "--clear",
        )
    )


def was_cleared(was_there: bool, view: Look) -> str:
    if not was_there:
        return view.say("本来就没有计划。", "There was no plan.")
    return view.say("计划已取消；现在按普通的 FSRS 安排。", "No plan any more: plain FSRS decides.")
