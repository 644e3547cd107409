"""What proves a solution: declared beside it in `<name>_spec.py`, run by the judge.

    SPEC = Spec(
        function="layer_norm",            # what the stages call; its signature names the arguments
        outputs=("y",),
        reference=reference,              # the same arguments as torch tensors -> the same outputs
        cases=(Case("plain", draw), Case("huge", partial(draw, scale=1e6)), ...),
        backward="layer_norm_backward",   # checked against autograd with a random cotangent
        gradients=("x", "gamma", "beta"),
        mistakes=(Mistake("unbiased", "var(axis)", "var(axis, ddof=1)", zh=..., en=..., card=...),),
    )

This module knows neither numpy nor torch; a spec imports torch inside `reference`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Arguments = dict[str, Any]
Draw = Callable[[Any], Arguments]


@dataclass(frozen=True)
class Case:
    """One regime of inputs: `draw(rng)` gives the arguments by name, arrays in float64.

    rtol: float64 outputs and gradients may differ by rtol * max|truth|, and by what rounding costs
        torch itself. why: the reason, wherever rtol is not the spec's.
    dtypes: the floating types in which the case runs.
    """

    name: str
    draw: Draw
    rtol: float | None = None
    why: str = ""
    dtypes: tuple[str, ...] = ("float64", "float32")


@dataclass(frozen=True)
class Mistake:
    """A classic wrong implementation, as the smallest edit of the solution.

    `old` must stand in the solution exactly once; `card` is the id of the card that explains it.
    """

    name: str
    old: str
    new: str
    zh: str
    en: str
    card: str


@dataclass(frozen=True)
class Spec:
    """The proof of one solution.

    function: its forward function. outputs: names of what it returns, in order.
    reference: torch's answer: the same arguments as tensors, the same outputs; autograd gives the
        gradients.
    backward: called with the cotangent `dy` of the first output and those of the forward arguments
        that it names; it returns the gradients with respect to `gradients`, in that order.
    oracle: what the reference is, in words, for the table.
    numbers: for each function of the solution that a numeric card computes with, torch's own way to
        the same number, from the same arguments.
    """

    function: str
    outputs: tuple[str, ...]
    reference: Callable[..., Any]
    cases: tuple[Case, ...]
    backward: str | None = None
    gradients: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    rtol: float = 1e-9
    oracle: str = "torch"
    numbers: Mapping[str, Callable[..., float]] = field(default_factory=dict)
