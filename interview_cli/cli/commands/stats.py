"""interview stats: what was done and how well it is remembered."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from interview_cli.cli import desk as desks
from interview_cli.cli import statistics
from interview_cli.cli.desk import Desk, selection
from interview_cli.cli.options import Json, Lang, Topics, checked_lang
from interview_cli.cli.out import write_file, write_json, write_notices
from interview_cli.cli.statistics import Figures
from interview_cli.cli.view import statistics as screens
from interview_cli.cli.view.look import Look, console, look
from interview_cli.store.shelf import Selection

EXAMPLES = """\b
Examples:
  interview stats --topic normalization
  interview stats --html stats.html
"""


def command(
    topic: Topics = None,
    html: Annotated[
        Path | None,
        typer.Option(help="Write a page with all curves instead.", metavar="FILE"),
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Show what was done and how well it is remembered."""
    view = look(checked_lang(lang))
    with Desk() as desk:
        chosen = selection(desk, topic or ())
        found = statistics.figures(desk, chosen, desks.now())
        if html is not None:
            write_page(desk, chosen, found, html, view)
        if as_json:
            write_json(**statistics.as_data(found))
            return
        write_notices(desk)
        if html is not None:
            typer.echo(str(html))
            return
        for line in screens.lines(found, view):
            console(view).print(line)


def write_page(desk: Desk, chosen: Selection, found: Figures, path: Path, view: Look) -> None:
    """The same with its curves as a page. Raises UsageError where it cannot be written."""
    from interview_cli.cli.view.page import page

    readable = replace(view, math="line")  # a page is UTF-8, whatever the terminal is
    write_file(path, page(found, statistics.past(desk, chosen, found), readable))
