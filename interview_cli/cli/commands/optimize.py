"""interview optimize: fit the memory model to one's own reviews."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from interview_cli.cli import desk as desks
from interview_cli.cli.desk import Desk, Outbox, weights_of
from interview_cli.cli.options import Json, Lang, checked_lang
from interview_cli.cli.out import write_json, write_notices
from interview_cli.cli.view import optimize as screens
from interview_cli.cli.view.look import console, look
from interview_cli.scheduling.fsrs import WEIGHTS

if TYPE_CHECKING:
    from interview_cli.scheduling.fit import Judged

EXAMPLES = """\b
Examples:
  interview optimize
  interview optimize --dry-run --json
"""


def command(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it, keep nothing.")] = False,
    reset: Annotated[
        bool, typer.Option("--reset", help="Go back to the published weights.")
    ] = False,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Fit the memory model to your own reviews.

    What is found is kept if it predicts your last reviews better than before.
    """
    view = look(checked_lang(lang))
    with Desk() as desk:
        found = published(desk) if reset else fitted(desk)
        found["is_kept"] = found["is_new"] and not dry_run
        if found["is_kept"]:
            Outbox(desk).send(weights_of(found["weights"], desks.now()))
            desk.read_reviews()  # all memories are replayed now, and not before the next question
        if as_json:
            write_json(**found)
            return
        write_notices(desk)
        say = screens.published if reset else screens.fitted
        for line in say(found, view):
            console(view).print(line)


def published(desk: Desk) -> dict[str, Any]:
    """The weights that everybody begins with."""
    return {"weights": list(WEIGHTS), "is_new": desk.rules.fsrs.weights != WEIGHTS}


def fitted(desk: Desk) -> dict[str, Any]:
    """The weights to go on with, and how they were judged; nulls where too few reviews do so."""
    from interview_cli.scheduling.fit import Optimized, optimized
    from interview_cli.store.effort import histories

    current = desk.rules.fsrs.weights
    found = optimized(list(histories(desk.index).values()), current)
    judged = found if isinstance(found, Optimized) else None
    return {
        "weights": list(found.weights),
        "is_new": found.weights != current,
        "reviews": found.reviews,
        "held_out": judged.held_out if judged else 0,
        "recalled": judged and judged.recalled,
        "current": judged and as_data(judged.current),
        "candidate": judged and as_data(judged.candidate),
    }


def as_data(judged: "Judged") -> dict[str, Any]:
    return {
        "weights": list(judged.weights),
        "log_loss": judged.log_loss,
        "recall": judged.recall,
        "first_good_days": judged.first_good_days,
    }
