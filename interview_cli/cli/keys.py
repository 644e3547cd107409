"""Reads what the learner types: single keys in a terminal, lines everywhere else."""

import os
import sys
from collections import deque
from unicodedata import normalize


class EndOfInput(Exception):
    """No more input: the pipe ended, or Ctrl-D."""


def is_interactive() -> bool:
    """Whether single keys can be read: a terminal at both ends that can do more than print."""
    return (
        sys.stdin.isatty()
        and sys.stdout.isatty()
        and os.environ.get("TERM", "") not in ("dumb", "unknown")
    )


class Keys:
    """`key()` gives one key in lower case, `\\n` for Enter and space; `line()` gives a whole line.

    In line mode a key is a whole line, stripped: an empty one is Enter.
    """

    def __init__(self, is_interactive: bool) -> None:
        self.is_interactive = is_interactive
        self.typed_ahead: deque[str] = deque()

    def key(self) -> str:
        """Raises EndOfInput; KeyboardInterrupt on Ctrl-C."""
        if not self.is_interactive:
            return normalize("NFKC", self.line()).strip().lower() or "\n"
        if not self.typed_ahead:
            self.typed_ahead.extend(read_terminal())
        key = normalize("NFKC", self.typed_ahead.popleft()).lower()
        return "\n" if key in ("\r", "\n", " ") else key

    def line(self) -> str:
        """A line without its end. Raises EndOfInput."""
        text = sys.stdin.readline()
        if not text:
            raise EndOfInput
        return text.rstrip("\r\n")


def read_terminal() -> list[str]:
    """The keys that are waiting, at least one. An escape sequence is one key, used by nothing."""
    import typer

    try:
        read = typer.getchar()
    except EOFError:
        raise EndOfInput from None
    if not read:
        raise EndOfInput
    if read.startswith(("\x1b", "\x00", "\xe0")):
        return ["\x1b"]
    if "\x04" in read:
        raise EndOfInput
    return list(read)
