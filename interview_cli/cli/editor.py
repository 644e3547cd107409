"""Finds the learner's editor and opens a file in it, beside us or in our place."""

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from interview_cli.errors import UsageError

# Those that draw on the terminal they are started from.
IN_TERMINAL = frozenset(
    "ed emacs helix hx jed joe kak mcedit micro mg nano ne nvim pico vi vim view".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Editor:
    """A command, and whether it takes over the terminal."""

    command: tuple[str, ...]
    takes_terminal: bool

    def open(self, path: Path) -> subprocess.Popen[bytes]:
        """Starts it. Raises UsageError."""
        try:
            if self.takes_terminal:
                return subprocess.Popen([*self.command, str(path)])
            return subprocess.Popen(
                [*self.command, str(path)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # it outlives us: there may be other work in it
            )
        except OSError as error:
            words = shlex.join(self.command)
            raise UsageError(f"the editor {words} does not start: {error.strerror}") from None


def editor(option: str | None) -> Editor | None:
    """The option, else VISUAL, else EDITOR, else VS Code; None: nothing is set. Inside tmux an
    editor for the terminal gets a pane of its own. Raises UsageError for one that is not there."""
    for name, words in (
        ("--editor", option), ("VISUAL", os.environ.get("VISUAL")),
        ("EDITOR", os.environ.get("EDITOR")),
    ):  # fmt: skip
        if words:
            return checked(name, words)
    return Editor(("code", "--wait"), takes_terminal=False) if shutil.which("code") else None


def checked(name: str, words: str) -> Editor:
    try:
        command = tuple(shlex.split(words))
    except ValueError as error:
        raise UsageError(f'{name} is "{words}": {error}') from None
    if not command or shutil.which(command[0]) is None:
        raise UsageError(f'{name} is "{words}", which is no program here; --no-open opens none')
    takes_terminal = Path(command[0]).name in IN_TERMINAL and "-nw" not in command
    if takes_terminal and os.environ.get("TMUX") and sys.stdout.isatty() and shutil.which("tmux"):
        return Editor(("tmux", "split-window", "-h", *command), takes_terminal=False)
    return Editor(command, takes_terminal or "-nw" in command)
