"""Proves a solution: every case of its spec, in its child, against torch in this process."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from interview_cli.errors import JudgeError
from interview_cli.judge.child import Child, Raised
from interview_cli.judge.compare import Comparison
from interview_cli.judge.nursery import Nursery, nursery, require
from interview_cli.judge.said import Said
from interview_cli.judge.sheet import Question, Sheet
from interview_cli.judge.subjects import Misbehaved, Submission, Torch
from interview_cli.spec import Case, Spec


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
    require("torch")


def torch_version() -> str:
    """The version of torch, imported for the first time. Raises MissingExtra."""
    require_torch()
    import torch

    torch.set_num_threads(1)  # small kernels: two threads on a busy machine are slower
    return str(torch.__version__)


def prove(source: str, spec: Spec, seed: int = 0) -> Proof:
    """Runs every case. Raises MissingExtra without torch, JudgeError if the child fails."""
    return Proof(tuple(results(source, spec, seed)))


def results(
    source: str, spec: Spec, seed: int = 0, born: Nursery | None = None
) -> Iterator[Result]:
    """The results of `prove`, one by one as they come. The child is one of `born`, if given."""
    home = born or nursery("numpy")
    try:
        with Child(home) as child:  # it imports numpy while we import torch
            torch_version()
            yield from proven(Submission(child, spec, "numpy"), source, spec, seed)
    finally:
        if born is None:
            home.close()


def proven(solution: Submission, source: str, spec: Spec, seed: int) -> Iterator[Result]:
    names = [name for name in (spec.function, spec.backward) if name]
    try:
        signatures = solution.child.load(source, names)
    except Raised as error:
        yield Result("loading", "", fault=f"raised {error}")
        return
    backward = signatures.get(spec.backward or "", [])
    solution.backward_names = frozenset(str(parameter[0]) for parameter in backward)
    sheet = Sheet(spec, Torch(spec), seed)
    for case in spec.cases:
        for dtype in case.dtypes:
            yield proven_case(sheet, solution, case, dtype)


def proven_case(sheet: Sheet, solution: Submission, case: Case, dtype: str) -> Result:
    """Outputs, and gradients if there are any."""
    questions = [Question(case, dtype)]
    if sheet.has_gradients(case):
        questions.append(Question(case, dtype, "gradients"))
    found: list[Comparison] = []
    for question in questions:
        try:
            answer = sheet.ask(solution, question)
            found += sheet.compare(question, answer)
            if wide := sheet.widened(question, answer):
                names = ", ".join(wide)
                raise Misbehaved(
                    "shape",
                    Said(
                        f"{names} 是 float64，应为 float32",
                        f"{names} is float64 instead of float32",
                    ),
                )
        except Raised as error:
            return Result(case.name, dtype, fault=f"raised {error}")
        except Misbehaved as fault:
            return Result(case.name, dtype, fault=str(fault))
        except KeyError as error:
            raise JudgeError(f"{case.name}: the reference has no {error}") from None
    return Result(case.name, dtype, tuple(found))
