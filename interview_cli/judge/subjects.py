"""Who can be asked the questions of a spec: the bank's own code, torch, or a submission.

All three answer the same calls by name, so that one can be held against another.
"""

import inspect
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, Protocol

import numpy as np

from interview_cli.errors import JudgeError
from interview_cli.judge.child import Child, Returned
from interview_cli.judge.compare import Array, Scalar, Values
from interview_cli.judge.nursery import Language
from interview_cli.judge.said import Said
from interview_cli.spec import Arguments, Call, Rng, Spec


class Misbehaved(Exception):
    """An answer that cannot be compared. It changed its input, has the wrong form, or follows
    no law."""

    def __init__(self, kind: Literal["modified", "shape", "wrong"], said: Said) -> None:
        super().__init__(said)
        self.kind, self.said = kind, said


class Subject(Protocol):
    """Answers one call at a time."""

    def call(self, call: Call) -> list[Array]: ...

    def gradients(self, call: Call, dy: Array, outputs: Values) -> list[Array]: ...


def outputs_of(subject: Subject, spec: Spec, calls: Sequence[Call]) -> Values:
    """All results by name: `y`; of several calls `y[1]`, `y[2]`, as an interviewer counts."""
    found: Values = {}
    before: Arguments = {}
    for number, call in numbered(calls):
        carried = Call({**before, **call.arguments}, call.method, call.outputs)
        names = spec.outputs if call.outputs is None else call.outputs
        results = subject.call(carried)
        if len(results) != len(names):
            raise Misbehaved("shape", wrong_number(len(results), len(names), "outputs"))
        by_name = dict(zip(names, results, strict=True))
        found |= by_name if len(calls) == 1 else {f"{n}[{number}]": v for n, v in by_name.items()}
        if not call.method:
            before = {n: v for n, v in by_name.items() if n in carried.arguments}
    return found


def numbered(calls: Sequence[Call]) -> Iterator[tuple[int, Call]]:
    """The calls, counted from 1; one that makes an object is 0."""
    first = 0 if calls and calls[0].outputs == () else 1
    return enumerate(calls, first)


def gradients_of(
    subject: Subject, spec: Spec, calls: Sequence[Call], dy: Array, outputs: Values
) -> Values:
    """The gradients of sum(first output * dy) by name: `dx`."""
    (call,) = calls
    results = subject.gradients(call, dy, outputs)
    if len(results) != len(spec.gradients):
        raise Misbehaved("shape", wrong_number(len(results), len(spec.gradients), "gradients"))
    return {f"d{name}": result for name, result in zip(spec.gradients, results, strict=True)}


class Bank:
    """The bank's own code, in this process: a solution, or a variant of one."""

    def __init__(self, source: str, spec: Spec) -> None:
        self.spec = spec
        self.namespace: dict[str, Any] = {"__name__": "solution"}
        exec(compile(source, "<solution>", "exec"), self.namespace)
        self.made: Any = None
        backward = self.namespace.get(spec.backward or "")
        self.backward_names = names_of(backward) if backward else frozenset()

    def call(self, call: Call) -> list[Array]:
        target = self.namespace[self.spec.function]
        if call.method:
            target = getattr(self.made, call.method)
        with quiet():
            result = target(**{n: generators(v) for n, v in call.arguments.items()})
        if call.outputs == ():
            self.made = result
            return []
        return [np.asarray(r) for r in (result if isinstance(result, tuple) else (result,))]

    def gradients(self, call: Call, dy: Array, outputs: Values) -> list[Array]:
        function = self.namespace[self.spec.backward or ""]
        with quiet():
            result = function(**accepted(self.backward_names, call.arguments, dy, outputs))
        return [np.asarray(r) for r in (result if isinstance(result, tuple) else (result,))]


@contextmanager
def quiet() -> Iterator[None]:
    """A mistake may divide by zero, or take the variance of nothing; that is no news."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


class Torch:
    """torch's own answer, through the spec's reference and autograd. Float arrays as they are."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.made: Any = None

    def call(self, call: Call) -> list[Array]:
        target = getattr(self.made, call.method) if call.method else self.spec.reference
        result = target(**{n: tensors(v) for n, v in call.arguments.items()})
        if call.outputs == ():
            self.made = result
            return []
        return [detached(r) for r in (result if isinstance(result, tuple) else (result,))]

    def gradients(self, call: Call, dy: Array, outputs: Values) -> list[Array]:  # noqa: ARG002
        import torch

        given = {n: tensors(v) for n, v in call.arguments.items()}
        for name in self.spec.gradients:
            given[name].requires_grad_(True)
        result = self.spec.reference(**given)
        first = result[0] if isinstance(result, tuple) else result
        # Not y.backward(dy): in a fresh process that imports sympy.
        (first * torch.tensor(dy)).sum().backward()
        found = [given[name].grad for name in self.spec.gradients]
        if any(g is None for g in found):
            raise JudgeError("the reference does not depend on all of the spec's gradients")
        return [g.numpy() for g in found]


