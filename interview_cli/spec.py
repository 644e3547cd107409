"""What proves a solution: declared beside it in `<name>_spec.py`, run by the judge.

    SPEC = Spec(
        function="layer_norm",            # what the stages call; its signature names the arguments
        outputs=("y",),
        reference=reference,              # the same arguments as torch tensors -> the same outputs
        backward="layer_norm_backward",   # checked against autograd with a random cotangent
        gradients=("x", "gamma", "beta"),
        minutes=10,
        cases=(Case("plain", draw), Case("huge", partial(draw, scale=1e6), stage="stability")),
        mistakes=(Mistake("unbiased", "var(axis)", "var(axis, ddof=1)", zh=..., en=..., card=...),),
        conventions=(Convention("keep-probability", ...),),
        forbidden=("*layer_norm*",),
        hints=(Hint(zh=..., en=...),),
    )

A spec is data. It knows neither numpy nor torch; it imports torch inside `reference`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log, sqrt
from typing import Any

Arguments = dict[str, Any]


@dataclass(frozen=True)
class Rng:
    """Stands in a draw for a source of randomness with this seed: numpy's Generator or torch's."""

    seed: int = 0


@dataclass(frozen=True)
class Call:
    """One call of several, of a function that hands its state on, or of a class.

    arguments: by name. What is missing here, and was returned under that name by the call before,
        is carried over: `Call({"grad": g2, "t": 2})` goes on with param, m and v.
    method: the method of a class; empty calls the function, or makes the object.
    outputs: names of what this call returns; None: the spec's. A call that makes an object: ().
    """

    arguments: Arguments
    method: str = ""
    outputs: tuple[str, ...] | None = None


Draw = Callable[[Any], Arguments | Sequence[Call]]


@dataclass(frozen=True)
class Stage:
    """One thing an interviewer asks for, and then the next."""

    name: str
    zh: str
    en: str


FORWARD = Stage("forward", "前向", "forward")
OPTIONS = Stage("options", "各个参数", "options")
EVALUATION = Stage("evaluation", "推理模式", "evaluation")
STEPS = Stage("steps", "连续多步", "several steps")
BACKWARD = Stage("backward", "反向", "backward")
STABILITY = Stage("stability", "数值稳定", "stability")
STAGES = (FORWARD, OPTIONS, EVALUATION, STEPS, BACKWARD, STABILITY)


@dataclass(frozen=True)
class Case:
    """One regime of inputs: `draw(rng)` gives the arguments by name, arrays in float64, or a
    sequence of Calls.

    stage: when it is asked. In a stage before stability a case runs in float64; stability also
        runs all cases in float32. The gradients of all cases are the stage backward.
    rtol: float64 outputs and gradients may differ by rtol * max|truth|, and by what rounding costs.
        why: the reason, wherever rtol is not the spec's.
    dtypes: the floating types in which the case runs.
    """

    name: str
    draw: Draw
    stage: str = "forward"
    rtol: float | None = None
    why: str = ""
    dtypes: tuple[str, ...] = ("float64", "float32")


@dataclass(frozen=True)
class Variant:
    """Another implementation, as the smallest edit of the solution: `old`, which stands there
    exactly once, becomes `new`; `also` holds further edits, where one is not enough.

    zh, en: one sentence each. card: the id of the card that explains it.
    """

    name: str
    old: str
    new: str
    zh: str
    en: str
    card: str
    also: tuple[tuple[str, str], ...] = ()

    @property
    def edits(self) -> tuple[tuple[str, str], ...]:
        return ((self.old, self.new), *self.also)


class Mistake(Variant):
    """A classic wrong implementation: rejected, and named."""


class Convention(Variant):
    """Another framework's legitimate choice: recognised and named, never called wrong."""


@dataclass(frozen=True)
class Hint:
    """One step towards the answer; each says more than the one before."""

    zh: str
    en: str


@dataclass(frozen=True)
class Statistic:
    """A number that random results have in common, and how far it may be from what is expected.

    A right answer stays within `tolerance` but for the probability FALSE_ALARM.
    """

    name: str
    value: float
    expected: float
    tolerance: float = 0.0


FALSE_ALARM = 1e-9


def mean_tolerance(count: int, spread: float) -> float:
    """How far the mean of `count` independent draws from an interval of the width `spread` may be
    from its expectation. Hoeffding 1963, theorem 2: P(|error| >= t) <= 2 exp(-2 n t² / spread²)."""
    return spread * sqrt(log(2 / FALSE_ALARM) / (2 * count))


@dataclass(frozen=True)
class Spec:
    """The proof of one solution.

    function: its forward function, or a class. outputs: names of what it returns, in order.
    reference: torch's answer: the same arguments as tensors, the same outputs; autograd gives the
        gradients. Of a class: a class with the same methods.
    backward: called with the cotangent `dy` of the first output and those of the forward arguments
        and outputs that it names; returns the gradients with respect to `gradients`, in that order.
    law: for random results, which are never compared one by one: from the arguments and the results
        of `repeats` calls with different seeds, by name (the cotangent is "dy"), the statistics.
    mistakes, conventions: as smallest edits of the solution, each named by the judge.
    forbidden: patterns (fnmatch) of what would be the answer itself, as torch and numpy call it:
        `*batch_norm*` matches aten.native_batch_norm and torch.nn.functional.batch_norm.
    stages: in the order in which they are asked; those without a case are left out.
    minutes: par, what a prepared person needs to write it by hand.
    numbers: for each function of the solution that a numeric card computes with, torch's own way to
        the same number, from the same arguments.
    oracle: what the reference is, in words.
    """

    function: str
    outputs: tuple[str, ...]
    reference: Callable[..., Any]
    cases: tuple[Case, ...]
    backward: str | None = None
    gradients: tuple[str, ...] = ()
    law: Callable[[Arguments, list[dict[str, Any]]], Iterable[Statistic]] | None = None
    repeats: int = 16
    mistakes: tuple[Mistake, ...] = ()
    conventions: tuple[Convention, ...] = ()
    forbidden: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = STAGES
    hints: tuple[Hint, ...] = ()
    minutes: float = 10
    rtol: float = 1e-9
    oracle: str = "torch"
    numbers: Mapping[str, Callable[..., float]] = field(default_factory=dict)
