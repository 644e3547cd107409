"""Proves a solution: every case of its spec, in its child, against torch in this process.

Cases are drawn in float64 and rounded for float32. Gradients are compared by value, with a random
cotangent: through a normalisation or a softmax the gradient of a sum is zero, and a test that
back-propagates one cannot fail.

What may differ is measured, not guessed: `sensitivity` is how far torch's float64 answer moves when
every input moves by one ulp, which no implementation can be expected to beat by much.

    float64   err <= rtol max|truth| + 8 sensitivity + 1e-13
    float32   err <= 16 err(torch in float32) + 1e-5 max(1, max|truth|) + 8 sensitivity
"""

import ast
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interview_cli.errors import JudgeError, MissingExtra
from interview_cli.judge.child import Child, Raised
from interview_cli.spec import Case, Spec

Array = NDArray[Any]

FLOOR64 = 1e-13
TIMES_TORCH, RTOL32 = 16.0, 1e-5
ULPS = 8.0


@dataclass(frozen=True)
class Comparison:
    """One output or gradient in one case: its largest error and what is allowed."""

    name: str
    error: float
    allowed: float

    @property
    def is_right(self) -> bool:
        return self.error <= self.allowed


@dataclass(frozen=True)
class Result:
    """One case in one dtype; `fault` says what went wrong before anything could be compared."""

    case: str
    dtype: str
    comparisons: tuple[Comparison, ...] = ()
    fault: str = ""

    @property
    def is_right(self) -> bool:
        return not self.fault and all(c.is_right for c in self.comparisons)


@dataclass(frozen=True)
class Proof:
    """All results of one solution."""

    results: tuple[Result, ...] = field(default=())

    @property
    def is_right(self) -> bool:
        return bool(self.results) and all(r.is_right for r in self.results)


def require_torch() -> None:
    """Raises MissingExtra without torch; does not import it yet."""
    if find_spec("torch") is None:
        raise MissingExtra(
            "proving needs torch, which is not installed; pip install 'torch>=2.6,<2.14'"
        )


def torch_version() -> str:
    """The version of torch, imported for the first time. Raises MissingExtra."""
    require_torch()
    import torch

    torch.set_num_threads(1)  # small kernels: two threads on a busy machine are slower
    return str(torch.__version__)


def prove(source: str, spec: Spec, seed: int = 0) -> Proof:
    """Runs every case. Raises MissingExtra without torch, JudgeError if the child fails."""
    return Proof(tuple(results(source, spec, seed)))


def results(source: str, spec: Spec, seed: int = 0) -> Iterator[Result]:
    """The results of `prove`, one by one as they come."""
    with Child() as child:  # it imports numpy while we import torch
        torch_version()
        try:
            child.load(source)
        except Raised as error:
            yield Result("loading", "", fault=f"raised {error}")
            return
        named = signatures_of(source).get(spec.backward or "", frozenset())
        for case in spec.cases:
            for dtype in case.dtypes:
                yield run_case(child, spec, named, case, dtype, seed)


def run_case(
    child: Child, spec: Spec, named: frozenset[str], case: Case, dtype: str, seed: int
) -> Result:
    rng = np.random.default_rng([seed, zlib.crc32(case.name.encode())])
    arguments = {name: converted(value, dtype) for name, value in case.draw(rng).items()}
    truth, truth_grads, dy = expected(spec, arguments, rng, "float64")
    rough, rough_grads, _ = expected(spec, arguments, rng, dtype, dy)
    try:
        changed, outputs = child.call(spec.function, arguments)
        spoilt, gradients = run_backward(child, spec, named, arguments, dy)
    except Raised as error:
        return Result(case.name, dtype, fault=f"raised {error}")
    if fault := (
        misbehaviour(changed, outputs, truth, "outputs")
        or misbehaviour(spoilt, gradients, truth_grads, "gradients")
    ):
        return Result(case.name, dtype, fault=fault)
    names = [*spec.outputs, *(f"d{name}" for name in spec.gradients)]
    wanted, near, got = [*truth, *truth_grads], [*rough, *rough_grads], [*outputs, *gradients]
    for name, mine, right in zip(names, got, wanted, strict=True):
        if fault := misfit(name, mine, right, dtype):
            return Result(case.name, dtype, fault=fault)
    moved = sensitivity(spec, arguments, truth + truth_grads, dy, rng)
    if dtype == "float64":
        rtol = spec.rtol if case.rtol is None else case.rtol
        allowed = [rtol * largest_of(w) + FLOOR64 for w in wanted]
    else:
        allowed = [
            TIMES_TORCH * error_of(n, w) + RTOL32 * max(1.0, largest_of(w))
            for w, n in zip(wanted, near, strict=True)
        ]
    allowed = [limit + ULPS * move for limit, move in zip(allowed, moved, strict=True)]
    return Result(
        case.name,
        dtype,
        tuple(
            Comparison(name, error_of(mine, right), limit)
            for name, mine, right, limit in zip(names, got, wanted, allowed, strict=True)
        ),
    )


