"""A card on the screen: its question, its answer, and what the keys do."""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from rich.box import ROUNDED
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from interview_cli.bank.asking import Asked, shown
from interview_cli.bank.marks import GAP
from interview_cli.bank.model import (
    AnyCard,
    Choice,
    Cloze,
    Derive,
    Numeric,
    Predict,
    Recall,
    Words,
)
from interview_cli.cli.view import prose, words
from interview_cli.cli.view.look import Look
from interview_cli.domain.review import Rating

LETTERS = "abcdef"
Lines = list[Text]


class Heading(NamedTuple):
    """What stands above a card. recall_now: retrievability, None for a new card."""

    topic: str
    card: str
    position: int = 0
    total: int = 0
    recall_now: float | None = None
    has_changed: bool = False
    is_cram: bool = False
    is_leech: bool = False

    def left(self) -> str:
        return f"{self.topic} · {self.card}"

    def right(self, view: Look) -> str:
        parts = []
        if self.total:
            parts.append(f"{self.position}/{self.total}")
        if self.recall_now is None:
            parts.append(view.say("新", "new"))
        else:
            parts.append(f"R {self.recall_now:.2f}")
        if self.is_leech:
            parts.append(view.say("难点", "leech"))
        if self.has_changed:
            parts.append(view.say("有改动", "changed"))
        if self.is_cram:
            parts.append(view.say("突击", "cram"))
        return " · ".join(parts)


class Verdict(NamedTuple):
    """What the program says of a typed or chosen answer."""

    is_right: bool
    typed: str = ""
    expected: str = ""
    picked: int | None = None


class Revealed(NamedTuple):
    """The answer screen. marks: ticked points. intervals: what each rating would do."""

    verdict: Verdict | None = None
    marks: frozenset[int] = frozenset()
    intervals: Mapping[Rating, str] = MappingProxyType({})
    suggested: Rating | None = None
    seconds: float = 0


def inner_width(view: Look) -> int:
    return view.width if view.is_plain else view.width - 4


def framed(
    lines: Lines, title: str, right: str, footer: str, view: Look, style: str
) -> RenderableType:
    """Lines in a box with a title, or below a label where boxes do not belong."""
    if view.is_plain:
        head = [Text(f"{title}  [{right}]" if right else title)] if title else []
        return Group(*head, *lines)
    inside = view.width - 4
    room = max(8, inside - cell_len(right) - 5)
    if cell_len(title) > room:
        title = title.rpartition(" · ")[2]  # the card's name says more than its topic
    name = Text(title, "bold", overflow="ellipsis", no_wrap=True)
    name.truncate(room, overflow="ellipsis")
    # A panel keeps a corner, a line and a space on either side of its title.
    rule = "─" * max(1, inside - cell_len(name.plain) - cell_len(right) - 4)
    heading = Text.assemble(name, " ", (rule, style), " ", right) if right else name
    return Panel(
        Group(*lines),
        title=heading,
        title_align="left",
        subtitle=Text(footer, "dim") if footer else None,
        subtitle_align="right",
        box=ROUNDED,
        border_style=style,
        width=view.width,
        padding=(0, 1),
    )


def question(
    asked: Asked, shown_parts: int, heading: Heading, footer: str, view: Look
) -> RenderableType:
    """The question, with as many gaps or steps as have been revealed."""
    body = squeezed(question_lines(asked, shown_parts, view))
    return framed(body, heading.left(), heading.right(view), footer, view, "blue")


def next_part(
    asked: Asked, shown_parts: int, heading: Heading, footer: str, view: Look
) -> RenderableType:
    """What the last key revealed: of a derivation the new step, of a cloze the text again."""
    card = asked.card
    if not isinstance(card, Derive):
        return question(asked, shown_parts, heading, footer, view)
    body = derivation(card, shown_parts, view, inner_width(view), ask_next=True, first=shown_parts)
    return framed(squeezed(body), heading.left(), heading.right(view), footer, view, "blue")


def question_lines(asked: Asked, shown_parts: int, view: Look) -> Lines:
    card, width = asked.card, inner_width(view)
    if isinstance(card, Cloze):
        body = bilingual(card.ask, view, width, lambda text: gapped(text, shown_parts))
    else:
        body = prose.lines(view.pick(asked.fill(card.ask)), view, width)
    if card.code is not None:
        body += [Text(), *prose.code_lines(card.code, view, width), Text()]
    match card:
        case Choice():
            body.append(Text())
            for letter, option in zip(LETTERS, asked.order, strict=False):
                body += each(card.options[option].text, view, width, f"  {letter}  ")
        case Derive():
            body += derivation(card, shown_parts, view, width, ask_next=True)
        case _:
            pass
    return body


