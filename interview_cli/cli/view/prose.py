"""Card text to lines: paragraphs, "- " lists, fenced code, **bold**, `code` and formulas.

Not Markdown: rich.markdown eats the _ and \\ of LaTeX, and costs 60 ms. Every line comes out
wrapped to its width, Chinese between any two characters but never before closing punctuation.
"""

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from interview_cli.cli.view.look import Look
from interview_cli.errors import FormulaError

BLOCK = re.compile(
    r"^```[^\n]*\n(?P<code>.*?)^```[ \t]*$|\$\$(?P<math>.+?)\$\$", re.DOTALL | re.MULTILINE
)
INLINE = re.compile(r"`(?P<code>[^`\n]+)`|\*\*(?P<bold>[^*\n]+)\*\*|\$(?P<math>[^$\n]+)\$")
BULLET = re.compile(r"^(?P<indent> *)(?P<mark>[-*]|\d+\.) +(?P<rest>.*)$")

NEVER_FIRST = frozenset("，。、；：？！）】》」』”’…%,.;:?!)]}·")
NEVER_LAST = frozenset("（【《「『“‘([{")
CODE_INDENT = FORMULA_INDENT = "    "


def lines(text: str, view: Look, width: int, indent: str = "") -> list[Text]:
    """The text as lines of at most `width` columns; `indent` leads the prose."""
    found: list[Text] = []
    position = 0
    for block in BLOCK.finditer(text):
        found.extend(paragraphs(text[position : block.start()], view, width, indent))
        if block["math"] is not None:
            found.extend(formula_lines(block["math"], view, width))
        else:
            found.extend([Text(), *code_lines(block["code"], view, width), Text()])
        position = block.end()
    found.extend(paragraphs(text[position:], view, width, indent))
    return [
        line
        for number, line in enumerate(found)
        if line.plain or (0 < number < len(found) - 1 and found[number - 1].plain)
    ]


def paragraphs(text: str, view: Look, width: int, indent: str) -> Iterator[Text]:
    """Lines of prose. A line break in the source stays one only before a list item and between
    paragraphs; elsewhere it is a space, or nothing between two Chinese characters."""
    blocks = [b for b in re.split(r"\n[ \t]*\n", text.strip("\n")) if b.strip()]
    for number, block in enumerate(blocks):
        if number:
            yield Text()
        for line in joined(block):
            if item := BULLET.match(line):
                mark = "•" if item["mark"] in "-*" and view.math != "latex" else item["mark"]
                first = f"{indent}{item['indent']}{mark} "
                rest = " " * cell_len(first)
                yield from wrapped(inline(item["rest"], view), width, first, rest)
            else:
                yield from wrapped(inline(line.strip(), view), width, indent, indent)


def joined(block: str) -> Iterator[str]:
    current = ""
    for line in block.splitlines():
        if not current or BULLET.match(line):
            if current:
                yield current
            current = line.rstrip()
        else:
            following = line.strip()
            glue = "" if is_wide(current[-1]) and is_wide(following[0]) else " "
            current = f"{current}{glue}{following}"
    if current:
        yield current


def inline(line: str, view: Look) -> Text:
    """One line of prose with its marks turned into styles."""
    text = Text()
    position = 0
    for mark in INLINE.finditer(line):
        text.append(line[position : mark.start()])
        if mark["code"] is not None:
            text.append(mark["code"], "cyan")
        elif mark["bold"] is not None:
            inside = inline(mark["bold"], view)
            inside.stylize("bold")
            text.append_text(inside)
        else:
            text.append(inline_formula(mark["math"], view), "italic")
        position = mark.end()
    text.append(line[position:])
    return text


def inline_formula(latex: str, view: Look) -> str:
    """A formula inside a line: drawn if it fits on one row, else in its one-line form."""
    if view.math == "latex":
        return f"${latex}$"
    from interview_cli import formula

    try:
        rows = formula.block(latex)
        return rows[0].strip() if len(rows) == 1 else formula.line(latex)
    except FormulaError:
        return f"${latex}$"


def formula_lines(latex: str, view: Look, width: int) -> list[Text]:
    """A formula on lines of its own; in its one-line form where it is too wide."""
    if view.math == "latex":
        return latex_lines(latex, width)
    from interview_cli import formula

    try:
        if view.math == "2d":
            rows = [FORMULA_INDENT + row.rstrip() for row in formula.block(latex)]
            if max(map(formula.width, rows)) <= width:
                return [Text(), *(Text(row) for row in rows), Text()]
        return list(wrapped(Text(formula.line(latex)), width, "  ", "    "))
    except FormulaError:
        return latex_lines(latex, width)


def latex_lines(latex: str, width: int) -> list[Text]:
    """A formula as its source; a line break at a space does not change it."""
    rows = f"$${latex.strip()}$$".splitlines()
    return [line for row in rows for line in wrapped(Text(row.strip()), width, "  ", "    ")]


def code_lines(code: str, view: Look, width: int) -> list[Text]:
    """Code as it stands, indented. A line that is too long goes on after a mark, deeper."""
    rows = code.expandtabs(4).rstrip("\n").split("\n")
    return [line for row in rows for line in folded(Text(row, "cyan"), CODE_INDENT, view, width)]


def folded(row: Text, indent: str, view: Look, width: int) -> Iterator[Text]:
    """One line of code in as many lines as it needs."""
    depth = len(row.plain) - len(row.plain.lstrip(" "))
    mark = ">" if view.math == "latex" else "↳"
    rest = " " * max(0, min(len(indent) + depth + 4, width // 2) - 2) + f"{mark} "
    return wrapped(row, width, indent, rest)


def is_wide(character: str) -> bool:
    return cell_len(character) == 2


def wrapped(text: Text, width: int, first: str = "", rest: str = "") -> Iterator[Text]:
    """Lines of at most `width` columns, the first one led by `first`, the others by `rest`."""
    plain = text.plain
    start, prefix = 0, first
    while True:
        room = max(width - cell_len(prefix), 8)
        end = line_end(plain, start, room)
        line = Text(prefix)
        piece = text[start:end]
        piece.rstrip()
        line.append_text(piece)
        yield line
        start, prefix = end, rest
        while start < len(plain) and plain[start] == " ":
            start += 1
        if start >= len(plain):
            return


def listed(pieces: Sequence[Text], width: int, first: str = "") -> Iterator[Text]:
    """`a · b · c`, broken only between two pieces."""
    line, used = Text(first), cell_len(first)
    is_empty = True
    for piece in pieces:
        if not is_empty and used + 3 + piece.cell_len > width:
            yield line
            line, used = Text(" " * cell_len(first)), cell_len(first)
        elif not is_empty:
            line.append(" · ", "dim")
            used += 3
        line.append_text(piece)
        used += piece.cell_len
        is_empty = False
    yield line


def line_end(plain: str, start: int, room: int) -> int:
    """Where the line that begins at `start` ends: at its last good place, else in mid-word."""
    used, good = 0, start
    is_blank = True  # so far: no line is only the indentation of what follows
    for index in range(start, len(plain)):
        character = plain[index]
        if not is_blank and may_break(plain[index - 1], character):
            good = index
        used += cell_len(character)
        if used > room and character != " ":
            return good if good > start else max(index, start + 1)
        is_blank = is_blank and character == " "
    return len(plain)


def may_break(before: str, after: str) -> bool:
    if before == " ":
        return after != "·"  # between two things, it stays with the first
    if after == " " or after in NEVER_FIRST or before in NEVER_LAST:
        return False
    return is_wide(before) or is_wide(after)
