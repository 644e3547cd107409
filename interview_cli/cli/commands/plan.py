"""interview plan: what to learn on which day until the interview."""

from datetime import date
from typing import Annotated, Any

import typer

from interview_cli.cli import agenda
from interview_cli.cli import desk as desks
from interview_cli.cli.desk import Desk, Outbox, aim_of
from interview_cli.cli.options import Json, Lang, checked_lang, day_of
from interview_cli.cli.out import write_json, write_notices
from interview_cli.cli.view import plan as screens
from interview_cli.cli.view.look import console, look
from interview_cli.domain.review import Aim
from interview_cli.errors import UsageError
from interview_cli.scheduling.aim import FARTHEST_DAYS, WEEKDAYS, days_left, is_off

EXAMPLES = """\b
Examples:
  interview plan --date 2026-12-18 --minutes 30
  interview plan --off sat --off 2026-12-06
"""
MINUTES = 30
NOT_OFF = "none"


def command(
    date: Annotated[
        str | None, typer.Option(help="The day of the interview.", metavar="YYYY-MM-DD")
    ] = None,
    minutes: Annotated[
        int | None,
        typer.Option(min=1, max=1440, help=f"Minutes a day, {MINUTES} at first.", metavar="N"),
    ] = None,
    off: Annotated[
        list[str] | None,
        typer.Option(help="A day off: sat, 2026-12-06, none; may be repeated.", metavar="DAY"),
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Leave the plan for plain FSRS.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it, keep nothing.")] = False,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Plan what to learn on which day until the interview.

    The day, the minutes and the days off are kept; quiz follows the plan.
    """
    view = look(checked_lang(lang))
    is_change = any(option is not None for option in (date, minutes, off))
    if clear and is_change:
        raise UsageError("--clear stands alone")
    with Desk() as desk:
        if clear:
            outcome = cleared(desk)
            if as_json:
                write_json(aim=None)
            else:
                console(view).print(screens.was_cleared(outcome, view))
            return
        aim = changed(desk, date, minutes, off) if is_change else desk.aim
        if aim is None:
            raise UsageError(
                "there is no plan yet; interview plan --date 2026-12-18 --minutes 30 makes one"
            )
        left = days_left(aim, desk.day(desks.now()))
        if left >= 0:
            # First: what cannot be planned is not kept either.
            found = forecast(desk, aim, is_kept=not dry_run)
        if is_change and not dry_run:
            Outbox(desk).send(aim)
        if left < 0:
            found = {"aim": as_data(aim, left)}
        if as_json:
            write_json(**found)
            return
        write_notices(desk)
        for line in screens.passed(found, view) if left < 0 else screens.lines(found, view):
            console(view).print(line)


def cleared(desk: Desk) -> bool:
    """Whether there was a plan to leave."""
    aim = desk.aim
    if aim is None:
        return False
    Outbox(desk).send(aim_of(None, aim.minutes, aim.off, desks.now()))
    return True


def changed(desk: Desk, day: str | None, minutes: int | None, off: list[str] | None) -> Aim:
    """The aim with these options; what is not given stays. Raises UsageError."""
    at = desks.now()
    today = desk.day(at)
    before = desk.aim
    if day is None and before is None:
        raise UsageError("for which day? interview plan --date 2026-12-18 --minutes 30")
    on = before.date if day is None and before else day_of(day or "", "--date")
    assert on is not None
    left = on.toordinal() - today
    if left < 0:
        raise UsageError(f"--date is {on}, which has passed; give a day to come")
    if left > FARTHEST_DAYS:
        raise UsageError(f"--date is {on}; a plan reaches {FARTHEST_DAYS} days at most")
    free = days_off(off) if off is not None else before.off if before else ()
    kept = minutes or (before.minutes if before else MINUTES)
    aim = aim_of(on, kept, free, at)
    if all(is_off(aim, number) for number in range(today, today + max(left, 1))):
        raise UsageError(f"--off: no day is left until {on}; --off none takes all days")
    return aim


def days_off(written: list[str]) -> tuple[str, ...]:
    """`sat,sun`, `2026-12-06`; `none` alone is no day. Raises UsageError."""
    names = [name.strip().lower() for text in written for name in text.split(",")]
    if names == [NOT_OFF]:
        return ()
    for name in names:
        if name not in WEEKDAYS and not name[:1].isdigit():
            raise UsageError(
                f'--off is "{name}"; it is mon, tue, wed, thu, fri, sat, sun or a day as 2026-12-06'
            )
    return tuple(dict.fromkeys(n if n in WEEKDAYS else f"{day_of(n, '--off')}" for n in names))


def as_data(aim: Aim, left: int) -> dict[str, Any]:
    return {
        "date": f"{aim.date}",
        "days_left": left,
        "minutes": aim.minutes,
        "off": list(aim.off),
    }


def forecast(desk: Desk, aim: Aim, *, is_kept: bool) -> dict[str, Any]:
    """The plan as data. recall: weighted mean over all cards that count. is_kept: for the quiz to
    begin with."""
    from interview_cli.cli.planning import posed
    from interview_cli.scheduling.plan import left_alone, plain_fsrs, solve

    at = desks.now()
    today = desk.day(at)
    cards, problem = posed(desk, aim, at)
    plan = solve(problem)
    chosen = [cards[place] for place in plan.today]
    if is_kept:
        agenda.keep(desk.index, today, aim, tuple(card.id for card in chosen))
    weight = problem.cards.weight / problem.cards.weight.sum()
    days = zip(plan.asked, plan.fresh, plan.seconds, strict=True)
    longest = problem.budget_s.max(initial=60.0 * aim.minutes)
    return {
        "aim": as_data(aim, days_left(aim, today)),
        "today": [
            {
                "card": card.id,
                "topic": card.topic,
                "kind": card.kind,
                "is_new": card.memory is None,
                "minutes": round(float(problem.cards.cost_s[place]) / 60, 2),
            }
            for card, place in zip(chosen, plan.today, strict=True)
        ],
        "days": [
            {
                "date": f"{date.fromordinal(today + number)}",
                "is_off": is_off(aim, today + number),
                "cards": round(float(asked), 1),
                "new": round(float(fresh), 1),
                "minutes": round(float(seconds) / 60, 1),
            }
            for number, (asked, fresh, seconds) in enumerate(days)
        ],
        "recall": {
            "plan": float(plan.recall @ weight),
            "fsrs": float(plain_fsrs(problem) @ weight),
            "stop_now": float(left_alone(problem) @ weight),
        },
        "too_long": [
            {"card": card.id, "minutes": round(float(cost) / 60, 1)}
            for card, cost in zip(cards, problem.cards.cost_s, strict=True)
            if cost > longest
        ],
    }
