"""Tables for list, search, stats and the proof; plain columns where boxes do not belong."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from interview_cli.cli.view.look import Look

GAP = 2
Rows = Sequence[Sequence[str | Text]]


def table(
    headings: Sequence[str],
    rows: Rows,
    view: Look,
    right: Sequence[int] = (),
) -> Table:
    """Columns as wide as they need to be; the last one takes what is left and is cut. `right`
    names the columns of numbers."""
    found = Table(
        box=None if view.is_plain else SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, GAP if view.is_plain else GAP - 1, 0, 0),
        header_style="dim",
    )
    widths = [widest(headings, rows, column) for column in range(len(headings))]
    last = max(8, view.width - sum(width + GAP for width in widths[:-1]))
    for number, heading in enumerate(headings):
        found.add_column(heading, justify="right" if number in right else "left", no_wrap=True)
    for row in rows:
        found.add_row(*row[:-1], cut(row[-1], last, "..." if view.math == "latex" else "…"))
    return found


def narrowed(
    headings: Sequence[str], rows: Rows, view: Look, dispensable: Sequence[int], least: int
) -> list[int]:
    """The columns to keep, so that the last one has `least`; `dispensable` go in that order."""
    kept = list(range(len(headings)))
    for column in dispensable:
        used = sum(widest(headings, rows, number) + GAP for number in kept[:-1])
        if view.width - used >= least:
            break
        kept.remove(column)
    return kept


def with_room(headings: Sequence[str], rows: Rows, view: Look) -> Rows:
    """The rows with their first cells cut to what the others leave."""
    others = range(1, len(headings))
    room = view.width - sum(widest(headings, rows, number) + GAP for number in others)
    mark = "..." if view.math == "latex" else "…"
    return [[cut(first, room, mark), *rest] for first, *rest in rows]


def widest(headings: Sequence[str], rows: Rows, column: int) -> int:
    cells = [row[column] for row in rows]
    texts = [cell.plain if isinstance(cell, Text) else cell for cell in cells]
    return max(map(cell_len, (*texts, headings[column])))


def cut(cell: str | Text, width: int, mark: str = "…") -> Text:
    """The cell in at most `width` columns, with a mark where something is missing."""
    text = cell.copy() if isinstance(cell, Text) else Text(cell)
    if text.cell_len > width:
        text.truncate(width - len(mark))
        text.rstrip()
        text.append(mark)
    return text


def bar(share: float, width: int, view: Look) -> Text:
    """A bar of `width` columns, `share` of it full."""
    full = round(max(0.0, min(share, 1.0)) * width)
    filled, empty = ("#", ".") if view.math == "latex" else ("█", "░")
    return Text.assemble((filled * full, "green"), (empty * (width - full), "dim"))


def sparkline(values: Sequence[float], view: Look) -> str:
    """One character a value, by height."""
    marks = " .:-=+*#" if view.math == "latex" else "▁▂▃▄▅▆▇█"
    top = max(values, default=0)
    if top <= 0:
        return marks[0] * len(values)
    return "".join(
        marks[min(len(marks) - 1, int(v / top * (len(marks) - 1) + 0.5))] for v in values
    )
