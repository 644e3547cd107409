"""interview undo: take back the newest review."""

import sys
from typing import Annotated

import typer

from interview_cli.cli import desk as desks
from interview_cli.cli.desk import Desk, Outbox
from interview_cli.cli.options import Lang, checked_lang
from interview_cli.cli.view import words
from interview_cli.cli.view.look import look
from interview_cli.domain.review import Rating

EXAMPLES = """\b
Examples:
  interview undo
  interview undo --times 3
"""


def command(
    times: Annotated[
        int, typer.Option(min=1, help="How many reviews to take back.", metavar="N")
    ] = 1,
    lang: Lang = None,
) -> None:
    """Take back the newest review.

    As often as you like, across days and restarts.
    """
    view = look(checked_lang(lang))
    desk = Desk()
    try:
        for notice in desk.notices:
            print(notice, file=sys.stderr)  # noqa: T201
        outbox = Outbox(desk)
        for _ in range(times):
            newest = desk.history.newest()
            if newest is None:
                typer.echo(view.say("没有可以撤销的", "nothing to undo"))
                return
            outbox.send(desks.undo_of(newest.id, desks.now()))
            desk.read_reviews()
            rating = view.say(*words.RATINGS[Rating(newest.rating)])
            at = desks.local(newest.at_us)
            typer.echo(
                view.say(
                    f"已撤销：{newest.card}，{rating}，{at}",
                    f"took back {newest.card}, {rating}, {at}",
                )
            )
    finally:
        desk.close()
