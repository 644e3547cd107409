"""The plan at the desk: the cards, the days and the learner made into a problem, and solved.

Imports numpy: the quiz asks its first question before it imports this.
"""

from datetime import datetime
from functools import cache
from typing import NamedTuple

import numpy as np

from interview_cli.bank.compile import decode
from interview_cli.bank.model import Code
from interview_cli.cli.config import config
from interview_cli.cli.desk import Desk
from interview_cli.domain.review import Aim
from interview_cli.errors import UsageError
from interview_cli.judge import catalogue
from interview_cli.judge.catalogue import Solution
from interview_cli.scheduling.aim import budget_s
from interview_cli.scheduling.costs import PAR_S, USUAL_S, cost_s
from interview_cli.scheduling.fsrs_arrays import Array
from interview_cli.scheduling.handwriting import credit
from interview_cli.scheduling.plan import solve
from interview_cli.scheduling.plan.problem import FIRST_RATINGS, LATER_RATINGS, Cards, Problem
from interview_cli.scheduling.readiness import Credit
from interview_cli.store import effort
from interview_cli.store.records import records
from interview_cli.store.shelf import Selection, Shelved

PRIOR_RATINGS = 20  # how many ratings the usual shares weigh


class Posed(NamedTuple):
    """A problem, and the cards that its places stand for."""

    cards: list[Shelved]
    problem: Problem


def posed(desk: Desk, aim: Aim, at: datetime) -> Posed:
    """What there is to learn until the day of the aim, which has not passed. Raises UsageError
    where nothing counts."""
    today = desk.day(at)
    weigh = config(desk.where.config, [topic.topic for topic in desk.shelf.topics()])
    cards = [c for c in desk.shelf.cards(Selection()) if weigh.weight(c.topic, c.level) > 0]
    if not cards:
        raise UsageError(f"{desk.where.config}: every card counts 0; there is nothing to plan")
    cards.sort(key=lambda card: card.level)  # new cards in the order of the quiz
    memories = [card.memory for card in cards]
    measured = effort.seconds_by_card(desk.index)
    given = effort.ratings(desk.index)
    columns = Cards(
        stability=np.array([m.stability if m else 1.0 for m in memories]),
        difficulty=np.array([m.difficulty if m else 5.0 for m in memories]),
        age_days=np.array([max(today - m.reviewed_day, 0) if m else 0 for m in memories], float),
        is_new=np.array([m is None for m in memories]),
        cost_s=np.array([cost_s(usual_s(desk, c), measured.get(c.id, [])) for c in cards]),
        weight=np.array([weigh.weight(c.topic, c.level) for c in cards]),
    )
    problem = Problem(
        columns,
        np.array(budget_s(aim, today, effort.spent_s(desk.index, today))),
        np.array(desk.rules.fsrs.weights),
        shares(FIRST_RATINGS, given.first),
        shares(LATER_RATINGS, given.later[1:]),
    )
    return Posed(cards, problem)


def shares(usual: tuple[float, ...], counts: tuple[int, ...]) -> Array:
    """The learner's own shares of the ratings, drawn towards the usual ones."""
    found: Array = PRIOR_RATINGS * np.array(usual) + counts
    return found / float(found.sum())


def usual_s(desk: Desk, card: Shelved) -> float:
    """Seconds that a card of its kind takes; for code, its par."""
    if card.kind in USUAL_S:
        return USUAL_S[card.kind]
    solution = solution_of(desk, card)
    return (par_s(solution) if solution else None) or PAR_S


@cache
def par_s(solution: Solution) -> float | None:
    """A solution's par; several cards may ask for one."""
    return solution.par_s()


def today(desk: Desk, aim: Aim, at: datetime) -> tuple[str, ...]:
    """The ids of today's cards, most per second first."""
    found = posed(desk, aim, at)
    return tuple(found.cards[place].id for place in solve(found.problem).today)


def credits(desk: Desk, cards: list[Shelved]) -> Credit:
    """What each card counts in the interview. Raises StoreError."""
    last = {record.solution: record for record in records(desk.where.reviews.parent)}
    recalled, forgotten = np.ones(len(cards)), np.zeros(len(cards))
    for place, card in enumerate(cards):
        solution = solution_of(desk, card) if last and card.kind == "code" else None
        if solution is not None and (record := last.get(solution.name)):
            recalled[place], forgotten[place] = credit(
                is_accepted=record.is_accepted,
                used_s=record.used_s,
                par_s=solution.par_s() or PAR_S,
                passed=record.passed,
                stages=record.stages,
            )
    return Credit(recalled, forgotten)


def solution_of(desk: Desk, card: Shelved) -> Solution | None:
    """The solution that a code card asks for."""
    found = decode(card.body, card.kind)
    assert isinstance(found, Code)
    return catalogue.find(desk.solutions, found.solution)
