"""Reads what the learner types: single keys in a terminal, lines everywhere else."""

import contextlib
import os
import re
import sys
from collections import deque
from threading import active_count
from typing import Any
from unicodedata import normalize

LOOK_UP_S = 0.1


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
        self.terminal = Terminal()
        self.lines: Lines | None = None

    @property
    def is_echoed(self) -> bool:
        """Whether a typed line shows on the screen, and a prompt before it makes sense."""
        return sys.stdin.isatty()

    def key(self) -> str:
        """Raises EndOfInput; KeyboardInterrupt on Ctrl-C."""
        if not self.is_interactive:
            return normalize("NFKC", self.line()).strip().lower() or "\n"
        while not self.typed_ahead:
            self.typed_ahead.extend(keys_of(self.terminal.read()))
        key = checked(self.typed_ahead.popleft())
        return "\n" if key in ("\r", "\n", " ") else key

    def key_within(self, seconds: float) -> str | None:
        """The next key, if there is one within that time. Raises like `key`."""
        if self.is_interactive:
            self.terminal.open()
            if self.typed_ahead or is_readable(seconds):
                return self.key()
            return None
        if self.lines is None:
            self.lines = Lines()
        line = self.lines.within(seconds)
        return None if line is None else normalize("NFKC", line).strip().lower() or "\n"

    def line(self) -> str:
        """A line without its end. Raises EndOfInput; KeyboardInterrupt on Ctrl-C."""
        text = ""
        if self.is_interactive:
            self.typed_ahead.extend(keys_of(self.terminal.read_waiting()))
        while self.typed_ahead:
            key = self.typed_ahead.popleft()
            if checked(key) in ("\r", "\n"):
                sys.stdout.write(text + "\n")
                return text
            text = text[:-1] if key in ("\x7f", "\b") else text + key.removeprefix(ESCAPE)
        sys.stdout.write(text)  # what was typed before we read lines was not echoed
        sys.stdout.flush()
        self.close()
        if self.is_interactive:
            wait_for_input()
        read = sys.stdin.readline()
        if not read:
            raise EndOfInput
        self.open()
        text += read.rstrip("\r\n")
        # An arrow key in a line is no part of the answer.
        return SEQUENCE.sub("", text) if self.is_interactive else text

    def open(self) -> None:
        """Takes single keys from now on. Raises EndOfInput."""
        if self.is_interactive:
            self.terminal.open()

    def close(self) -> None:
        """Leaves the terminal as it was."""
        self.terminal.restore()


ESCAPE = "\x1b"
SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?", re.DOTALL)
KEY = re.compile(rf"{SEQUENCE.pattern}|.", re.DOTALL)


def keys_of(read: str) -> list[str]:
    """The single keys of what was read at once. An escape sequence is one key, used by nothing."""
    if sys.platform == "win32" and read.startswith(("\x00", "\xe0")):
        return [ESCAPE]
    return [ESCAPE if key.startswith(ESCAPE) else key for key in KEY.findall(read)]


def checked(key: str) -> str:
    """The key, folded. Raises what Ctrl-C and Ctrl-D stand for."""
    if key == "\x03":
        raise KeyboardInterrupt
    if key == "\x04":
        raise EndOfInput
    return normalize("NFKC", key).lower()


def is_readable(seconds: float) -> bool:
    """Whether standard input has something to read within that time."""
    from select import select

    return bool(select([sys.stdin], [], [], seconds)[0])


def wait_for_input() -> None:
    """Looks up now and then while other threads work: with those, a Ctrl-C between two steps of
    ours would wait unseen in a read until the next key."""
    with contextlib.suppress(OSError, ValueError):  # what is wrong, reading will say
        while active_count() > 1 and not is_readable(LOOK_UP_S):
            pass


class Lines:
    """Lines of a pipe, read without waiting for more; standard input's own buffer would hide them
    from `select`."""

    def __init__(self) -> None:
        self.read = b""
        self.is_over = False

    def within(self, seconds: float) -> str | None:
        """The next line, if it comes within that time. Raises EndOfInput."""
        if b"\n" not in self.read and not self.is_over and is_readable(seconds):
            part = os.read(sys.stdin.fileno(), 1 << 16)
            self.read += part
            self.is_over = not part
        line, end, rest = self.read.partition(b"\n")
        if not end and not self.is_over:
            return None
        if not end and not line:
            raise EndOfInput
        self.read = rest
        return line.decode("utf-8", "replace")


class Terminal:
    """Standard input, a key at a time: from `open` until `restore` it neither echoes nor waits for
    Enter, so that nothing typed while a card is drawn is lost or shown twice.

    (typer.getchar throws away what was typed before it is called.)
    """

    def __init__(self) -> None:
        self.before: list[Any] | None = None

    def open(self) -> None:
        """Raises EndOfInput."""
        if self.before is not None or sys.platform == "win32":
            return
        import signal
        import termios
        import tty

        try:
            fd = sys.stdin.fileno()
            self.before = termios.tcgetattr(fd)
            tty.setcbreak(fd, termios.TCSADRAIN)
        except (OSError, termios.error):
            raise EndOfInput from None

        def go_on(*_: object) -> None:
            """After Ctrl-Z and fg the terminal is as the shell had it."""
            if self.before is not None:
                with contextlib.suppress(OSError, termios.error):  # it may be gone instead
                    tty.setcbreak(fd, termios.TCSADRAIN)

        signal.signal(signal.SIGCONT, go_on)

    def read(self) -> str:
        """The keys that are waiting, at least one. Raises EndOfInput."""
        if sys.platform == "win32":
            import typer

            try:
                return typer.getchar()
            except EOFError:
                raise EndOfInput from None
        self.open()
        wait_for_input()
        try:
            read = os.read(sys.stdin.fileno(), 1024)
        except OSError:  # the terminal is gone
            raise EndOfInput from None
        if not read:
            raise EndOfInput
        return read.decode(sys.stdin.encoding, "replace")

    def read_waiting(self) -> str:
        """The keys that were typed already, if any."""
        if self.before is None:
            return ""
        from select import select

        return self.read() if select([sys.stdin], [], [], 0)[0] else ""

    def restore(self) -> None:
        if self.before is not None and sys.platform != "win32":
            import termios

            with contextlib.suppress(termios.error):
                termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self.before)
            self.before = None
