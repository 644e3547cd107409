"""Which cards to ask on which day, so that most is known on the day that counts.

The sum over all cards of weight × probability of recall on that day is to be as large as it can be,
and no day takes more seconds than it has. With the right price of a second on each day every card
can be looked at alone (`table`); how good prices are is seen by following the plan that they make
until the day (`course`); the best are taken (`prices`).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from interview_cli.scheduling.fsrs_arrays import Array
from interview_cli.scheduling.plan.course import (
    Course,
    FsrsUsers,
    Learners,
    Planners,
    courses,
    start,
)
from interview_cli.scheduling.plan.prices import best_prices, stakes
from interview_cli.scheduling.plan.problem import MOST_BLOCKS, Problem, in_blocks
from interview_cli.scheduling.plan.table import Table

COURSES = 16
LAST_DAY = 1.2  # times the mean of all days


class Plan(NamedTuple):
    """today: the cards to ask now, most per second first, as places in the problem's cards.

    The rest is expected. asked, fresh (new cards), seconds: of each day; recall: of each card on
    the day that counts; spread: the standard deviation of its weighted mean, as ratings may fall.
    """

    today: NDArray[np.intp]
    asked: Array
    fresh: Array
    seconds: Array
    recall: Array
    spread: float


def solve(problem: Problem, seed: int = 0) -> Plan:
    """The plan from today to the day. Needs at least one card and one day, of which some or all
    may be off. Far days are looked at in blocks of several."""
    blocks = in_blocks(problem, MOST_BLOCKS)
    prices = best_prices(blocks, seed)
    found = followed(blocks, prices, seed)
    for _ in range(3):  # a lighter last day makes the mean a little smaller too
        lighter = with_lighter_last_day(blocks, found.seconds.mean(0))
        if lighter is blocks:
            break
        blocks = lighter
        found = followed(blocks, prices, seed)
    weight = problem.cards.weight
    return Plan(
        of_today(problem, found.today),
        by_day(problem, blocks, found.asked.mean(0)),
        by_day(problem, blocks, found.fresh.mean(0)),
        by_day(problem, blocks, found.seconds.mean(0)),
        found.recall.mean(0),
        float((found.recall @ weight / weight.sum()).std()),
    )


def of_today(problem: Problem, cards: NDArray[np.intp]) -> NDArray[np.intp]:
    """Of the first block's cards those that today's seconds hold."""
    left = float(problem.budget_s[0])
    chosen = []
    for card in cards.tolist():
        if problem.cards.cost_s[card] <= left:
            left -= float(problem.cards.cost_s[card])
            chosen.append(card)
    return np.array(chosen, np.intp)


def by_day(problem: Problem, blocks: Problem, amounts: Array) -> Array:
    """What the blocks have, shared among their days as their seconds are."""
    missing = blocks.step * blocks.days - problem.days
    seconds = np.concatenate([np.zeros(missing), problem.budget_s]).reshape(-1, blocks.step)
    share = seconds / np.maximum(seconds.sum(1, keepdims=True), 1e-9)
    found: Array = (share * amounts[:, None]).ravel()[missing:]
    return found


def followed(problem: Problem, prices: Array, seed: int, truth: Problem | None = None) -> Course:
    """The courses under these prices; truth: what the memories are, if not what they are taken
    for."""
    table = Table(problem, stakes(problem.cards))
    planners = Planners(problem, start(problem, table), table.priced(prices), COURSES, truth)
    return courses(planners, np.random.default_rng(seed))


def plain_fsrs(problem: Problem, retention: float = 0.9, seed: int = 0) -> Array:
    """The expected recall of each card on the day, without a plan but in the same time."""
    users = FsrsUsers(problem, retention, COURSES)
    found: Array = courses(users, np.random.default_rng(seed)).recall.mean(0)
    return found


def left_alone(problem: Problem) -> Array:
    """The recall of each card on the day if nothing is reviewed until then."""
    found: Array = Learners(problem, 1).recall(problem.days)[0]
    return found


def with_lighter_last_day(problem: Problem, seconds: Array) -> Problem:
    """The problem with the seconds of its last day cut to 1.2 times the mean day's; the same
    problem where they are no more than that."""
    study = np.flatnonzero(problem.budget_s > 0)
    if len(study) and seconds[study[0]] == 0:  # everything was asked today already
        study = study[1:]
    if len(study) < 2:
        return problem
    most = LAST_DAY * seconds[study].mean()
    if seconds[study[-1]] <= most + 1:
        return problem
    budget_s = problem.budget_s.copy()
    budget_s[study[-1]] = most
    return problem._replace(budget_s=budget_s)
