"""The plots of what was done and what is to come: days, weeks, solutions, mistakes."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from interview_cli.cli.view import words
from interview_cli.cli.view.look import Look
from interview_cli.cli.view.page.curves import day_labels
from interview_cli.cli.view.page.svg import (
    Frame,
    Scale,
    circle,
    element,
    line,
    number,
    picture,
    rect,
    text,
    ticks,
)
from interview_cli.scheduling.statistics import Day, Heat

if TYPE_CHECKING:
    from interview_cli.cli.handwriting import Handwriting, Often

CELL = 13  # pixels from one day of the heat map to the next
LEFT, RIGHT = 44, 708
NAMES = 230  # pixels for the names beside bars
ROW = 30


def heat_map(heat: Heat, view: Look) -> str:
    """Weeks across, weekdays down; every day says its number."""
    left, top = 32, 20
    width = left + CELL * len(heat.weeks)
    told = view.say(
        f"{len(heat.weeks)} 周里每天的复习次数", f"Reviews on each day of {len(heat.weeks)} weeks."
    )
    parts = []
    for place, name in enumerate(words.WEEKDAYS):
        if place % 2 == 0:
            label = words.narrow_weekday(name, view)
            parts.append(text(label, 0, top + CELL * place + 10))
    for number_, week in enumerate(heat.weeks):
        x = left + CELL * number_
        parts.append(month(heat.first + 7 * number_, x, view))
        for place, count in enumerate(week):
            day = date.fromordinal(heat.first + 7 * number_ + place)
            parts.append(square(x, top + CELL * place, heat.level(count), f"{day}: {count}"))
    title = view.say("每天的复习", "Reviews day by day")
    return picture("heat", (width, top + 7 * CELL), title, told, *parts)


def month(monday: int, x: int, view: Look) -> str:
    """Its name where a month begins."""
    sunday = date.fromordinal(monday + 6)
    name = view.say(f"{sunday.month}月", words.MONTHS[sunday.month - 1])
    return text(name, x, 12) if sunday.day <= 7 else ""


def square(x: int, y: int, level: int, told: str) -> str:
    title = element("title", told)
    size = CELL - 2
    return element("rect", title, x=x, y=y, width=size, height=size, rx=2, class_=f"h{level}")


def daily(days: Sequence[Day], today: int, view: Look) -> str:
    """Reviews above, minutes below, a bar for each day."""
    say = view.say
    reviews = [float(day.reviews) for day in days]
    minutes = [day.elapsed_ms / 60_000 for day in days]
    first = today - len(days) + 1
    told = say(
        f"{len(days)} 天里每天的复习次数和分钟数",
        f"Reviews and minutes on each of {len(days)} days.",
    )
    return picture(
        "daily",
        (720, 320),
        say("每天的复习与分钟", "Reviews and minutes a day"),
        told,
        text(say("复习", "reviews"), LEFT, 14, class_="title"),
        bars(reviews, 24, 138),
        text(say("分钟", "minutes"), LEFT, 168, class_="title"),
        bars(minutes, 178, 292, day_labels(first, today, view), first),
    )


def bars(
    values: Sequence[float],
    top: int,
    bottom: int,
    labels: Sequence[tuple[float, str]] = (),
    first: int = 0,
) -> str:
    """A bar for each value."""
    rows = ticks(max(values), 3)
    frame = Frame(Scale(first, first + len(values), LEFT, RIGHT), Scale(0, rows[-1], bottom, top))
    wide = (RIGHT - LEFT) / len(values)
    drawn = [
        rect(frame.x(first + n) + wide * 0.1, frame.y(v), wide * 0.8, bottom - frame.y(v), "bar")
        for n, v in enumerate(values)
        if v
    ]
    middles = [(day + 0.5, label) for day, label in labels]
    return frame.rows(rows, number) + frame.below(middles) + "".join(drawn)


def due(counts: Sequence[int], today: int, view: Look) -> str:
    """A bar under its number for each of the days to come."""
    say = view.say
    wide = 720 / len(counts)
    y = Scale(0, max(*counts, 1), 150, 30)
    parts = []
    for ahead, count in enumerate(counts):
        day = date.fromordinal(today + ahead)
        label = say("今天", "today") if ahead == 0 else f"{day.day}"
        middle = (ahead + 0.5) * wide
        parts.append(rect(middle - wide * 0.36, y(count), wide * 0.72, 150 - y(count), "due"))
        parts.append(text(count, middle, y(count) - 6, class_="middle ink"))
        parts.append(text(label, middle, 168, class_="middle"))
    told = say(f"共 {sum(counts)} 张", f"{sum(counts)} in all.")
    return picture("due", (720, 178), say("即将到期", "Due soon"), told, *parts)


def by_hand(found: Sequence["Handwriting"], view: Look) -> str:
    """For each solution the best time as a bar, the last one as a ring, par as a stroke."""
    say = view.say
    times = [t for h in found for t in (h.best_s, h.last.used_s, h.par_s) if t is not None]
    marks = ticks(max(times) / 60, 5)
    bottom = ROW * len(found) + 6
    frame = Frame(Scale(0, marks[-1], NAMES, RIGHT - 12), Scale(0, 1, bottom, 0))
    grid = [line(frame.x(m), 0, frame.x(m), bottom, "grid") for m in marks]
    rows = [part for n, h in enumerate(found) for part in one_solution(h, frame.x, n * ROW)]
    labels = ((m, say(f"{number(m)} 分", f"{number(m)} min")) for m in marks)
    told = say("最好、最近和标准用时", "The best time, the last one and par of each solution.")
    title = say("手写", "Written by hand")
    size = (720, bottom + 24)
    return picture("by-hand", size, title, told, *grid, *rows, frame.below(labels))


def one_solution(found: "Handwriting", x: Scale, top: int) -> Iterator[str]:
    yield text(found.solution.replace("_", "-"), 0, top + 22, class_="ink")
    if found.best_s is not None:
        yield rect(x.begin, top + 10.0, x(found.best_s / 60) - x.begin, 16.0, "bar")
    if found.par_s is not None:
        yield line(x(found.par_s / 60), top + 5, x(found.par_s / 60), top + 31, "par")
    yield circle(x(found.last.used_s / 60), top + 18, 5, "ring")


def mistakes(found: Sequence["Often"], view: Look) -> str:
    """In how many attempts each was made."""
    x = Scale(0, max(often.attempts for often in found), 320, RIGHT - 20)
    parts = []
    for place, often in enumerate(found):
        top = place * ROW
        parts.append(text(often.mistake, 0, top + 20, class_="ink"))
        parts.append(rect(x.begin, top + 8.0, x(often.attempts) - x.begin, 16.0, "bar"))
        parts.append(text(often.attempts, x(often.attempts) + 6, top + 20, class_="ink"))
    told = view.say("每个错误出现在几次尝试里", "In how many attempts each mistake was made.")
    title = view.say("常犯的错误", "Mistakes made most often")
    return picture("mistakes", (720, ROW * len(found) + 4), title, told, *parts)