def each(text: Words, view: Look, width: int, first: str = "", style: str = "") -> Lines:
    """A line or more in each chosen language, all in the column that `first` leaves."""
    found: Lines = []
    rest = " " * cell_len(first)
    for language in view.each(text):
        line = prose.inline(language, view)
        line.stylize(style)
        found += prose.wrapped(line, width, rest if found else first, rest)
    return found


def bilingual(text: Words, view: Look, width: int, change: Callable[[str], str]) -> Lines:
    """Each language changed by itself: both count their gaps from 1."""
    if isinstance(text, str):
        return prose.lines(change(text), view, width)
    if view.lang == "both":
        both = [change(text.zh).rstrip(), change(text.en)]
        return prose.lines("\n\n".join(both), view, width)
    return prose.lines(change(view.pick(text)), view, width)


def gapped(text: str, shown_parts: int) -> str:
    """A cloze with its first gaps filled; the others are numbered."""
    number = 0

    def gap(match: re.Match[str]) -> str:
        nonlocal number
        number += 1
        if number > shown_parts:
            return f"[{number}:____]"
        before, after = text[: match.start()][-1:], text[match.end() :][:1]
        left = " " if is_chinese(before) and not is_chinese(match[1][0]) else ""
        right = " " if is_chinese(after) and not is_chinese(match[1][-1]) else ""
        filling = match[1] if "*" in match[1] else f"**{match[1]}**"
        return f"{left}{filling}{right}"

    return GAP.sub(gap, text)


def is_chinese(character: str) -> bool:
    """A Chinese character, no punctuation: Latin letters stand a space apart from it."""
    return prose.is_wide(character or " ") and character.isalpha()


def derivation(
    card: Derive, count: int, view: Look, width: int, *, ask_next: bool, first: int = 1
) -> Lines:
    """The steps of a derivation from `first` to `count`, and what the next one asks."""
    found: Lines = []
    for number, step in enumerate(card.steps[first - 1 : count], first):
        label = f"{number}. "
        found += [Text(), *each(step.ask, view, width, label, "dim")]
        found += prose.lines(view.pick(step.show), view, width, " " * len(label))
    if ask_next and count < len(card.steps):
        found += [Text(), *each(card.steps[count].ask, view, width, f"{count + 1}. ", "bold")]
    return found


def answer(asked: Asked, revealed: Revealed, source: str | None, view: Look) -> RenderableType:
    """The answer, with the verdict above it and the points below."""
    width = inner_width(view)
    card = asked.card
    body: Lines = []
    style = "green"
    if revealed.verdict is not None:
        style = "green" if revealed.verdict.is_right else "red"
        body += verdict_lines(revealed.verdict, view, width)
    body += answer_lines(asked, revealed.verdict, view, width, source)
    if isinstance(card, Recall):
        body.append(Text())
        for number, point in enumerate(card.points):
            box = tick_box(number in revealed.marks)
            body += each(point, view, width, f"{LETTERS_POINTS[number]} {box} ")
    if card.refutes is not None:
        body.append(Text())
        label = view.say("常见误解：", "Often said, and wrong: ")
        for text in view.each(card.refutes):
            line = Text.assemble((label, "yellow"), prose.inline(text, view))
            body += prose.wrapped(line, width)
            label = ""
    body += references(card, view, width)
    clock = words.clock(revealed.seconds) if revealed.seconds else ""
    title = view.say("答案", "Answer")
    return framed(squeezed(body), title, clock, "", view, style)


LETTERS_POINTS = "abcdefghijkm"  # l is the language


def tick_box(is_ticked: bool) -> str:
    return "[x]" if is_ticked else "[ ]"


def squeezed(lines: Lines) -> Lines:
    """No empty line first, last or after another."""
    found: Lines = []
    for line in lines:
        if line.plain or (found and found[-1].plain):
            found.append(line)
    while found and not found[-1].plain:
        found.pop()
    return found


def verdict_lines(verdict: Verdict, view: Look, width: int) -> Lines:
    mark = ("✓ ", "✗ ") if view.math != "latex" else ("", "")
    word = view.say("对", "right") if verdict.is_right else view.say("不对", "not right")
    style = "bold green" if verdict.is_right else "bold red"
    body = [Text(mark[not verdict.is_right] + word, style)]
    if verdict.picked is not None and not verdict.is_right:
        letter = LETTERS[verdict.picked]
        body[0].append(view.say(f"，你选了 {letter}", f", you chose {letter}"), "not bold")
    if verdict.typed and not verdict.is_right:
        mine, right = view.say("你的：", "yours: "), view.say("应为：", "right: ")
        body += labelled(mine, verdict.typed, width)
        body += labelled(right, verdict.expected, width)
    elif verdict.expected:
        body += labelled(view.say("答案：", "exactly: "), verdict.expected, width)
    return [*body, Text()]


