"""What the judge says of a submission: data, without a word of any language but the bank's."""

from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Literal

from interview_cli.judge.compare import Array, Comparison
from interview_cli.judge.nursery import Language
from interview_cli.judge.pattern import Pattern
from interview_cli.spec import Call, Convention, Mistake, Stage

Kind = Literal[
    "accepted",
    "forbidden",  # right, but it calls what was to be written
    "unwritten",  # a stub, or a part of one
    "missing",  # the module does not define the function
    "signature",  # other arguments than the solution's
    "raised",
    "shape",  # a wrong shape, dtype, number or kind of results
    "modified",  # its input
    "mistake",  # wrong, and named
    "fragile",  # right in float64, lost in float32
    "wrong",
    "time",
    "memory",
    "refused",  # it asked for what a child may not have
    "exited",
]


@dataclass(frozen=True)
class StageResult:
    """How one stage went; one that was not reached is open."""

    stage: Stage
    state: Literal["passed", "failed", "open"]


@dataclass(frozen=True)
class Counterexample:
    """The smallest inputs found for which `name` is still wrong. dy: the cotangent of the first
    output, where gradients were asked for."""

    calls: tuple[Call, ...]
    dtype: str
    name: str
    mine: Array
    expected: Array
    allowed: float
    dy: Array | None = None


@dataclass(frozen=True)
class Verdict:
    """stage, case, dtype, output: the first failure. detail: what was raised, which shape ..., a
    Said where the words are the judge's.
    line: the place in the submission. forbidden: what it called that is the answer itself.
    refused: what it asked the machine for. widened: what came back in float64 though float32 was
    given, which is no fault. printed: what it printed, cut; printed_bytes: how much.
    """

    kind: Kind
    language: Language
    seed: int
    stages: tuple[StageResult, ...] = ()
    stage: Stage | None = None
    case: str = ""
    dtype: str = ""
    output: str = ""
    detail: str = ""
    line: int | None = None
    errors: tuple[Comparison, ...] = ()
    counterexample: Counterexample | None = None
    pattern: Pattern | None = None
    mistakes: tuple[Mistake, ...] = ()
    conventions: tuple[Convention, ...] = ()
    forbidden: tuple[str, ...] = ()
    refused: str = ""
    widened: tuple[str, ...] = ()
    printed: str = ""
    printed_bytes: int = 0
    walls: dict[str, str] = field(default_factory=dict)
    elapsed_ms: float = 0.0

    @property
    def is_accepted(self) -> bool:
        return self.kind == "accepted"


def as_data(verdict: Verdict) -> dict[str, Any]:
    """The verdict for scripts; described in docs/json.md."""
    found = verdict.counterexample
    return {
        "kind": verdict.kind,
        "is_accepted": verdict.is_accepted,
        "language": verdict.language,
        "seed": verdict.seed,
        "stages": [{"stage": s.stage.name, "state": s.state} for s in verdict.stages],
        "stage": verdict.stage.name if verdict.stage else None,
        "case": verdict.case or None,
        "dtype": verdict.dtype or None,
        "output": verdict.output or None,
        "detail": verdict.detail or None,
        "line": verdict.line,
        "errors": {
            c.name: {"error": plain(c.error), "allowed": plain(c.allowed)} for c in verdict.errors
        },
        "mistakes": [explained(m) for m in verdict.mistakes],
        "conventions": [explained(c) for c in verdict.conventions],
        "pattern": verdict.pattern
        and {"name": verdict.pattern.name, "zh": verdict.pattern.zh, "en": verdict.pattern.en},
        "counterexample": found
        and {
            "calls": [
                {"method": c.method or None, "arguments": plain(c.arguments)} for c in found.calls
            ],
            "dtype": found.dtype,
            "dy": plain(found.dy),
            "output": found.name,
            "yours": plain(found.mine),
            "expected": plain(found.expected),
            "allowed": plain(found.allowed),
        },
        "forbidden": list(verdict.forbidden),
        "refused": verdict.refused or None,
        "widened": list(verdict.widened),
        "printed": verdict.printed,
        "printed_bytes": verdict.printed_bytes,
        "walls": verdict.walls,
        "elapsed_ms": round(verdict.elapsed_ms, 1),
    }


def explained(variant: Mistake | Convention) -> dict[str, str]:
    return {"name": variant.name, "zh": variant.zh, "en": variant.en, "card": variant.card}


def plain(value: Any) -> Any:
    """Arrays as nested lists; numbers that are not finite, which JSON has not, by their names."""
    match value:
        case dict():
            return {name: plain(v) for name, v in value.items()}
        case list() | tuple():
            return [plain(v) for v in value]
        case _ if hasattr(value, "tolist"):
            return plain(value.tolist())
        case _ if hasattr(value, "seed"):
            return {"rng": value.seed}
        case float() if not isfinite(value):
            return str(value)
        case _:
            return value
