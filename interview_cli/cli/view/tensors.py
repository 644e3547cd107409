"""Tensors as aligned text: the inputs of a counterexample, and what was returned beside the truth.

A wrong number is red, and has a * behind it that one sees without colour too. What is too large is
cut to a dozen rows and to the width of the screen; wrong numbers are the last to go.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, isnan, prod
from typing import TYPE_CHECKING, Any, TypeAlias

from rich.cells import cell_len
from rich.text import Text

from interview_cli.cli.view.look import Look

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[Any]

Shape: TypeAlias = tuple[int, ...]
Places: TypeAlias = list[int | None]  # indices in order; None where some are left out

MAX_ROWS, STACKED_ROWS, LEAST_ROWS = 12, 8, 3
MAX_COLUMNS = 50  # to choose from: more never fit
MAX_PARTS = 4  # of a list or tuple of tensors
MAX_TEXT = 16  # characters of a cell that is no number
DIGITS, MAX_DIGITS = 4, 17
BETWEEN, BESIDE = "  ", "   "
BRACKETS, GAP = len("[  ]"), len("..")
WRONG = "bold red"


def side_by_side(
    mine: "Array", right: "Array", wrong_mask: "Array", view: Look, names: Sequence[str] = ()
) -> Iterator[Text]:
    """What the learner's code returned beside the truth; one above the other if that is too wide.

    The three have the same shape. names: of the two; `yours` and `expected` if there are none.
    """
    import numpy as np

    mine, right = np.asarray(mine), np.asarray(right)
    wrong = np.broadcast_to(np.asarray(wrong_mask, bool), mine.shape)
    yours, expected = names or (say(view, "你的", "yours"), say(view, "期望", "expected"))
    titles = plain(yours, view), plain(expected, view)
    sheets = Sheet(mine, wrong, right), Sheet(right, wrong, mine, is_marked=False)
    if mine.ndim < 2:
        yield from in_line(titles, sheets, view)
    else:
        yield from beside(titles, sheets, view)


def tensor(name: str, value: Any, view: Look, rows: int = MAX_ROWS) -> Iterator[Text]:
    """An input: `x =  [ 1.5  -2 ]` in about `rows` lines; what holds tensors, one by one."""
    import numpy as np

    name = plain(name, view)
    if isinstance(value, np.ndarray) and value.ndim:
        yield from array(name, value, view, rows)
    elif parts := parts_of(value):
        rows = max(LEAST_ROWS, rows // min(len(parts), MAX_PARTS))
        for key, part in parts[:MAX_PARTS]:
            yield from tensor(f"{name}[{key}]", part, view, rows)
        if len(parts) > MAX_PARTS:
            yield Text(ellipsis(view), "dim")
    else:
        yield cut(Text(f"{name} = {plain(scalar(value), view)}"), view)


def array(name: str, value: "Array", view: Look, rows: int) -> Iterator[Text]:
    """`x =  [ 1.5  -2 ]`, further rows under the first; all under the name if that is long."""
    import numpy as np

    lead = f"{name} =  "
    if cell_len(lead) > view.width // 4:
        yield cut(Text(f"{name} ="), view)
        lead = BETWEEN
    sheet = Sheet(value, np.zeros(value.shape, bool), value)
    shown = window([sheet], view.width - cell_len(lead), rows)
    for line in (*lines(sheet, shown, view), *note(sheet, shown, view)):
        yield cut(Text(lead).append_text(line), view)
        lead = " " * cell_len(lead)


def parts_of(value: Any) -> list[tuple[str, Any]]:
    """What a container holds, if a tensor is among it."""
    import numpy as np

    if isinstance(value, Mapping):
        parts = [(repr(key), part) for key, part in value.items()]
    elif isinstance(value, list | tuple):
        parts = [(str(index), part) for index, part in enumerate(value)]
    else:
        return []
    return parts if any(isinstance(p, np.ndarray) or parts_of(p) for _, p in parts) else []


def scalar(value: Any) -> str:
    """A value that is no tensor, as in Python."""
    import numpy as np

    if isinstance(value, np.generic | np.ndarray):
        return number(np.asarray(value)[()])
    if isinstance(value, tuple):
        return f"({', '.join(map(scalar, value))}{',' * (len(value) == 1)})"
    if isinstance(value, list):
        return f"[{', '.join(map(scalar, value))}]"
    return repr(value)


# A tensor as blocks of rows.


class Sheet:
    """A tensor as blocks of rows of cells: (blocks, rows, columns), whatever its shape was.

    A wrong cell has as many digits as it takes to tell it from the `other` tensor's.
    """

    def __init__(
        self, values: "Array", wrong: "Array", other: "Array", is_marked: bool = True
    ) -> None:
        self.shape: Shape = values.shape
        blocked = (prod(self.shape[:-2]), *(1, 1, *self.shape)[-2:])
        self.values, self.wrong, self.other = (x.reshape(blocked) for x in (values, wrong, other))
        self.is_marked = is_marked

    def text(self, block: int, row: int, column: int) -> str:
        place = block, row, column
        value = self.values[place]
        if not self.wrong[place]:
            return number(value)
        return number(value, telling_digits(value, self.other[place]))

    def mark(self, block: int, row: int, column: int) -> str:
        return "*" if self.is_marked and self.wrong[block, row, column] else ""

    def style(self, block: int, row: int, column: int) -> str:
        if not self.wrong[block, row, column]:
            return ""
        return WRONG if self.is_marked else "bold"

    def label(self, block: int) -> str:
        """`[0, :, :]`"""
        import numpy as np

        leading = np.unravel_index(block, self.shape[:-2])
        return f"[{', '.join([*map(str, leading), ':', ':'])}]"


@dataclass(frozen=True)
class Column:
    """How wide the numbers of a column are before and from the point on, and their marks."""

    before: int
    after: int
    mark: int

    @property
    def width(self) -> int:
        return self.before + self.after + self.mark

    def cell(self, text: str, mark: str) -> str:
        indent = self.before - cell_len(at_point(text)[0])
        return padded(" " * indent + text + mark, self.width)


@dataclass(frozen=True)
class Window:
    """What is shown of a sheet; `sizes` are those of the columns."""

    blocks: Places
    rows: Places
    columns: Places
    sizes: Mapping[int, Column]

    @property
    def is_whole(self) -> bool:
        return None not in (*self.blocks, *self.rows, *self.columns)

    @property
    def width(self) -> int:
        return BRACKETS + width_of(self.columns, self.sizes)


def lines(sheet: Sheet, shown: Window, view: Look) -> Iterator[Text]:
    for block in shown.blocks:
        if block is None:
            yield Text(ellipsis(view), "dim")
            continue
        if len(sheet.shape) > 2:
            yield Text(sheet.label(block), "dim")
        for row in shown.rows:
            if row is None:
                yield Text(ellipsis(view), "dim")
            else:
                yield row_of(sheet, shown, block, row, view)


def row_of(sheet: Sheet, shown: Window, block: int, row: int, view: Look) -> Text:
    """`[ 1.5  -2 ]`; a 0-d tensor has no brackets."""
    cells = []
    for column in shown.columns:
        if column is None:
            cells.append(Text(ellipsis(view), "dim"))
            continue
        place = block, row, column
        cell = shown.sizes[column].cell(sheet.text(*place), sheet.mark(*place))
        cells.append(Text(cell, sheet.style(*place)))
    inside = Text(BETWEEN).join(cells)
    return Text.assemble("[ ", inside, " ]") if sheet.shape else inside


def note(sheet: Sheet, shown: Window, view: Look) -> Iterator[Text]:
    """The shape, where not all of the tensor is shown, or there is nothing to show."""
    if not sheet.values.size or not shown.is_whole:
        yield Text(f"{say(view, '形状', 'shape')} {sheet.shape}", "dim")


# Two tensors.

Titles: TypeAlias = tuple[str, str]
Sheets: TypeAlias = tuple[Sheet, Sheet]


def in_line(titles: Titles, sheets: Sheets, view: Look) -> Iterator[Text]:
    """Numbers and vectors: a line each, column under column, where the titles leave room."""
    lead = max(map(cell_len, titles)) + len(BETWEEN)
    shown = window(sheets, view.width - lead, 1)
    if lead + shown.width > view.width:
        yield from stacked(titles, sheets, view)
        return
    for title, sheet in zip(titles, sheets, strict=True):
        for line in lines(sheet, shown, view):
            yield cut(Text.assemble((padded(title, lead), "bold"), line), view)
    yield from (cut(line, view) for line in note(sheets[0], shown, view))


def beside(titles: Titles, sheets: Sheets, view: Look) -> Iterator[Text]:
    """Matrices, each under its title: side by side where all of their columns fit."""
    shown = window(sheets, view.width, MAX_ROWS)
    columns = [
        [Text(title, "bold"), *lines(sheet, shown, view)]
        for title, sheet in zip(titles, sheets, strict=True)
    ]
    width = max(line.cell_len for column in columns for line in column)
    if None in shown.columns or 2 * width + len(BESIDE) > view.width:
        yield from stacked(titles, sheets, view)
        return
    for left, right in zip(*columns, strict=True):
        line = Text.assemble(left, " " * (width - left.cell_len), BESIDE, right)
        line.rstrip()
        yield line
    yield from (cut(line, view) for line in note(sheets[0], shown, view))


def stacked(titles: Titles, sheets: Sheets, view: Look) -> Iterator[Text]:
    shown = window(sheets, view.width - len(BETWEEN), STACKED_ROWS)
    for title, sheet in zip(titles, sheets, strict=True):
        yield cut(Text(title, "bold"), view)
        for line in lines(sheet, shown, view):
            yield cut(Text(BETWEEN).append_text(line), view)
    yield from (cut(line, view) for line in note(sheets[0], shown, view))


# What to show of a large tensor.


def window(sheets: Sequence[Sheet], width: int, limit: int) -> Window:
    """At most about `limit` lines, and what fits into `width`; what is wrong comes first."""
    wrong: Any = sheets[0].wrong
    has_labels = len(sheets[0].shape) > 2
    tall = min(wrong.shape[1], max(limit // 2, 1)) + has_labels
    blocks = picked(wrong.any(axis=(1, 2)), max(limit // tall, 1) if tall else 1)
    left = limit // max(len(known(blocks)), 1) - has_labels
    wrong = wrong[known(blocks)]
    rows = picked(wrong.any(axis=(0, 2)), max(left, 1 if limit == 1 else LEAST_ROWS))
    wrong = wrong[:, known(rows)].any(axis=(0, 1))
    places = [(block, row) for block in known(blocks) for row in known(rows)]
    sizes = {
        column: column_of(sheets, [(*place, column) for place in places])
        for column in most_wanted(wrong, MAX_COLUMNS)
    }

    def fits(columns: Places) -> bool:
        return width_of(columns, sizes) + BRACKETS <= width

    return Window(blocks, rows, chosen(list(sizes), len(wrong), fits), sizes)


def picked(is_wrong: "Array", limit: int) -> Places:
    """At most `limit` places, gaps included."""
    size = len(is_wrong)
    if size <= limit:
        return list(range(size))
    return chosen(most_wanted(is_wrong, limit), size, lambda places: len(places) <= limit)


def chosen(order: Sequence[int], size: int, fits: Callable[[Places], bool]) -> Places:
    """As many as fit, in that order of preference, one at least; None for what is left out."""
    kept: list[int] = []
    for index in order:
        if not kept or fits(with_gaps(sorted([*kept, index]), size)):
            kept.append(index)
    return with_gaps(sorted(kept), size)


def most_wanted(is_wrong: "Array", limit: int) -> list[int]:
    """The first wrong index, the first of all, its neighbours, other wrong ones, then the rest."""
    size = len(is_wrong)
    wrong = [int(index) for index in is_wrong.nonzero()[0][:limit]]
    near = [place for index in wrong[:1] for place in (index - 1, index + 1)]
    order = [*wrong[:1], 0, *near, *wrong[1:], *range(limit), size - 1]
    return list(dict.fromkeys(index for index in order if 0 <= index < size))


def with_gaps(indices: Sequence[int], size: int) -> Places:
    """None for each run of indices that is missing."""
    found: Places = []
    following = 0
    for index in indices:
        if index > following:
            found.append(None)
        found.append(index)
        following = index + 1
    return [*found, None] if following < size else found


def known(places: Places) -> list[int]:
    return [place for place in places if place is not None]


def column_of(sheets: Sequence[Sheet], cells: Sequence[tuple[int, int, int]]) -> Column:
    halves = [at_point(sheet.text(*cell)) for sheet in sheets for cell in cells]
    marks = [sheet.mark(*cell) for sheet in sheets for cell in cells]
    return Column(
        max((cell_len(whole) for whole, _ in halves), default=0),
        max((cell_len(rest) for _, rest in halves), default=0),
        max(map(len, marks), default=0),
    )


def width_of(columns: Places, sizes: Mapping[int, Column]) -> int:
    widths = [GAP if column is None else sizes[column].width for column in columns]
    return sum(widths) + len(BETWEEN) * max(len(widths) - 1, 0)


# Numbers and words.


def number(value: Any, digits: int = DIGITS) -> str:
    """`1.235`, `12346`, `1.2e-7`, `NaN`, `True`; what is no number, cut."""
    import numpy as np

    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, float | np.floating):
        return decimal(float(value), digits)
    text = ascii(str(value))[1:-1]
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - GAP] + ".."


def decimal(value: float, digits: int) -> str:
    """At most so many digits, but all of those before the point, up to a million."""
    if isnan(value):
        return "NaN"
    if isfinite(value) and 10**digits <= abs(value) < 1e6:
        return f"{value:.0f}"
    return f"{value:.{digits}g}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")


def telling_digits(mine: Any, right: Any) -> int:
    """How many digits it takes to see a difference."""
    for digits in range(DIGITS, MAX_DIGITS + 1):
        if number(mine, digits) != number(right, digits):
            return digits
    return DIGITS


def at_point(text: str) -> tuple[str, str]:
    """A number up to its point, or its exponent, and from there on."""
    end = next((i for i, c in enumerate(text) if c in ".e"), len(text))
    is_number = text.lstrip("-")[:1].isdigit()
    return (text[:end], text[end:]) if is_number else (text, "")


def padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def plain(text: str, view: Look) -> str:
    """On one line, and in ASCII where nothing else can be shown."""
    text = "".join(c if c.isprintable() else " " for c in text)
    return text.encode("ascii", "backslashreplace").decode() if is_ascii(view) else text


def cut(line: Text, view: Look) -> Text:
    """No wider than the screen."""
    if line.cell_len > view.width:
        line.truncate(view.width - len(ellipsis(view)))
        line.append(ellipsis(view))
    return line


def say(view: Look, zh: str, en: str) -> str:
    return en if is_ascii(view) else view.say(zh, en)


def ellipsis(view: Look) -> str:
    return ".." if is_ascii(view) else "…"


def is_ascii(view: Look) -> bool:
    return view.math == "latex"
