"""Day by day: what was done on the last ones, over weeks, and what comes due on the next."""

from collections.abc import Iterator, Sequence
from datetime import date

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from interview_cli.cli.statistics import DAYS, FORECAST_DAYS, Figures
from interview_cli.cli.view import plots, prose, words
from interview_cli.cli.view.look import Look
from interview_cli.scheduling import statistics as sums

HEIGHT = 3
MARGIN = 13  # beside the columns of the last days


def recent(found: Figures, view: Look) -> Iterator[RenderableType]:
    """Reviews and minutes on each of the last days."""
    days = sums.last_days(found.days, found.today, DAYS)
    reviews = sum(day.reviews for day in days)
    minutes = sum(day.elapsed_ms for day in days) / 60_000
    say = view.say
    title = say(
        f"最近 {DAYS} 天：{reviews} 次复习，{minutes:.0f} 分钟",
        f"Last {DAYS} days: {words.plural(reviews, 'review')}, {minutes:.0f} min",
    )
    yield Text(title, "bold")
    yield from daily([day.reviews for day in days], say("复习", "reviews"), view)
    yield from daily([day.elapsed_ms / 60_000 for day in days], say("分钟", "min"), view)
    if not view.is_plain:
        yield span(found.today, view)


def daily(values: Sequence[float], unit: str, view: Look) -> Iterator[Text]:
    """Columns beside their highest value; plain: the numbers."""
    if view.is_plain:
        numbers = " ".join(map(amount, values))
        yield from prose.wrapped(Text(numbers), view.width, f"{unit}: ", "  ")
        return
    rows = plots.columns(values, view, HEIGHT, wide(view))
    top = f"{amount(max(values))} {unit}"
    for label, row in zip([top, *[""] * (HEIGHT - 1)], rows, strict=True):
        yield Text.assemble((label + " " * (MARGIN - cell_len(label)), "dim"), (row, "green"))


def amount(value: float) -> str:
    """`12`, `0.4`"""
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")


def span(today: int, view: Look) -> Text:
    """The first day and the last one, under their columns."""
    begin = words.short_day(date.fromordinal(today - DAYS + 1), view)
    end = view.say("今天", "today")
    between = " " * (wide(view) * DAYS - cell_len(begin) - cell_len(end))
    return Text(" " * MARGIN + begin + between + end, "dim")


def wide(view: Look) -> int:
    """Characters for one of the last days."""
    return max(1, (view.width - MARGIN) // DAYS)


def weeks(found: Figures, view: Look) -> Iterator[RenderableType]:
    """The heat map, under a line that says it in words."""
    heat = sums.heat(found.days, found.today, plots.weeks_across(view))
    say = view.say
    days = [(count, heat.first + n) for n, count in enumerate(c for w in heat.weeks for c in w)]
    active, reviews = sum(count > 0 for count, _ in days), sum(count for count, _ in days)
    most, day = max(days)
    longest = sums.longest_streak(found.days)
    pieces = [
        say(f"{len(heat.weeks)} 周", f"{len(heat.weeks)} weeks"),
        say(
            f"{active} 天 {reviews} 次复习",
            f"{words.plural(reviews, 'review')} on {words.plural(active, 'day')}",
        ),
        say(f"最长连续 {longest} 天", f"longest streak ever {words.plural(longest, 'day')}"),
    ]
    if most:
        on = words.short_day(date.fromordinal(day), view)
        pieces.append(say(f"最多 {on} {most} 次", f"most {most} on {on}"))
    yield from prose.listed([Text(piece, "bold") for piece in pieces], view.width)
    yield from plots.heat_map(heat, view)
    yield Text.assemble(" " * plots.DAY_LABEL, plots.legend(heat, view))


def forecast(found: Figures, view: Look) -> Iterator[RenderableType]:
    """What comes due, as columns under their numbers."""
    say, due = view.say, found.due
    title = say(
        f"{FORECAST_DAYS} 天内到期 {sum(due)} 张，今天 {due[0]} 张",
        f"Due in {FORECAST_DAYS} days: {sum(due)}, today {due[0]}",
    )
    yield Text(title, "bold")
    on = [date.fromordinal(found.today + ahead) for ahead in range(len(due))]
    if view.is_plain:
        pieces = [Text(f"{words.day(d, view)}: {n}") for d, n in zip(on, due, strict=True) if n]
        yield from prose.listed(pieces, view.width) if pieces else ()
        return
    cell = min(6, view.width // len(due))
    yield Text("".join(short(n).center(cell) for n in due).rstrip())
    for row in plots.columns(due, view, HEIGHT, cell - 1, gap=1):
        yield Text(row, "blue")
    yield Text("".join(f"{d.day}".center(cell) for d in on).rstrip(), "dim")


def short(count: int) -> str:
    """`999`, `12k`"""
    return f"{count}" if count < 1000 else f"{count / 1000:.0f}k"
