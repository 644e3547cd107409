"""interview readiness: what will be known on the day, and how sure that is."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from interview_cli.cli import desk as desks
from interview_cli.cli.desk import Desk, aim_of, selection
from interview_cli.cli.options import Json, Lang, Topics, checked_lang, day_of
from interview_cli.cli.out import write_json, write_notices
from interview_cli.cli.view import readiness as screens
from interview_cli.cli.view.look import console, look
from interview_cli.domain.review import Aim
from interview_cli.errors import UsageError
from interview_cli.scheduling.aim import FARTHEST_DAYS, days_left

if TYPE_CHECKING:
    from interview_cli.scheduling.readiness import Outlook

EXAMPLES = """\b
Examples:
  interview readiness
  interview readiness --topic losses --json
"""


def command(
    date: Annotated[
        str | None,
        typer.Option(help="Another day than the plan's.", metavar="YYYY-MM-DD"),
    ] = None,
    topic: Topics = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Tell what will be known on the day, and how surely.

    For each topic: if you stop now, and if you follow the plan.
    """
    view = look(checked_lang(lang))
    with Desk() as desk:
        chosen = selection(desk, topic or ()).topics
        aim = aimed(desk, date)
        found = outlooks(desk, aim, chosen, is_planned=desk.aim is not None)
        if as_json:
            write_json(**found)
            return
        write_notices(desk)
        out = console(view)
        for line in screens.lines(found, view):
            out.print(line)


def aimed(desk: Desk, written: str | None) -> Aim:
    """The plan's aim, or the same for another day. Raises UsageError."""
    at, aim = desks.now(), desk.aim
    if written is not None:
        day = day_of(written, "--date")
        aim = aim_of(day, aim.minutes if aim else 1, aim.off if aim else (), at)
    if aim is None:
        raise UsageError("for which day? interview readiness --date 2026-12-18")
    left = days_left(aim, desk.day(at))
    if left < 0:
        raise UsageError(f"{aim.date} has passed; give a day to come: --date")
    if left > FARTHEST_DAYS:
        raise UsageError(f"--date is {aim.date}; a plan reaches {FARTHEST_DAYS} days at most")
    return aim


def outlooks(desk: Desk, aim: Aim, topics: tuple[str, ...], *, is_planned: bool) -> dict[str, Any]:
    """Readiness as data. plan is null where there is no plan to follow."""
    import numpy as np

    from interview_cli.cli.planning import credits, posed
    from interview_cli.scheduling import readiness
    from interview_cli.store.effort import histories

    assert aim.date is not None
    at = desks.now()
    cards, problem = posed(desk, aim, at)
    by_card = histories(desk.index)
    reviews = [by_card.get(card.id, []) for card in cards]
    fitted = readiness.fitted(reviews)
    shown = [t for t in desk.shelf.topics() if not topics or t.topic in topics]
    places = [[n for n, c in enumerate(cards) if c.topic == topic.topic] for topic in shown]
    weight = problem.cards.weight
    groups = [
        readiness.Group(np.array(some, np.intp), weight[some])
        for some in ([place for some in places for place in some], *places)
        if some
    ]
    credit = credits(desk, cards)
    stop = readiness.left_alone(fitted, reviews, aim.date.toordinal(), credit, groups)
    rng = np.random.default_rng(0)
    plan: list[Outlook] | list[None] = (
        readiness.with_plan(fitted, reviews, problem, credit, groups, rng)
        if is_planned
        else [None] * len(groups)
    )
    total, *rows = [
        {"cards": len(group.cards), "stop_now": as_data(now), "plan": as_data(then)}
        for group, now, then in zip(groups, stop, plan, strict=True)
    ]
    named = [topic for topic, some in zip(shown, places, strict=True) if some]
    return {
        "date": f"{aim.date}",
        "days_left": days_left(aim, desk.day(at)),
        "minutes": aim.minutes if is_planned else None,
        "reviews": fitted.reviews,
        "total": total,
        "topics": [
            {"topic": topic.topic, "title": {"zh": topic.zh, "en": topic.en}, **row}
            for topic, row in zip(named, rows, strict=True)
        ],
    }


def as_data(outlook: "Outlook | None") -> dict[str, float] | None:
    return outlook and {"expected": outlook.expected, "low": outlook.low, "high": outlook.high}
