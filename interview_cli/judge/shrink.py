"""Looks for the smallest inputs on which a submission is still wrong: 1 x 2, 2 x 2 ..."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from interview_cli.judge.child import Raised
from interview_cli.judge.compare import error_of, misfit
from interview_cli.judge.sheet import Question, Sheet
from interview_cli.judge.subjects import Misbehaved, Submission
from interview_cli.judge.verdict import Counterexample
from interview_cli.spec import Call, Case

SMALL = (1, 2, 3)
TRIES = 60


def counterexample(
    sheet: Sheet, submission: Submission, question: Question, name: str
) -> Counterexample | None:
    """The smallest inputs found, cut from those of the question; None where nothing small enough
    to show is wrong. Raises what ends a child."""
    calls = tuple(sheet.calls(question.case, question.dtype))
    search = Search(sheet, submission, question, name)
    if search.attempt(calls) is None:
        return None
    is_smaller = True
    while is_smaller and search.left > 0:
        is_smaller = False
        for smaller in cuts(calls):
            if search.attempt(smaller) is not None:
                calls, is_smaller = smaller, True
                break
    for decimals in (0, 1, 2):
        rounded = tuple(replace(c, arguments=rounded_to(c.arguments, decimals)) for c in calls)
        if search.attempt(rounded) is not None:
            break
    return search.best


class Search:
    """Asks the submission about other inputs, in the type and part of the first question."""

    def __init__(self, sheet: Sheet, submission: Submission, question: Question, name: str) -> None:
        self.sheet, self.submission, self.name = sheet, submission, name
        self.question = question
        self.left = TRIES
        self.best: Counterexample | None = None

    def attempt(self, calls: tuple[Call, ...]) -> Counterexample | None:
        """The counterexample that these calls are, if they are one; it is the best so far."""
        self.left -= 1
        case = self.question.case
        tried = Case(case.name, lambda _: list(calls), case.stage, case.rtol, case.why)
        question = Question(tried, self.question.dtype, self.question.part)
        sheet = Sheet(self.sheet.spec, self.sheet.oracle, self.sheet.seed)
        try:
            expected = sheet.expected(question)
        except Exception:  # the solution itself does not take these
            return None
        right = expected.get(self.name)
        if right is None or not np.isfinite(right.value).all():
            return None
        try:
            answer = sheet.ask(self.submission, question)
        except (Raised, Misbehaved):
            return None
        mine = answer.get(self.name)
        if mine is None or misfit(self.name, mine, right.value, self.question.dtype):
            return None
        if error_of(mine, right.value) <= right.allowed:
            return None
        is_finite = bool(np.isfinite(mine).all())
        if self.best is not None and not is_finite and np.isfinite(self.best.mine).all():
            return None  # another fault than the one that was seen
        dy = sheet.dy(question) if question.part == "gradients" else None
        self.best = Counterexample(
            calls, question.dtype, self.name, np.asarray(mine), right.value, right.allowed, dy
        )
        return self.best


def cuts(calls: tuple[Call, ...]) -> Iterator[tuple[Call, ...]]:
    """The same calls with one length made small wherever it occurs, the longest first."""
    lengths = sorted({n for c in calls for n in lengths_of(c.arguments)}, reverse=True)
    folds = (False, True) if any(has_indices(c.arguments) for c in calls) else (False,)
    for length in lengths:
        for small in (n for n in SMALL if n < length):
            for is_folded in folds:
                yield tuple(
                    replace(c, arguments=cut(c.arguments, length, small, folds=is_folded))
                    for c in calls
                )


def has_indices(value: Any) -> bool:
    match value:
        case np.ndarray():
            return bool(value.dtype.kind == "i")
        case dict():
            return any(map(has_indices, value.values()))
        case list() | tuple():
            return any(map(has_indices, value))
        case _:
            return False


def lengths_of(value: Any) -> set[int]:
    match value:
        case np.ndarray():
            return {n for n in value.shape if n > 1}
        case dict():
            return {n for v in value.values() for n in lengths_of(v)}
        case list() | tuple():
            return {n for v in value for n in lengths_of(v)}
        case _:
            return set()


def cut(value: Any, length: int, small: int, *, folds: bool) -> Any:
    """Every axis of that length cut. folds: class numbers and other indices stay below the new
    one, as they must where it is the number of classes."""
    match value:
        case np.ndarray():
            part = value[tuple(slice(small if n == length else n) for n in value.shape)]
            is_index = folds and value.dtype.kind == "i" and part.size and part.min() >= 0
            return part % small if is_index and part.max() >= small else part
        case dict():
            return {n: cut(v, length, small, folds=folds) for n, v in value.items()}
        case list() | tuple():
            return type(value)(cut(v, length, small, folds=folds) for v in value)
        case _:
            return value


def rounded_to(value: Any, decimals: int) -> Any:
    match value:
        case np.ndarray() if value.dtype.kind == "f":
            return np.round(value, decimals) + 0.0  # no -0
        case dict():
            return {n: rounded_to(v, decimals) for n, v in value.items()}
        case list() | tuple():
            return type(value)(rounded_to(v, decimals) for v in value)
        case _:
            return value
