"""What a plan is made for: cards, seconds a day, and how this learner answers."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from interview_cli.scheduling.fsrs_arrays import Array

# Shares of again, hard, good, easy at the first sight of a card; and of hard, good, easy among
# the later reviews that were recalled.
FIRST_RATINGS = (0.25, 0.10, 0.50, 0.15)
LATER_RATINGS = (0.10 / 0.75, 0.50 / 0.75, 0.15 / 0.75)
MOST_BLOCKS = 75  # of days; a table for more takes too long


@dataclass(frozen=True)
class Cards:
    """One entry a card. stability and difficulty of cards that are new mean nothing.

    age_days: study days since the last review, 0 if that was today. cost_s: seconds that one
    review takes. weight: what recalling it on the day is worth.
    """

    stability: Array
    difficulty: Array
    age_days: Array
    is_new: NDArray[np.bool_]
    cost_s: Array
    weight: Array

    def __len__(self) -> int:
        return len(self.weight)

    def some(self, chosen: NDArray[np.intp]) -> "Cards":
        """Those at these places."""
        return Cards(**{name: column[chosen] for name, column in vars(self).items()})


class Problem(NamedTuple):
    """budget_s: seconds for each study day from today to the one before the day that counts.

    w: FSRS-6's weights. first, later: as FIRST_RATINGS and LATER_RATINGS. step: what is called a
    day here may be a block of `step` days.
    """

    cards: Cards
    budget_s: Array
    w: Array
    first: Array
    later: Array
    step: int = 1

    @property
    def days(self) -> int:
        return len(self.budget_s)


def in_blocks(problem: Problem, most: int) -> Problem:
    """The same problem in at most `most` blocks of days, the first of which may be shorter."""
    step = -(-problem.days // most)
    if step == 1:
        return problem
    missing = -problem.days % step
    budget_s = np.concatenate([np.zeros(missing), problem.budget_s]).reshape(-1, step).sum(1)
    return problem._replace(budget_s=budget_s, step=step)
