"""One solution as something to practise: its questions, its variants, and their names."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from math import isfinite
from types import MappingProxyType

import numpy as np

from interview_cli.errors import JudgeError
from interview_cli.judge.catalogue import Solution
from interview_cli.judge.compare import Values, error_of
from interview_cli.judge.sheet import Question, Sheet
from interview_cli.judge.subjects import Bank, Misbehaved
from interview_cli.spec import Convention, Spec, Variant

# Garbage is compared by its size: as large as the variant's, within this factor.
ALIKE = 30.0

OF_SHAPES = {"ValueError", "RuntimeError", "IndexError"}
EMPTY: Mapping[Question, str] = MappingProxyType({})

# What a submission made of a question; None where it raised or could not be compared.
Answers = Mapping[Question, Values | None]


class Exercise:
    """A solution, its spec, and a seed. Its variants are made when they are first needed."""

    def __init__(self, solution: Solution, seed: int = 0) -> None:
        self.solution, self.seed = solution, seed
        self.name = f"{solution.topic}/{solution.name}"
        self.source = solution.source()
        self.made: dict[tuple[Variant, ...], Sheet | None] = {}
        np.random.seed(seed % 2**32)  # the global state, which only a mistake draws from

    @cached_property
    def spec(self) -> Spec:
        return self.solution.spec()

    def sheet(self, variants: tuple[Variant, ...] = ()) -> Sheet:
        """The questions with the answers of the solution, or of a variant of it. The solution,
        which `interview verify` holds against torch, knows what is right."""
        found = self.made_of(variants)
        if found is None:
            edits = " with the edits " + ", ".join(v.name for v in variants) if variants else ""
            raise JudgeError(f"{self.name}{edits} does not run")
        return found

    def ahead(self) -> Iterator[None]:
        """Works out, a little at a time, what a verdict may need: all answers, right and wrong."""
        variants = [(), *((v,) for v in (*self.spec.mistakes, *self.spec.conventions))]
        for each in variants:
            sheet = self.made_of(each)
            if sheet is None:
                continue
            for question in sheet.every_question():
                with contextlib.suppress(Exception):  # a variant may fail where it is wrong
                    for expected in sheet.expected(question).values():
                        _ = expected.allowed
                sheet.own(question)
                yield
        for candidates in self.candidates(()):
            for several in candidates:
                sheet = self.made_of(several)
                if sheet is not None:
                    sheet.own(sheet.every_question()[0])  # which tells most of them apart
                yield

    def made_of(self, variants: tuple[Variant, ...]) -> Sheet | None:
        if variants not in self.made:
            self.made[variants] = None
            source = edited(self.source, variants)
            if source is not None:
                with contextlib.suppress(Exception):  # edits may clash, so that it does not run
                    self.made[variants] = Sheet(self.spec, Bank(source, self.spec), self.seed)
        return self.made[variants]

    def named(
        self,
        answers: Answers,
        known: tuple[Convention, ...] = (),
        raised: Mapping[Question, str] = EMPTY,
    ) -> tuple[Variant, ...]:
        """The fewest variants that agree with the submission in every answer; nothing where none
        do, or several sets of the same kind: a wrong name is worse than none.

        raised: the type of exception, where there is no answer.
        """
        for candidates in self.candidates(known):
            found = [c for c in candidates if self.is_variant((*known, *c), answers, known, raised)]
            if found:
                return found[0] if len(found) == 1 else ()
        return ()

    def candidates(self, known: tuple[Convention, ...]) -> Iterator[list[tuple[Variant, ...]]]:
        """One convention or mistake, then conventions together, a mistake beside a convention, two
        mistakes, a mistake beside several conventions."""
        conventions = [c for c in self.spec.conventions if c not in known]
        mistakes = self.spec.mistakes
        several = range(2, len(conventions) + 1)
        yield [(v,) for v in (*conventions, *mistakes)]
        for count in several:
            yield list(combinations(conventions, count))
        yield [(c, m) for c in conventions for m in mistakes]
        yield list(combinations(mistakes, 2))
        for count in several:
            yield [(*c, m) for c in combinations(conventions, count) for m in mistakes]

    def is_variant(
        self,
        variants: tuple[Variant, ...],
        answers: Answers,
        known: tuple[Convention, ...],
        raised: Mapping[Question, str],
    ) -> bool:
        """Whether a variant gives these answers to all questions, and is wrong itself."""
        sheet = self.made_of(variants)
        if sheet is None:
            return False
        right = self.sheet(known)
        # Of two that never answer nothing is known.
        is_wrong, is_known, has_wrong_value, is_raised = False, False, False, True
        for question, mine in answers.items():
            theirs = sheet.own(question)
            if (mine is None) != (theirs is None):
                return False
            if mine is None or theirs is None:
                is_wrong |= right.own(question) is not None
                is_raised &= is_alike(raised.get(question, ""), sheet.failed.get(question, ""))
                continue
            if not is_same(sheet, right, question, mine, theirs):
                return False
            is_known = True
            if not is_right(right, question, theirs):
                is_wrong = has_wrong_value = True
        # An exception alone, as of division by zero, must be the same.
        return is_wrong and is_known and (has_wrong_value or is_raised)


def is_alike(mine: str, theirs: str) -> bool:
    """Whether two exceptions are one, as far as is known; torch has its own for wrong shapes."""
    return not mine or not theirs or mine == theirs or {mine, theirs} <= OF_SHAPES


def edited(source: str, variants: Sequence[Variant]) -> str | None:
    """The solution with these edits; None where one's place is not there exactly once."""
    for variant in variants:
        for old, new in variant.edits:
            if source.count(old) != 1:
                return None
            source = source.replace(old, new)
    return source


def is_right(sheet: Sheet, question: Question, answer: Values) -> bool:
    try:
        return all(c.is_right for c in sheet.compare(question, answer))
    except (Misbehaved, KeyError):
        return False


def is_same(sheet: Sheet, right: Sheet, question: Question, mine: Values, theirs: Values) -> bool:
    """Whether two answers are one, but for rounding: each within what its own sheet allows."""
    if mine.keys() != theirs.keys():
        return False
    for name, value in theirs.items():
        if mine[name].shape != value.shape:
            return False
        apart = error_of(mine[name], value)
        if not is_near(apart, sheet, question, name, theirs):
            return False
        truth = right.expected(question).get(name)
        if truth is not None and truth.value.shape == value.shape and apart > truth.least:
            # Where the variant's own rounding is all there is, it must be as bad.
            mine_off, their_off = error_of(mine[name], truth.value), error_of(value, truth.value)
            is_noise = their_off > truth.allowed and apart > truth.allowed
            if is_noise and not is_as_bad(mine_off, their_off, truth.allowed):
                return False
    return True


def is_as_bad(mine: float, theirs: float, allowed: float) -> bool:
    if not isfinite(theirs):  # where one overflows, another may just survive
        return mine > allowed
    return theirs / ALIKE <= mine <= theirs * ALIKE


def is_near(apart: float, sheet: Sheet, question: Question, name: str, theirs: Values) -> bool:
    expected = sheet.expected(question)[name]
    if expected.is_random:  # what is between the right answer and a mistake has no name
        return apart <= expected.allowed / 2
    # A variant may be wrong by rounding alone: its float32 answer is not its float64 one.
    off = error_of(theirs[name], expected.value)
    return apart <= expected.least + off or apart <= expected.allowed + off
