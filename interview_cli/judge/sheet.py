"""The questions of a spec with their expected answers, and what may differ.

Cases are drawn in float64 and rounded for float32. Gradients are compared by value, with a random
cotangent: through a normalisation or a softmax the gradient of a sum is zero, and a test that
back-propagates one cannot fail.

What may differ is measured, not guessed: `sensitivity` is how far the oracle's float64 answer moves
when every input moves by one ulp, which no implementation can be expected to beat by much. It is
computed only where the other terms do not suffice.

    float64   err <= rtol max|truth| + 16 sensitivity + 1e-13
    float32   err <= 32 err(oracle in float32) + 1e-5 max(1, max|truth|) + 16 sensitivity

err(oracle in float32) is its largest there and on those neighbours of the inputs.
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from typing import Any, Literal

import numpy as np

from interview_cli.judge.compare import (
    NUDGES,
    Array,
    Comparison,
    Scalar,
    Values,
    converted,
    error_of,
    is_wider,
    largest_of,
    misfit,
    nudged,
)
from interview_cli.judge.said import Said
from interview_cli.judge.subjects import Misbehaved, Subject, gradients_of, outputs_of
from interview_cli.spec import BACKWARD, STABILITY, Call, Case, Rng, Spec, Stage, Statistic

FLOOR64 = 1e-13
TIMES_ORACLE, RTOL32 = 32.0, 1e-5
ULPS = 16.0

SHAPE = Stage("shape", "形状", "shape")
Part = Literal["outputs", "gradients"]


@dataclass(frozen=True)
class Question:
    """One case in one floating type: its outputs, or the gradients."""

    case: Case
    dtype: str
    part: Part = "outputs"


@dataclass(frozen=True)
class Expected:
    """One value of an answer, and the largest difference that is still right, of which `least` is
    known at once. is_random: the value was drawn itself."""

    value: Array
    least: float
    more: Callable[[], float] = float
    is_random: bool = False

    @cached_property
    def allowed(self) -> float:
        return self.least + self.more()

    def comparison(self, name: str, mine: Array) -> Comparison:
        error = error_of(mine, self.value)
        return Comparison(name, error, self.least if error <= self.least else self.allowed)


class Sheet:
    """All questions of a spec, from one seed. `oracle` knows the answers.

    Nothing is computed before it is asked for, and nothing twice.
    """

    def __init__(self, spec: Spec, oracle: Subject, seed: int = 0) -> None:
        self.spec, self.oracle, self.seed = spec, oracle, seed
        self.drawn: dict[str, list[Call]] = {}
        self.cotangents: dict[tuple[str, str], Array] = {}
        self.answers: dict[Question, dict[str, Expected]] = {}
        self.owned: dict[Question, Values | None] = {}
        self.failed: dict[Question, str] = {}

    @cached_property
    def stages(self) -> list[Stage]:
        """Those that have a question, in the order in which they are asked."""
        return [SHAPE, *(s for s in self.spec.stages if self.questions(s))]

    def questions(self, stage: Stage) -> list[Question]:
        """The questions of one stage, the cheapest first as the spec lists them."""
        match stage.name:
            case SHAPE.name:
                return [Question(self.spec.cases[0], self.spec.cases[0].dtypes[0])]
            case BACKWARD.name:
                return [
                    Question(c, c.dtypes[0], "gradients")
                    for c in self.spec.cases
                    if c.stage != STABILITY.name and self.has_gradients(c)
                ]
            case STABILITY.name:
                asked = {q for s in self.spec.stages if s != stage for q in self.questions(s)}
                return [q for q in self.every_question() if q not in asked]
            case name:
                return [Question(c, c.dtypes[0]) for c in self.spec.cases if c.stage == name]

    def every_question(self) -> list[Question]:
        """Values before gradients, float64 before float32."""
        return [
            Question(case, dtype, part)
            for part in ("outputs", "gradients")
            for dtype in ("float64", "float32")
            for case in self.spec.cases
            if dtype in case.dtypes and (part == "outputs" or self.has_gradients(case))
        ]

    def has_gradients(self, case: Case) -> bool:
        """Those of one call. The law of random results is asked once more, with them."""
        return bool(self.spec.gradients) and len(self.calls(case, "float64")) == 1

    def calls(self, case: Case, dtype: str) -> list[Call]:
        """What a case asks, floats in `dtype`."""
        if case.name not in self.drawn:
            found = case.draw(self.rng(case))
            self.drawn[case.name] = [Call(found)] if isinstance(found, dict) else list(found)
        return in_dtype(self.drawn[case.name], dtype)

    def rng(self, case: Case, *more: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, zlib.crc32(case.name.encode()), *more])

    def dy(self, question: Question) -> Array:
        """The random cotangent of a case's first output."""
        key = question.case.name, question.dtype
        if key not in self.cotangents:
            calls = self.calls(question.case, "float64")
            first = next(iter(outputs_of(self.oracle, self.spec, calls).values()))
            drawn = np.asarray(self.rng(question.case, 1).normal(size=first.shape))
            self.cotangents[key] = drawn.astype(question.dtype)
        return self.cotangents[key]

    def expected(self, question: Question) -> dict[str, Expected]:
        """The truth, by name, and what may differ from it."""
        if question not in self.answers:
            self.answers[question] = (
                self.by_law(question) if self.spec.law else self.by_value(question)
            )
        return self.answers[question]

    def by_value(self, question: Question) -> dict[str, Expected]:
        calls, dy = self.calls(question.case, question.dtype), dy_of(self, question)
        truth = self.truth(calls, dy, question)
        if question.dtype == "float64":
            case = question.case
            rtol = self.spec.rtol if case.rtol is None else case.rtol
            rounded = dict.fromkeys(truth, 0.0)
            least = {n: rtol * largest_of(v) + FLOOR64 for n, v in truth.items()}
        else:
            near = self.asked(self.oracle, calls, question, dy)
            rounded = {n: moved_from(v, near[n]) for n, v in truth.items()}
            least = {
                n: TIMES_ORACLE * rounded[n] + RTOL32 * max(1.0, largest_of(v))
                for n, v in truth.items()
            }
        around = cache(lambda: self.around(calls, dy, question, truth))

        def more(name: str) -> float:
            moved, rounded_there = around()[name]
            return ULPS * moved + TIMES_ORACLE * max(0.0, rounded_there - rounded[name])

        return {n: Expected(v, least[n], partial(more, n)) for n, v in truth.items()}

    def truth(self, calls: Sequence[Call], dy: Array | None, question: Question) -> Values:
        """The oracle's float64 answer to the very numbers that the submission is given."""
        in_full = in_dtype(calls, "float64"), question, converted(dy, "float64")
        return self.asked(self.oracle, *in_full)

    def around(
        self, calls: Sequence[Call], dy: Array | None, question: Question, truth: Values
    ) -> dict[str, tuple[float, float]]:
        """How far the oracle's answer moves when every input moves by one ulp, up or down; and
        how far its float32 answer is off there, since on the very inputs it may have been lucky."""
        rng = self.rng(question.case, 2)
        found = dict.fromkeys(truth, (0.0, 0.0))
        for number in range(NUDGES):
            near = nudged_calls(calls, number, rng, question.dtype)
            near_dy = nudged(dy, number, rng, question.dtype)
            right = self.truth(near, near_dy, question)
            is_rounded = question.dtype == "float32"
            mine = self.asked(self.oracle, near, question, near_dy) if is_rounded else right
            found = {
                n: (max(moved, moved_from(v, right[n])), max(off, moved_from(right[n], mine[n])))
                for (n, (moved, off)), v in zip(found.items(), truth.values(), strict=True)
            }
        return found

    def by_law(self, question: Question) -> dict[str, Expected]:
        """What the law expects; of an oracle that follows another, as a convention does, its own
        statistics, which are random too: hence twice the tolerance."""
        return {
            s.name: Expected(np.asarray(s.expected), s.tolerance)
            if is_lawful(s)
            else Expected(np.asarray(float(s.value)), 2 * s.tolerance, is_random=True)
            for s in self.statistics(self.oracle, question)
        }

    def ask(self, subject: Subject, question: Question) -> Values:
        """Anybody's answer, by name. Raises Misbehaved for one that cannot be compared."""
        if self.spec.law:
            found = self.statistics(subject, question)
            return {s.name: np.asarray(float(s.value)) for s in found}
        calls = self.calls(question.case, question.dtype)
        return self.asked(subject, calls, question, dy_of(self, question))

    def own(self, question: Question) -> Values | None:
        """The oracle's own answer, in the question's type; None if it fails, as a variant may."""
        if question not in self.owned:
            try:
                self.owned[question] = self.ask(self.oracle, question)
            except Exception as error:
                self.owned[question] = None
                self.failed[question] = type(error).__name__
        return self.owned[question]

    def asked(
        self, subject: Subject, calls: Sequence[Call], question: Question, dy: Array | None
    ) -> Values:
        if question.part == "outputs":
            return outputs_of(subject, self.spec, calls)
        assert dy is not None
        outputs: Values = {}
        if needs_outputs(subject, self.spec):
            outputs = outputs_of(subject, self.spec, calls)
        return gradients_of(subject, self.spec, calls, dy, outputs)

    def statistics(self, subject: Subject, question: Question) -> list[Statistic]:
        """What the law makes of many calls with different seeds."""
        assert self.spec.law is not None
        calls = self.calls(question.case, question.dtype)
        form = {} if subject is self.oracle else self.sample(self.oracle, calls, question)
        samples = []
        for shift in range(self.spec.repeats):
            reseeded = [replace(c, arguments=shifted(c.arguments, shift)) for c in calls]
            samples.append(self.sample(subject, reseeded, question))
            self.check_form(samples[-1], form, question)
        try:
            with np.errstate(all="ignore"):
                return list(self.spec.law(calls[0].arguments, samples))
        except Exception as error:  # a law is written for what is nearly right
            said = Said(f"结果不服从任何规律：{error!r}", f"its results follow no law: {error!r}")
            raise Misbehaved("wrong", said) from None

    def sample(self, subject: Subject, calls: Sequence[Call], question: Question) -> Values:
        """The results of one seed; the gradients and their cotangent where those are asked for."""
        outputs = outputs_of(subject, self.spec, calls)
        if question.part == "outputs":
            return outputs
        dy = self.dy(question)
        return outputs | {"dy": dy} | gradients_of(subject, self.spec, calls, dy, outputs)

    def check_form(self, mine: Values, right: Values, question: Question) -> None:
        """Shapes and types; a function that is given no floats may choose their type itself."""
        is_given_floats = has_floats(self.calls(question.case, question.dtype))
        for name, value in right.items():
            is_free = not is_given_floats and mine[name].dtype.kind == "f"
            dtype = str(mine[name].dtype) if is_free else question.dtype
            if fault := misfit(name, mine[name], value, dtype):
                raise Misbehaved("shape", fault)

    def compare(self, question: Question, answer: Values) -> list[Comparison]:
        """Each value against what is expected. Raises Misbehaved for a wrong shape or dtype."""
        expected = self.expected(question)
        if strange := sorted(expected.keys() ^ answer.keys()):
            names = ", ".join(strange)
            said = Said(f"结果的统计量不同：{names}", f"its results differ in {names}")
            raise Misbehaved("wrong", said)
        for name, right in expected.items():
            dtype = "float64" if self.spec.law else question.dtype
            if fault := misfit(name, answer[name], right.value, dtype):
                raise Misbehaved("shape", fault)
        return [right.comparison(name, answer[name]) for name, right in expected.items()]

    def widened(self, question: Question, answer: Values) -> list[str]:
        """What came back in float64 though only float32 was given."""
        if self.spec.law or not has_floats(self.calls(question.case, question.dtype)):
            return []
        return [
            name
            for name, right in self.expected(question).items()
            if right.value.dtype.kind == "f"
            and not isinstance(answer[name], Scalar)
            and is_wider(answer[name], question.dtype)
        ]


