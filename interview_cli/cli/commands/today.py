"""Bare interview: today at a glance."""

from collections import defaultdict
from typing import Any

from interview_cli.cli import desk as desks
from interview_cli.cli.desk import Desk
from interview_cli.cli.out import write_json, write_notices
from interview_cli.cli.view import today as screens
from interview_cli.cli.view.look import console, look
from interview_cli.domain.review import Aim
from interview_cli.scheduling.aim import days_left, is_off
from interview_cli.scheduling.queue import NEW_PER_DAY, new_today
from interview_cli.store.shelf import Selection, Standing

WEAKEST = 3
WEAK = 0.95  # what is recalled more surely is not weak


def command(*, as_json: bool) -> None:
    """Days to the date, how each topic stands, what is due, the weakest cards, what to type."""
    view = look()
    with Desk() as desk:
        found = glance(desk)
        if as_json:
            write_json(**found)
        else:
            write_notices(desk)
            out = console(view)
            for line in screens.lines(found, view):
                out.print(line)


def glance(desk: Desk) -> dict[str, Any]:
    """Today as data. recall: mean retrievability of the cards seen; ready: of all cards on the
    day of the plan if nothing more is learnt, where those never seen count 0."""
    now = desks.now()
    day = desk.day(now)
    aim = desk.aim
    left = days_left(aim, day) if aim else -1
    standings = desk.shelf.standings(day, now)
    retrievability = desk.rules.fsrs.retrievability
    recall = {s.card: retrievability(s.elapsed_days, s.stability) for s in standings}
    ready = {s.card: retrievability(s.elapsed_days + left, s.stability) for s in standings}
    by_topic: dict[str, list[Standing]] = defaultdict(list)
    for standing in standings:
        by_topic[standing.topic].append(standing)
    early = desk.shelf.early_by_topic()
    topics: list[dict[str, Any]] = []
    for topic in desk.shelf.topics():
        seen = by_topic[topic.topic]
        topics.append(
            {
                "topic": topic.topic,
                "title": {"zh": topic.zh, "en": topic.en},
                "cards": topic.cards,
                "seen": len(seen),
                "due": sum(s.is_due for s in seen) + early.get(topic.topic, 0),
                "recall": sum(recall[s.card] for s in seen) / len(seen) if seen else None,
                "ready": sum(ready[s.card] for s in seen) / topic.cards if left >= 0 else None,
            }
        )
    unseen = sum(topic["cards"] - topic["seen"] for topic in topics)
    weakest = sorted((r, card) for card, r in recall.items() if r < WEAK)[:WEAKEST]
    plan = of_plan(desk, aim, day) if aim else None
    return {
        "plan": plan,
        "due": sum(topic["due"] for topic in topics),
        "in_steps": sum(s.is_in_steps for s in standings),
        "new": min(
            unseen - sum(early.values()),
            new_today(NEW_PER_DAY, desk.history.introduced_on(day)),
        ),
        "unseen": unseen,
        "topics": topics,
        "weakest": [{"card": card, "recall": r} for r, card in weakest],
        "next": following(plan),
    }


def of_plan(desk: Desk, aim: Aim, day: int) -> dict[str, Any]:
    """Where the plan stands. cards: what is left of today's; null before it was solved today."""
    from interview_cli.cli.agenda import Agenda  # not imported by who has no plan

    agenda = Agenda(desk, aim, Selection())
    return {
        "date": f"{aim.date}",
        "days_left": days_left(aim, day),
        "minutes": aim.minutes,
        "minutes_left": round(max(0.0, agenda.left_s) / 60, 1),
        "is_off": is_off(aim, day),
        "cards": len(agenda.first()) if agenda.is_known else None,
    }


def following(plan: dict[str, Any] | None) -> str:
    """The command to type."""
    if plan and plan["days_left"] < 0:
        return "interview plan --date YYYY-MM-DD"
    if plan and (plan["is_off"] or not plan["minutes_left"]):
        return "interview quiz --no-plan"
    return "interview quiz"
