"""The patterns that hold of every value, wherever it stands: of an answer, or of its errors."""

from interview_cli.judge.pattern.answer import Table
from interview_cli.judge.pattern.degenerate import all_zero, constant, equal_to_input
from interview_cli.judge.pattern.linear import affine, negated, one_factor, one_offset
from interview_cli.judge.pattern.rules import by_input, by_rule

VALUES: Table = (
    ("fib", all_zero),
    ("fib", equal_to_input),
    ("fib", constant),
    ("fib", negated),
    ("fi", one_factor),
    ("fi", one_offset),
    ("fi", by_rule),
    ("fi", by_input),
    ("f", affine),
)
