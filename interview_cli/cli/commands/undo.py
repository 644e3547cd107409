"""interview undo: take back the newest review."""

from typing import Annotated

import typer

from interview_cli.cli import desk as desks
from interview_cli.cli.desk import Desk, Outbox
from interview_cli.cli.options import Lang, checked_lang
from interview_cli.cli.out import write_notices
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
    with Desk() as desk:
        write_notices(desk)
        outbox = Outbox(desk)
        for _ in range(times):
            newest = outbox.undo_newest()
            if newest is None:
                typer.echo(view.say("没有可以撤销的", "nothing to undo"))
                return
            rating = view.say(*words.RATINGS[Rating(newest.rating)])
            at = desks.local(newest.at_us)
            typer.echo(
                view.say(
                    f"已撤销：{newest.card}，{rating}，{at}",
                    f"took back {newest.card}, {rating}, {at}",
                )
            )