def run_backward(
    child: Child, spec: Spec, named: frozenset[str], arguments: dict[str, Any], dy: Array
) -> tuple[list[str], list[Array]]:
    """The solution's own gradients; it is given those arguments that it names."""
    if spec.backward is None:
        return [], []
    given = {"dy": dy, **arguments}
    return child.call(
        spec.backward, {name: value for name, value in given.items() if name in named}
    )


def misbehaviour(changed: list[str], got: list[Array], wanted: list[Array], what: str) -> str:
    """A modified input or a wrong number of results, in words."""
    if changed:
        where = " in the backward pass" if what == "gradients" else ""
        return f"modified its input {', '.join(changed)}{where}"
    if len(got) != len(wanted):
        return f"returned {len(got)} {what} instead of {len(wanted)}"
    return ""


def expected(
    spec: Spec,
    arguments: dict[str, Any],
    rng: np.random.Generator,
    dtype: str,
    dy: Array | None = None,
) -> tuple[list[Array], list[Array], Array]:
    """torch's outputs, its gradients, and the cotangent of the first output."""
    import torch

    tensors = {
        name: torch.tensor(converted(value, dtype)) if isinstance(value, np.ndarray) else value
        for name, value in arguments.items()
    }
    for name in spec.gradients:
        tensors[name].requires_grad_(True)
    found = spec.reference(**tensors)
    outputs = list(found) if isinstance(found, tuple) else [found]
    if dy is None:
        dy = converted(np.asarray(rng.normal(size=tuple(outputs[0].shape))), float_of(arguments))
    if spec.gradients:
        # Not y.backward(dy): in a fresh process that imports sympy.
        (outputs[0] * torch.tensor(converted(dy, dtype))).sum().backward()
    gradients = [tensors[name].grad for name in spec.gradients]
    if any(g is None for g in gradients):
        raise JudgeError("the reference does not depend on all of the spec's gradients")
    return [o.detach().numpy() for o in outputs], [g.numpy() for g in gradients], dy


def converted(value: Any, dtype: str) -> Any:
    """Floating arrays in `dtype`; everything else as it is."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.astype(dtype)
    return value


def float_of(arguments: dict[str, Any]) -> str:
    kinds = {
        str(a.dtype)
        for a in arguments.values()
        if isinstance(a, np.ndarray) and a.dtype.kind == "f"
    }
    return kinds.pop() if len(kinds) == 1 else "float64"


def misfit(name: str, mine: Array, right: Array, dtype: str) -> str:
    """A wrong shape or dtype, in words."""
    if mine.shape != right.shape:
        return f"{name} has the shape {mine.shape} instead of {right.shape}"
    wanted = dtype if right.dtype.kind == "f" else str(right.dtype)
    if str(mine.dtype) != wanted:
        return f"{name} is {mine.dtype} instead of {wanted}"
    return ""


def largest_of(value: Any) -> float:
    if not isinstance(value, np.ndarray) or not value.size or value.dtype.kind != "f":
        return 0.0
    finite = np.abs(value[np.isfinite(value)])
    return float(finite.max()) if finite.size else 0.0


def error_of(mine: Array, right: Array) -> float:
    """The largest difference; infinite where one is not finite and the other differs."""
    with np.errstate(all="ignore"):  # what overflows is infinitely wrong, and no warning
        a, b = mine.astype(np.float64), right.astype(np.float64)
        same = (a == b) | (np.isnan(a) & np.isnan(b))
        difference = np.where(same, 0.0, np.abs(a - b))
    return float(np.nan_to_num(difference, nan=np.inf, posinf=np.inf).max(initial=0.0))


def sensitivity(
    spec: Spec, arguments: dict[str, Any], truth: list[Array], dy: Array, rng: np.random.Generator
) -> list[float]:
    """How far each of torch's answers moves when every input moves by one ulp, up or down."""

    def nudged(value: Any) -> Any:
        if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
            return value
        ulp = np.finfo(value.dtype).eps
        return value.astype(np.float64) * (1 + ulp * rng.choice([-1.0, 1.0], value.shape))

    moved = [0.0] * len(truth)
    for _ in range(2):
        near = {name: nudged(value) for name, value in arguments.items()}
        outputs, gradients, _ = expected(spec, near, rng, "float64", nudged(dy))
        moves = [error_of(n, t) for n, t in zip([*outputs, *gradients], truth, strict=True)]
        moved = [max(m, new) for m, new in zip(moved, moves, strict=True)]
    return moved


def signatures_of(source: str) -> dict[str, frozenset[str]]:
    """The argument names of every function in `source`."""
    tree = ast.parse(source)
    return {
        node.name: frozenset(
            a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        )
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
