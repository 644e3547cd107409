"""interview practice: write a solution by hand, and be told which mistake it was."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from interview_cli.cli import desk as desks
from interview_cli.cli.desk import Desk, selection
from interview_cli.cli.editor import editor
from interview_cli.cli.options import Json, Lang, Topics, checked_lang, one_of
from interview_cli.cli.out import write_notices
from interview_cli.cli.practice import Practice, solution_of
from interview_cli.cli.submission import judged_once
from interview_cli.cli.view.look import look
from interview_cli.errors import UsageError
from interview_cli.judge import catalogue
from interview_cli.judge.catalogue import Solution
from interview_cli.judge.nursery import Language
from interview_cli.scheduling.queue import choose
from interview_cli.store import attempts

EXAMPLES = """\b
Examples:
  interview practice batch-norm --time 15m
  interview practice batch-norm --file mine.py
"""
TIME = re.compile(r"(\d+(?:\.\d+)?)\s*(h|m|min|s)?")
SECONDS = {"h": 3600, "m": 60, "min": 60, None: 60, "s": 1}


def command(
    name: Annotated[
        str | None,
        typer.Argument(
            help="A solution; without it the due one that is remembered least.", metavar="SOLUTION"
        ),
    ] = None,
    time: Annotated[
        str | None, typer.Option(help="15m, 90s or 1h; by default its par time.", metavar="TIME")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--in", help="numpy or torch.", metavar="LANGUAGE")
    ] = None,
    stage: Annotated[
        str | None, typer.Option(help="End with this stage, e.g. forward.", metavar="STAGE")
    ] = None,
    topic: Topics = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the last attempt.")] = False,
    with_editor: Annotated[
        str | None,
        typer.Option("--editor", help="Instead of $VISUAL or $EDITOR.", metavar="COMMAND"),
    ] = None,
    no_open: Annotated[
        bool, typer.Option("--no-open", help="Open no editor; only watch the file.")
    ] = False,
    file: Annotated[
        Path | None, typer.Option(help="Judge this file once, and exit 0 or 1.", metavar="FILE")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Draws the cases anew.", metavar="N")] = 0,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Write a solution by hand, against the clock.

    Every save is judged; a classic mistake is named. The result is a review.
    """
    if file is not None:
        sitting = {"--time": time, "--editor": with_editor, "--no-open": no_open}
        refuse("--file", {"--resume": resume, **sitting})
    if resume:
        refuse("--resume", {"--time": time, "--in": language})
    if no_open:
        refuse("--no-open", {"--editor": with_editor})
    view = look(checked_lang(lang))
    tongue = checked_language(language)
    limit_s = seconds(time) if time else None
    with Desk() as desk:
        if not as_json:
            write_notices(desk)
        solution = chosen(desk, name, topic or (), resume=resume)
        if file is not None:
            is_right = judged_once(solution, file, tongue, stage, seed, view, as_json=as_json)
        elif as_json:
            raise UsageError("--json needs --file: an attempt at the keyboard has no JSON")
        else:
            opened = None if no_open else editor(with_editor)
            practice = Practice(desk, solution, view, stage, seed)
            is_right = practice.run(tongue, limit_s, opened, resume=resume)
    if not is_right:
        raise typer.Exit(1)


def refuse(option: str, others: dict[str, object]) -> None:
    """Raises UsageError where one of the others is given too."""
    for other, value in others.items():
        if value:
            raise UsageError(f"{option} and {other} do not go together")


def checked_language(language: str | None) -> Language | None:
    """Raises UsageError for a language there is not."""
    one_of(language, ("numpy", "torch"), "--in")
    return None if language is None else "torch" if language == "torch" else "numpy"


def seconds(time: str) -> float:
    """15m, 90s, 1h; a bare number is minutes. Raises UsageError."""
    found = TIME.fullmatch(time.strip().lower())
    value = float(found[1]) * SECONDS[found[2]] if found else 0.0
    if not 1 <= value <= 24 * 3600:
        raise UsageError(f'--time is "{time}"; write 15m, 90s or 1h, at most 24h')
    return value


def chosen(
    desk: Desk, name: str | None, topics: Sequence[str], *, resume: bool = False
) -> Solution:
    """The solution of that name or of that card; to resume, that of the last attempt; else that
    of the code card to ask next. Raises UsageError."""
    if name is None and resume:
        name = attempts.newest(desk.where.reviews.parent)
        if name is None:
            raise UsageError("there is no attempt to resume")
    if name is not None:
        shelved = desk.shelf.card(name)
        if shelved is not None and shelved.kind == "code":
            return with_proof(catalogue.get(desk.solutions, solution_of(shelved)))
        return with_proof(catalogue.get(desk.solutions, name))
    at = desks.now()
    wanted = selection(desk, topics, kinds=("code",))
    queue, _ = desk.shelf.queue(wanted, desk.day(at), 1000, 1000)
    card = choose(queue, at)
    if card is None:
        ids = desk.shelf.ids(wanted)
        if not ids:
            raise UsageError(
                "there is nothing to write by hand there; see interview list --kind code"
            )
        raise UsageError(f"nothing to write by hand is due; name one: interview practice {ids[0]}")
    found = desk.shelf.card(card)
    assert found is not None
    return with_proof(catalogue.get(desk.solutions, solution_of(found)))


def with_proof(solution: Solution) -> Solution:
    solution.spec()
    return solution
