"""Plots made of characters: columns, a heat map, two dots on a line."""

from collections.abc import Iterator, Sequence
from datetime import date

from rich.cells import cell_len
from rich.text import Text

from interview_cli.cli.view import words
from interview_cli.cli.view.look import Look
from interview_cli.scheduling.statistics import LEVELS, Heat

DAY_LABEL = 4
CELL = 2


def columns(values: Sequence[float], view: Look, height: int, wide: int, gap: int = 0) -> list[str]:
    """Rows from the top down; every value is a column `wide` characters wide. What is not nothing
    can be seen."""
    marks = " .:-=+*##" if view.math == "latex" else " ▁▂▃▄▅▆▇█"
    top = max(values, default=0) or 1
    eighths = [max(1, round(8 * height * value / top)) if value > 0 else 0 for value in values]
    space = " " * gap
    return [
        space.join(marks[min(8, max(0, full - 8 * row))] * wide for full in eighths)
        for row in reversed(range(height))
    ]


def heat_marks(view: Look) -> str:
    """A character for each level. Where there is no colour they are digits."""
    return ".1234" if view.is_plain or view.math == "latex" else "·░▒▓█"


def weeks_across(view: Look) -> int:
    """How many weeks a heat map has room for."""
    return min(53, (view.width - DAY_LABEL) // CELL)


def heat_map(heat: Heat, view: Look) -> Iterator[Text]:
    """Weeks across, days down, and the months above."""
    marks = heat_marks(view)
    yield Text(" " * DAY_LABEL + months(heat, view), "dim")
    for place, name in enumerate(words.WEEKDAYS):
        label = words.narrow_weekday(name, view)
        line = Text(label + " " * (DAY_LABEL - cell_len(label)), "dim")
        for week in heat.weeks:
            if place < len(week):
                level = heat.level(week[place])
                line.append(marks[level] + " ", "green" if level else "dim")
        line.rstrip()
        yield line


def months(heat: Heat, view: Look) -> str:
    """The name of each month above the week in which it begins."""
    line = ""
    for number, _ in enumerate(heat.weeks):
        last = date.fromordinal(heat.first + 7 * number + 6)
        room = CELL * number - cell_len(line)
        if last.day <= 7 and (room > 0 or not line):
            line += " " * room + view.say(f"{last.month}月", words.MONTHS[last.month - 1])
    return line


def legend(heat: Heat, view: Look) -> Text:
    """`· 0  ░ 1-3  ▒ 4-6  ▓ 7-9  █ 10+`: how many reviews a mark stands for."""
    none, marks = heat_marks(view)[0], heat_marks(view)[1:]
    colon = ":" if marks[0].isdigit() else ""
    line = Text.assemble((none + colon, "dim"), " 0")
    for level, mark in enumerate(marks, 1):
        low, high = heat.top * (level - 1) // LEVELS + 1, heat.top * level // LEVELS
        if low <= high:
            until = "+" if level == LEVELS else f"-{high}" if low < high else ""
            line.append("  ").append(mark, "green").append(f"{colon} {low}{until}")
    return line


def dots(predicted: float, true: float, low: float, width: int, view: Look) -> Text:
    """`──○───●──`: what was predicted, and what is true, between `low` and 1."""
    rule, hollow, full, both = "-o*@" if view.math == "latex" else "─○●◉"
    places = [round((share - low) / (1 - low) * (width - 1)) for share in (predicted, true)]
    line = Text(rule * width, "dim")
    for place, mark, style in zip(places, (hollow, full), ("blue", "green"), strict=True):
        mark = both if places[0] == places[1] else mark
        line = Text.assemble(line[:place], (mark, style), line[place + 1 :])
    return line


def axis(low: float, width: int, view: Look) -> str:
    """`50%  ○ predicted  ● true  100%`: the ends of the line, and what the dots are."""
    hollow, full = "o*" if view.math == "latex" else "○●"
    begin, key = (
        f"{low:.0%}",
        view.say(f"{hollow} 预测  {full} 实际", f"{hollow} predicted  {full} true"),
    )
    room = width - cell_len(begin) - cell_len(key) - len("100%")
    return f"{begin}{' ' * (room // 2)}{key}{' ' * (room - room // 2)}100%"
