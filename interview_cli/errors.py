"""Every error a user can meet: one line each, saying where, what, and what to do.

    InterviewError
    ├── UsageError          2  a wrong argument: a topic, card or option that is not there
    ├── BankError           2  a deck that cannot be read, with one Problem for each mistake in it
    ├── MissingExtra        3  something optional is not installed
    ├── StoreError          1  the reviews cannot be written or read
    ├── FormulaError        1  LaTeX that the terminal cannot draw
    └── JudgeError          1  the judge's child process did not answer
        └── TimeLimit       4  ... within its time

The number is the exit status. Anything else that is raised is a bug and shows its traceback.
"""

from collections.abc import Iterable
from typing import NamedTuple


class InterviewError(Exception):
    """A sentence for the user; `exit_code` is what the command returns."""

    exit_code = 1


class UsageError(InterviewError):
    """A wrong argument."""

    exit_code = 2


class MissingExtra(InterviewError):
    """An optional dependency that this command needs is not installed."""

    exit_code = 3


class StoreError(InterviewError):
    """The review log or the index could not be used."""


class FormulaError(InterviewError):
    """LaTeX that cannot be drawn in a terminal."""


class JudgeError(InterviewError):
    """The judge's child process failed: it exited, or broke the protocol."""


class TimeLimit(JudgeError):
    """The judge's child process ran out of time."""

    exit_code = 4


class Problem(NamedTuple):
    """One mistake in one file; `line` and `column` count from 1."""

    path: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}"


class BankError(InterviewError):
    """All problems of the decks that were read, a line each."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """`; did you mean "answer"?` where something known is close to `wrong`, else nothing."""
    import difflib

    close = difflib.get_close_matches(wrong, list(known), n=1, cutoff=0.6)
    return f'; did you mean "{close[0]}"?' if close else ""
