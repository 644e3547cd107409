"""How an answer is wrong: "every value is 7/8 times the expected one", "wrong only in one row".

A false pattern is worse than none. A detector guesses every element of the answer; all of them must
meet the guess within the tolerance, and that must be no coincidence (evidence.py).

To add a pattern, write a function of an Answer (answer.py) that returns a Pattern, which is a name
and a sentence in both languages, or None. Put it into the family that it belongs to, and into
PATTERNS below, or into VALUES (values.py) if it may also hold of the wrong elements alone. Give
tests/judge/test_pattern.py an answer that it must name and one that only looks like it.
"""

from collections.abc import Mapping

import numpy as np

from interview_cli.judge.pattern.answer import Pattern, Table, answer_of, first
from interview_cli.judge.pattern.degenerate import finite_instead, not_finite
from interview_cli.judge.pattern.evidence import Array
from interview_cli.judge.pattern.lines import line_factors, line_offsets, same_lines, wrong_axis
from interview_cli.judge.pattern.order import (
    permuted,
    reordered,
    reshaped,
    reversed_along,
    shifted,
    transposed,
)
from interview_cli.judge.pattern.rules import clipped
from interview_cli.judge.pattern.values import VALUES
from interview_cli.judge.pattern.where import (
    how_many,
    nearly_right,
    only_one,
    right_place,
    wrong_place,
)

__all__ = ["PATTERNS", "Pattern", "pattern"]

# In the order in which they are tried: the most specific first. Kinds: float, int, bool.
PATTERNS: Table = (
    ("f", not_finite),
    ("f", finite_instead),
    *VALUES,
    ("fib", only_one),
    ("fib", transposed),
    ("fib", reshaped),
    ("fib", reversed_along),
    ("fib", shifted),
    ("fib", reordered),
    ("fi", clipped),
    ("fi", permuted),
    ("f", wrong_axis),
    ("fib", same_lines),
    ("fib", wrong_place),
    ("fib", right_place),
    ("fi", line_factors),
    ("fi", line_offsets),
    ("f", nearly_right),
    ("fib", how_many),
)


def pattern(
    mine: Array, right: Array, allowed: float, inputs: Mapping[str, Array]
) -> Pattern | None:
    """The most specific pattern in the errors of `mine` (float, int or bool, shaped as `right`).

    allowed: the largest difference that is no error. inputs: the arguments that are arrays.
    """
    with np.errstate(all="ignore"):
        answer = answer_of(mine, right, allowed, inputs)
        return first(answer, PATTERNS) if answer and answer.wrong.any() else None
