"""What a second costs on each day: the prices under which following the plan ends best.

They fall with the days that are left, a + b · exp(−days left / τ), because everybody wants the
last evening. a, b and τ are found by following the plans that they make, all with the same luck.
"""

import numpy as np

from interview_cli.scheduling.fsrs_arrays import Array
from interview_cli.scheduling.plan.course import Planners, courses, start
from interview_cli.scheduling.plan.problem import Cards, Problem
from interview_cli.scheduling.plan.table import Table

SAMPLE = 300  # cards that the search looks at
# A day more makes a guess slower; short plans, in which every day matters, get more guesses, and
# more courses for each.
GUESS_DAYS, FEWEST_GUESSES, MOST_GUESSES = 960, 16, 64
COURSE_DAYS, FEWEST_COURSES, MOST_COURSES = 200, 4, 32
PARENTS = 4
CLASS_RATIO = 2.5  # costs within this factor are one class, or more if it makes too many
MOST_CLASSES = 6
LOWEST, RANGE = np.array([-2.3, -1.7, -0.15]), np.array([1.8, 1.4, 1.3])  # log₁₀ of a, b, τ


def stakes(cards: Cards) -> Array:
    """Seconds per unit of weight, one for each class of cards that cost about the same."""
    ratio = np.log(cards.cost_s / cards.weight)
    step = max(np.log(CLASS_RATIO), np.ptp(ratio) / (MOST_CLASSES - 1))
    numbers = np.round((ratio - ratio.min()) / step)
    return np.array([np.exp(ratio[numbers == n].mean()) for n in np.unique(numbers)])


def best_prices(problem: Problem, seed: int) -> Array:
    """The price of a second on each day, in units of weight; infinite on days off."""
    small = sample(problem, seed)
    table = Table(small, stakes(small.cards))
    begun = start(small, table)
    number = min(max(COURSE_DAYS // problem.days, FEWEST_COURSES), MOST_COURSES)

    def worth(shape: Array) -> float:
        planners = Planners(small, begun, table.priced(prices(shape, small)), number)
        followed = courses(planners, np.random.default_rng(seed))
        return float((followed.recall @ small.cards.weight).mean())

    count = min(max(GUESS_DAYS // problem.days, FEWEST_GUESSES), MOST_GUESSES)
    tried = [(worth(shape), tuple(shape)) for shape in guesses(count)]
    parents = np.log([shape for _, shape in sorted(tried, reverse=True)[:PARENTS]])
    around = np.random.default_rng(seed).standard_normal((count // 2, 3))
    children = np.exp(parents.mean(0) + (parents.std(0) + 0.1) * around)
    tried += [(worth(shape), tuple(shape)) for shape in children]
    return prices(np.array(max(tried)[1]), problem)


def prices(shape: Array, problem: Problem) -> Array:
    """The curve with these a, b and τ (days), in units of weight per second."""
    a, b, tau = shape
    cards = problem.cards
    left = np.arange(problem.days - 1, -1, -1)
    curve = cards.weight.sum() / cards.cost_s.sum() * (a + b * np.exp(-left / tau))
    return np.where(problem.budget_s > 0, curve, np.inf)


def guesses(number: int) -> Array:
    """Points that fill the space of a, b and τ evenly: the R₃ sequence (Roberts, 2018)."""
    root = 1.2207440846057596  # of x⁴ = x + 1
    u = (0.5 + np.arange(1, number + 1)[:, None] * root ** -np.arange(1.0, 4.0)) % 1
    found: Array = 10 ** (LOWEST + u * RANGE)
    return found


def sample(problem: Problem, seed: int) -> Problem:
    """A smaller problem like this one: some of the cards, and their share of the seconds."""
    cards = problem.cards
    if len(cards) <= SAMPLE:
        return problem
    chosen = np.random.default_rng(seed).choice(len(cards), SAMPLE, replace=False)
    some = cards.some(np.sort(chosen))
    share = some.cost_s.sum() / cards.cost_s.sum()
    return problem._replace(cards=some, budget_s=problem.budget_s * share)
