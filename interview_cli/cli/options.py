"""Options that several commands share, and the checks of their values."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer

from interview_cli.bank.model import KINDS
from interview_cli.cli.view.look import LANGUAGES
from interview_cli.errors import UsageError, did_you_mean

Topics = Annotated[
    list[str] | None, typer.Option(help="Only this topic; may be repeated.", metavar="TOPIC")
]
Tags = Annotated[list[str] | None, typer.Option(help="Only cards with this tag.", metavar="TAG")]
Kinds = Annotated[
    list[str] | None, typer.Option(help=f"Only this kind: {', '.join(KINDS)}.", metavar="KIND")
]
Levels = Annotated[
    list[int] | None, typer.Option(min=1, max=3, help="Only this level.", metavar="N")
]
Lang = Annotated[str | None, typer.Option(help="zh, en or both.", metavar="LANG")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON (see docs/json.md).")]


def checked_lang(lang: str | None) -> str | None:
    """Raises UsageError for a language there is not."""
    return one_of(lang, LANGUAGES, "--lang")


def checked_kinds(kinds: Sequence[str] | None) -> Sequence[str]:
    """Raises UsageError for a kind there is not."""
    for kind in kinds or ():
        one_of(kind, KINDS, "--kind")
    return kinds or ()


def one_of(value: str | None, values: Sequence[str], option: str) -> str | None:
    if value is not None and value not in values:
        hint = did_you_mean(value, values) or f"; it is {', '.join(values[:-1])} or {values[-1]}"
        raise UsageError(f'{option} is "{value}"{hint}')
    return value


def day_of(written: str, option: str) -> date:
    """A day as 2026-12-18. Raises UsageError."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UsageError(f'{option} is "{written}"; write a day as 2026-12-18') from None