def dy_of(sheet: Sheet, question: Question) -> Array | None:
    return sheet.dy(question) if question.part == "gradients" else None


def needs_outputs(subject: Subject, spec: Spec) -> bool:
    """Whether the backward function asks for what the forward function returned."""
    names: frozenset[str] = getattr(subject, "backward_names", frozenset())
    return bool(names & set(spec.outputs))


def is_lawful(statistic: Statistic) -> bool:
    return abs(statistic.value - statistic.expected) <= statistic.tolerance


def moved_from(truth: Array, near: Array) -> float:
    """How far an answer has moved; where its length hangs on an ulp, nobody knows."""
    return error_of(near, truth) if near.shape == truth.shape else 0.0


def has_floats(calls: Sequence[Call]) -> bool:
    values = [v for c in calls for v in c.arguments.values()]
    return any(isinstance(v, np.ndarray) and v.dtype.kind == "f" for v in values)


def in_dtype(calls: Sequence[Call], dtype: str) -> list[Call]:
    return [
        replace(c, arguments={n: converted(v, dtype) for n, v in c.arguments.items()})
        for c in calls
    ]


def nudged_calls(
    calls: Sequence[Call], number: int, rng: np.random.Generator, dtype: str
) -> list[Call]:
    return [
        replace(c, arguments={n: nudged(v, number, rng, dtype) for n, v in c.arguments.items()})
        for c in calls
    ]


def shifted(arguments: dict[str, Any], shift: int) -> dict[str, Any]:
    """The same arguments with another seed."""
    return {n: Rng(v.seed + shift) if isinstance(v, Rng) else v for n, v in arguments.items()}
