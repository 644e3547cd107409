"""interview stats: what was done and how well it is remembered."""

from collections import Counter
from typing import Any

from rich.text import Text

from interview_cli.bank.model import Text as Both
from interview_cli.cli import desk as desks
from interview_cli.cli.desk import Desk, selection
from interview_cli.cli.options import Json, Lang, Topics, checked_lang
from interview_cli.cli.out import write_json, write_notices
from interview_cli.cli.view import prose, words
from interview_cli.cli.view.look import Look, console, look
from interview_cli.cli.view.tables import bar, sparkline, table
from interview_cli.domain.review import Rating
from interview_cli.scheduling import scheduler
from interview_cli.scheduling.days import study_day
from interview_cli.store.history import from_us
from interview_cli.store.shelf import Selection

EXAMPLES = """\b
Examples:
  interview stats
  interview stats --topic normalization --json
"""
DAYS = 30
FORECAST_DAYS = 14


def command(topic: Topics = None, lang: Lang = None, as_json: Json = False) -> None:
    """Show what was done and how well it is remembered."""
    view = look(checked_lang(lang))
    with Desk() as desk:
        found = figures(desk, selection(desk, topic or ()))
        if as_json:
            write_json(**found)
        else:
            write_notices(desk)
            draw(found, view)


def figures(desk: Desk, chosen: Selection) -> dict[str, Any]:
    """Everything counted. retention: share of reviews of learnt cards that were not *again*."""
    now = desks.now()
    today = desk.day(now)
    cards = desk.shelf.cards(chosen)
    ids = {card.id for card in cards}
    days: Counter[int] = Counter()
    ratings: Counter[int] = Counter()
    reviews = cram = elapsed_ms = 0
    learnt: set[str] = set()
    again = kept = 0
    for row in desk.history.all_rows():
        if row.card not in ids:
            continue
        if row.cram:
            cram += 1
            continue
        day = study_day(from_us(row.at_us), row.zone_min, desk.rollover_hour)
        reviews += 1
        elapsed_ms += row.elapsed_ms
        days[day] += 1
        ratings[row.rating] += 1
        if row.card in learnt:
            again += row.rating == Rating.AGAIN
            kept += row.rating != Rating.AGAIN
        elif row.rating != Rating.AGAIN:
            learnt.add(row.card)
    topics = []
    for topic in desk.shelf.topics():
        here = [c for c in cards if c.topic == topic.topic]
        memories = [c.memory for c in here if c.memory is not None]
        if here:
            topics.append(
                {
                    "topic": topic.topic,
                    "title": {"zh": topic.zh, "en": topic.en},
                    "cards": len(here),
                    "seen": len(memories),
                    "recall": scheduler.mean_retrievability(memories, today),
                    "leeches": [c.id for c in here if c.memory and c.memory.is_leech],
                }
            )
    due = desk.shelf.due_between(chosen, 0, today + FORECAST_DAYS - 1)
    forecast = [sum(n for d, n in due.items() if d <= today)]
    forecast += [due.get(today + ahead, 0) for ahead in range(1, FORECAST_DAYS)]
    return {
        "reviews": reviews,
        "cram_reviews": cram,
        "cards_seen": sum(t["seen"] for t in topics),
        "cards": len(cards),
        "minutes": round(elapsed_ms / 60_000, 1),
        "streak_days": streak(days, today),
        "retention": kept / (kept + again) if kept + again else None,
        "ratings": {r.name.lower(): ratings[r] for r in Rating},
        "last_days": [days[today - ago] for ago in range(DAYS - 1, -1, -1)],
        "due_days": forecast,
        "topics": topics,
    }


def streak(days: Counter[int], today: int) -> int:
    """Study days in a row up to today, or up to yesterday while today is still empty."""
    day = today if days[today] else today - 1
    count = 0
    while days[day]:
        count, day = count + 1, day - 1
    return count


def draw(found: dict[str, Any], view: Look) -> None:
    out, say = console(view), view.say
    reviews, minutes, streak = found["reviews"], round(found["minutes"]), found["streak_days"]
    seen, cards = found["cards_seen"], found["cards"]
    pieces = (
        say(f"{reviews} 次复习", words.plural(reviews, "review")),
        say(f"{minutes} 分钟", f"{minutes} min"),
        say(f"见过 {seen}/{cards} 张", f"{seen} of {words.plural(cards, 'card')}"),
        say(f"连续 {streak} 天", f"streak {words.plural(streak, 'day')}"),
    )
    for line in prose.listed([Text(piece, "bold") for piece in pieces], view.width):
        out.print(line)
    if found["retention"] is not None:
        out.print(
            say(
                f"学过之后记住的比例 {found['retention']:.0%}",
                f"Kept after learning: {found['retention']:.0%}",
            )
        )
    rows: list[list[str | Text]] = [
        [
            view.short(Both(**topic["title"])),
            f"{topic['seen']}/{topic['cards']}",
            bar(topic["recall"] or 0, 10, view),
            "" if topic["recall"] is None else f"{topic['recall']:.2f}",
            ", ".join(topic["leeches"]),
        ]
        for topic in found["topics"]
    ]
    headings = say("主题 见过 记得 R 难点", "Topic Seen Recall R Leeches").split()
    out.print(table(headings, rows, view, right=(1, 3)))
    before = say(f"最近 {DAYS} 天   ", f"last {DAYS} days  ")
    ahead = say(f"到期 {FORECAST_DAYS} 天内 ", f"due in {FORECAST_DAYS} days")
    out.print()
    out.print(Text.assemble(f"{before}  ", (sparkline(found["last_days"], view), "green")))
    out.print(Text.assemble(f"{ahead}  ", (sparkline(found["due_days"], view), "blue")))
