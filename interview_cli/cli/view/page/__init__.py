"""The statistics as one page: no scripts, nothing from the network; for a screen, by day and by
night, and for paper."""

from datetime import date
from pathlib import Path

from interview_cli.cli.statistics import Figures, Past
from interview_cli.cli.view.look import Look
from interview_cli.cli.view.page import memory, work
from interview_cli.cli.view.page.svg import element, plain
from interview_cli.scheduling import statistics as sums

TOPICS = 12  # named at the top


def page(found: Figures, past: Past, view: Look) -> str:
    """The whole document; it is well-formed XML too."""
    title = view.say("学习统计", "Statistics")
    sections = (
        memory.readiness(past, view),
        memory.forgetting(past, view),
        memory.calibration(found, view),
        work.weeks(found, view),
        work.recent(found, view),
        work.due(found, view),
        work.topics(found, view),
        work.weakest(found, view),
        work.by_hand(found, view),
        work.mistakes(found, view),
    )
    body = [element("section", *parts) for section in sections if (parts := list(section))]
    top = (
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", plain(f"interview · {title}")),
        element("style", Path(__file__).with_name("style.css").read_text(encoding="utf-8")),
    )
    lang = view.say("zh-Hans", "en")
    whole = element("body", element("main", head(found, title, view), *body))
    return f"<!DOCTYPE html>\n{element('html', element('head', *top), whole, lang=lang)}\n"


def head(found: Figures, title: str, view: Look) -> str:
    """What it is, of which day, and four numbers."""
    say = view.say
    names = say("、", ", ").join(view.short(topic.title) for topic in found.topics[:TOPICS])
    more = say(" 等", " ...") if len(found.topics) > TOPICS else ""
    tiles = (
        (say("复习", "reviews"), f"{found.reviews}"),
        (say("分钟", "minutes"), f"{found.minutes:.0f}"),
        (say("见过的卡片", "cards seen"), f"{found.seen}/{found.cards}"),
        (say("连续天数", "days in a row"), f"{sums.streak(found.days, found.today)}"),
    )
    terms = [
        element("div", element("dt", plain(name)), element("dd", value)) for name, value in tiles
    ]
    on = f"{date.fromordinal(found.today)}"
    when = element("p", plain(f"{on} · {names}{more}"))
    return element("header", element("h1", plain(title)), when, element("dl", *terms))