class Submission:
    """Code in a child. Raises Raised, Misbehaved, JudgeError and its kinds."""

    def __init__(self, child: Child, spec: Spec, language: Language) -> None:
        self.child, self.spec, self.language = child, spec, language
        self.backward_names: frozenset[str] = frozenset()

    def target(self, call: Call) -> dict[str, Any]:
        if call.method:
            return {"method": call.method}
        return {"function": self.spec.function, "makes": call.outputs == ()}

    def call(self, call: Call) -> list[Array]:
        names = self.spec.outputs if call.outputs is None else call.outputs
        returned = self.child.call(self.target(call), call.arguments)
        return arrays_of(returned, returned.kinds, names, "outputs")

    def gradients(self, call: Call, dy: Array, outputs: Values) -> list[Array]:
        names = tuple(f"d{name}" for name in self.spec.gradients)
        if self.language == "torch":
            target = self.target(call)
            returned = self.child.call(target, call.arguments, self.spec.gradients, dy)
            skipped = sum(kind in ("array", "scalar") for kind in returned.kinds)
            for name, kind in zip(names, returned.gradients, strict=False):
                if kind == "NoneType":
                    first, x = self.spec.outputs[0], name[1:]
                    said = Said(
                        f"从 {first} 到 {x} 的计算图断了，autograd 求不出梯度",
                        f"autograd finds no way from {first} back to {x}",
                    )
                    raise Misbehaved("shape", said)
            returned = Returned(returned.gradients, returned.arrays[skipped:], returned.changed, [])
        else:
            given = accepted(self.backward_names, call.arguments, dy, outputs)
            returned = self.child.call({"function": self.spec.backward}, given)
        return arrays_of(returned, returned.kinds, names, "gradients")


def arrays_of(
    returned: Returned, kinds: Sequence[str], names: Sequence[str], what: str
) -> list[Array]:
    """The results as arrays. Raises Misbehaved for a changed input or anything but arrays."""
    if returned.changed:
        zh, en = ("反向时", " in the backward pass") if what == "gradients" else ("", "")
        inputs = ", ".join(returned.changed)
        said = Said(f"{zh}改动了输入 {inputs}", f"modified its input {inputs}{en}")
        raise Misbehaved("modified", said)
    if len(kinds) != len(names):
        raise Misbehaved("shape", wrong_number(len(kinds), len(names), what))
    for name, kind in zip(names, kinds, strict=True):
        if kind not in ("array", "scalar"):
            found = "None" if kind == "NoneType" else kind
            said = Said(
                f"{name} 是 {bare(found)}，应为数组",
                f"{name} is {with_article(found)} instead of an array",
            )
            raise Misbehaved("shape", said)
    return [
        array.view(Scalar) if kind == "scalar" and not array.ndim else array
        for kind, array in zip(kinds, returned.arrays, strict=False)
    ]


def wrong_number(mine: int, right: int, what: str) -> Said:
    zh = {"outputs": "个输出", "gradients": "个梯度"}[what]
    return Said(
        f"返回了 {mine} {zh}，应为 {right} 个", f"returned {mine} {what} instead of {right}"
    )


def bare(kind: str) -> str:
    return kind.removeprefix("an ").removeprefix("a ")


def with_article(kind: str) -> str:
    if kind == "None" or kind.startswith(("a ", "an ")):
        return kind
    return f"an {kind}" if kind[:1].lower() in "aeio" else f"a {kind}"


def accepted(
    names: frozenset[str], arguments: Arguments, dy: Array, outputs: Values
) -> dict[str, Any]:
    """What a backward function is given: what it names of the cotangent, arguments and outputs."""
    given = {**outputs, **arguments, "dy": dy}
    return {name: value for name, value in given.items() if name in names}


def names_of(function: Callable[..., Any]) -> frozenset[str]:
    return frozenset(inspect.signature(function).parameters)


def generators(value: Any) -> Any:
    return np.random.default_rng(value.seed) if isinstance(value, Rng) else value


def tensors(value: Any) -> Any:
    """Arrays as tensors that share nothing with them."""
    import torch

    if isinstance(value, (np.ndarray, np.generic)):
        return torch.tensor(value)
    if isinstance(value, Rng):
        return torch.Generator().manual_seed(value.seed)
    if isinstance(value, (list, tuple)):
        return type(value)(tensors(v) for v in value)
    return value


def detached(result: Any) -> Array:
    return np.asarray(result.detach().numpy() if hasattr(result, "detach") else result)
