"""How things are shown: language, width, mathematics, boxes; decided once a run."""

import os
import sys
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console

from interview_cli.bank.model import Text, Words

LANGUAGES = ("zh", "en", "both")
MIN_WIDTH, MAX_WIDTH = 40, 100


@dataclass(frozen=True)
class Look:
    """lang: zh, en or both. math: 2d, line or latex. is_plain: no boxes, labels instead."""

    lang: str = "en"
    width: int = 80
    math: str = "2d"
    is_plain: bool = False

    def pick(self, words: Words) -> str:
        """The words in the chosen language; both: Chinese above English."""
        if isinstance(words, str):
            return words
        if self.lang == "both":
            return words.zh if words.zh == words.en else f"{words.zh.rstrip()}\n\n{words.en}"
        return words.zh if self.lang == "zh" else words.en

    def short(self, words: Words) -> str:
        """The same on one line."""
        return " · ".join(self.each(words))

    def each(self, words: Words) -> tuple[str, ...]:
        """The words in each chosen language; once where both say the same."""
        if isinstance(words, Text) and self.lang == "both" and words.zh != words.en:
            return words.zh.strip(), words.en.strip()
        return (self.pick(words).strip(),)

    def say(self, zh: str, en: str) -> str:
        """One of two ready phrases; both: English, because the cards bring the Chinese."""
        words = zh if self.lang == "zh" else en
        return words if self.math != "latex" or words.isascii() else spelled(words)


def spelled(words: str) -> str:
    """What a stream without UTF-8 makes of the words, so that they can be measured."""
    from interview_cli.cli.spelling import install

    encoding = sys.stdout.encoding or "ascii"
    return words.encode(encoding, install()).decode(encoding)


def language(option: str | None) -> str:
    """The option, else INTERVIEW_LANG, else the language of the system."""
    wanted = option or os.environ.get("INTERVIEW_LANG", "")
    if wanted in LANGUAGES:
        return wanted
    locale = next(
        (v for v in map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE")) if v), ""
    )
    is_chinese = locale.lower().startswith("zh") and can_write("简体", sys.stdout)
    return "zh" if is_chinese else "en"


def is_utf8(stream: TextIO) -> bool:
    return (stream.encoding or "").lower().replace("-", "").replace("_", "") == "utf8"


def can_write(text: str, stream: TextIO) -> bool:
    """Whether the stream has these characters."""
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def is_dumb() -> bool:
    return os.environ.get("TERM", "") in ("dumb", "unknown")


def look(lang: str | None = None) -> Look:
    """How to show things on this terminal, or in this pipe."""
    is_plain = (
        not sys.stdout.isatty()
        or is_dumb()
        or not is_utf8(sys.stdout)
        or os.environ.get("INTERVIEW_PLAIN", "") not in ("", "0")
    )
    math = "latex" if not is_utf8(sys.stdout) else "line" if is_plain else "2d"
    return Look(language(lang), console_width(), math, is_plain)


def console_width() -> int:
    """Columns to use: the terminal's, within reason; COLUMNS wins; 80 without a terminal."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns) > 0:
        width = int(columns)
    else:
        try:
            width = os.get_terminal_size(sys.stdout.fileno()).columns
        except (OSError, ValueError):
            width = 80
    return max(MIN_WIDTH, min(width or 80, MAX_WIDTH))


class Screen(Console):
    """A console that leaves a closed pipe to whoever called; rich would exit with status 1."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console(view: Look, stream: TextIO | None = None) -> Console:
    """A rich console of that width. Card text is never markup, emoji codes or highlighted."""
    return Screen(
        file=stream,
        width=view.width,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=False,
        no_color=True if is_dumb() else None,
        color_system=None if view.is_plain and not os.environ.get("FORCE_COLOR") else "auto",
    )
