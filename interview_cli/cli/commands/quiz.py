"""interview quiz: ask what is due, then something new."""

from random import Random
from typing import Annotated

import typer

from interview_cli.cli.desk import Desk, selection
from interview_cli.cli.keys import Keys, is_interactive
from interview_cli.cli.options import Kinds, Lang, Levels, Tags, Topics, checked_kinds, checked_lang
from interview_cli.cli.out import write_notices
from interview_cli.cli.quiz import Quiz
from interview_cli.cli.view.look import console, look
from interview_cli.scheduling.queue import NEW_PER_DAY

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
    cram: Annotated[bool, typer.Option("--cram", help="Leave the schedule as it is.")] = False,
    seed: Annotated[
        int | None, typer.Option(help="Fixes what chance decides: options, numbers.", metavar="N")
    ] = None,
) -> None:
    """Ask what is due, then something new.

    Every answer is saved at once; q, Ctrl-C or the end of a pipe loses nothing.
    """
    view = look(checked_lang(lang))
    kinds = checked_kinds(kind)
    with Desk() as desk:
        chosen = selection(desk, topic or (), tag or (), kinds, level or ())
        write_notices(desk)
        quiz = Quiz(
            desk,
            view,
            console(view),
            Keys(is_interactive()),
            Random(seed),
            chosen,
            limit,
            new,
            is_cram=cram,
        )
        is_saved = quiz.run()
    if not is_saved:
        raise typer.Exit(1)