def labelled(label: str, text: str, width: int) -> Lines:
    first, *rest = text.split("\n")
    indent = " " * cell_len(label)
    found = list(prose.wrapped(Text(first), width, label, indent))
    for line in rest:
        found += prose.wrapped(Text(line), width, indent, indent)
    return found


def answer_lines(
    asked: Asked, verdict: Verdict | None, view: Look, width: int, source: str | None
) -> Lines:
    card = asked.card
    body: Lines = []
    match card:
        case Cloze():
            body += bilingual(card.ask, view, width, lambda text: gapped(text, 99))
        case Choice():
            for letter, number in zip(LETTERS, asked.order, strict=False):
                option = card.options[number]
                mark = "✓" if option.right else "✗"
                if view.math == "latex":
                    mark = "+" if option.right else "-"
                style = "bold green" if option.right else "dim"
                body += each(option.text, view, width, f"{mark} {letter}  ", style)
                body += each(option.why, view, width, "     ")
        case Derive():
            body += derivation(card, len(card.steps), view, width, ask_next=False)
        case Predict() if verdict is None or verdict.is_right:  # else it stands above
            for line in card.prints.rstrip("\n").split("\n"):
                body += prose.wrapped(Text(line), width)
        case _:
            pass
    if source is not None:
        body += [Text(), *prose.code_lines(source, view, width)]
    if card.answer is not None:
        filled = asked.fill(card.answer)
        body += [Text(), *prose.lines(view.pick(filled), view, width)]
    return body


def references(card: AnyCard, view: Look, width: int) -> Lines:
    """Where the answer comes from and where it can be run."""
    found: Lines = []
    if card.solution is not None:
        name = card.solution.rpartition("/")[2].replace("_", "-")
        mark = "▶ " if view.math != "latex" else "> "
        found.append(Text(f"{mark}interview show {name} --run", "dim"))
    if card.source.cite is not None:
        found += prose.wrapped(Text(card.source.cite, "dim"), width)
    return [Text(), *found] if found else []


def rating_lines(
    revealed: Revealed, allowed: tuple[Rating, ...], points: int, view: Look
) -> Iterator[Text]:
    """`1 again 10m · 2 hard 2d ...`, the suggestion in bold; `points` may be ticked."""
    pieces = []
    for rating in allowed:
        name = view.say(*words.RATINGS[rating])
        style = "bold green" if rating == revealed.suggested else ""
        text = f"{int(rating)} {name} {revealed.intervals.get(rating, '')}".rstrip()
        pieces.append(Text(text, style))
    if len(allowed) == 1:
        pieces.append(Text(view.say("回车 继续", "Enter goes on"), "dim"))
    elif revealed.verdict is not None:
        pieces.append(enter_gives(revealed.suggested, view))
    if points:
        keys = "a" if points == 1 else f"a-{LETTERS_POINTS[points - 1]}"
        pieces.append(Text(view.say(f"{keys} 打勾", f"{keys} tick"), "dim"))
    return prose.listed(pieces, view.width)


def ticks_line(revealed: Revealed, points: int, view: Look) -> Text:
    """`a[x] b[ ] · Enter hard`."""
    boxes = (
        f"{letter}{tick_box(number in revealed.marks)}"
        for number, letter in enumerate(LETTERS_POINTS[:points])
    )
    return Text(" · ", "dim").join((Text(" ".join(boxes)), enter_gives(revealed.suggested, view)))


def enter_gives(rating: Rating | None, view: Look) -> Text:
    name = view.say(*words.RATINGS[rating or Rating.GOOD])
    return Text(view.say(f"回车 {name}", f"Enter {name}"), "dim")


def keys_footer(first: str, view: Look) -> str:
    """What the keys do on a question; in a narrow terminal the rarer ones are left out."""
    language = "l 中/En" if view.math != "latex" else view.say("l 语言", "l language")
    others = [language, view.say("s 跳过", "s skip"), view.say("u 撤销", "u undo")]
    last = view.say("q 退出", "q quit")
    room = view.width - 4  # a panel's corners, or brackets
    while True:
        footer = " · ".join([first, *others, last])
        if not others or cell_len(footer) <= room:
            return footer
        others.pop()


def expected_of(asked: Asked, value: float, view: Look) -> str:
    """A computed answer with its unit."""
    card = asked.card
    assert isinstance(card, Numeric)
    number = int(value) if value == int(value) and abs(value) < 1e15 else value
    unit = f" {view.short(card.unit)}" if card.unit is not None else ""
    return shown(number) + unit
