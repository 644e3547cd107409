"""interview quiz: ask what is due, then something new."""

from random import Random
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from interview_cli.cli.desk import Desk, selection
from interview_cli.cli.keys import Keys, is_interactive
from interview_cli.cli.options import Kinds, Lang, Levels, Tags, Topics, checked_kinds, checked_lang
from interview_cli.cli.out import write_notices
from interview_cli.cli.quiz import Quiz
from interview_cli.cli.view import sentences
from interview_cli.cli.view.look import Look, console, look
from interview_cli.scheduling.queue import NEW_PER_DAY
from interview_cli.store.shelf import Selection

if TYPE_CHECKING:
    from interview_cli.cli.agenda import Agenda

EXAMPLES = """\b
Examples:
  interview quiz --topic normalization
  interview quiz --kind predict --cram
"""


def command(
    topic: Topics = None,
    tag: Tags = None,
    kind: Kinds = None,
    level: Levels = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Ask at most this many.", metavar="N")
    ] = None,
    new: Annotated[int, typer.Option(min=0, help="New cards a day.", metavar="N")] = NEW_PER_DAY,
    lang: Lang = None,
    no_plan: Annotated[
        bool, typer.Option("--no-plan", help="What is due by plain FSRS, not by the plan.")
    ] = False,
    cram: Annotated[bool, typer.Option("--cram", help="Leave the schedule as it is.")] = False,
    seed: Annotated[
        int | None, typer.Option(help="Fixes what chance decides: options, numbers.", metavar="N")
    ] = None,
) -> None:
    """Ask what is due and new, or what the plan asks.

    Every answer is saved at once; q, Ctrl-C or the end of a pipe loses nothing.
    """
    view = look(checked_lang(lang))
    kinds = checked_kinds(kind)
    with Desk() as desk:
        chosen = selection(desk, topic or (), tag or (), kinds, level or ())
        write_notices(desk)
        out = console(view)
        quiz = Quiz(
            desk,
            view,
            out,
            Keys(is_interactive()),
            Random(seed),
            chosen,
            limit,
            new,
            is_cram=cram,
            agenda=None if no_plan or cram else agenda(desk, chosen, out, view),
        )
        is_saved = quiz.run()
    if not is_saved:
        raise typer.Exit(1)


def agenda(desk: Desk, chosen: Selection, out: Console, view: Look) -> "Agenda | None":
    """What the plan asks today; None without a plan, or when its day has passed."""
    if desk.aim is None:
        return None
    from interview_cli.cli.agenda import Agenda  # not imported by who has no plan

    found = Agenda(desk, desk.aim, chosen)
    if found.has_passed:
        out.print(sentences.has_passed(desk.aim.date, view))
        return None
    return found
