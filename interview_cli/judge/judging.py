"""Judges a submission: stage by stage, in a child, until something is wrong; then says what.

    for event in judge(exercise, source, "numpy", nursery):
        match event:
            case StageResult(): ...   # as each stage passes or fails
            case Verdict(): ...       # the last event

The child returns arrays and the parent decides. A convention that is recognised takes the place of
the solution, and judging begins again: from then on it is what is right.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from interview_cli.errors import JudgeError, TimeLimit
from interview_cli.judge.child import CALL_LIMIT_S, Child, Gone, Raised, signal_of
from interview_cli.judge.compare import Comparison, Values
from interview_cli.judge.exercise import Exercise, is_right
from interview_cli.judge.nursery import Language, Nursery
from interview_cli.judge.pattern import pattern
from interview_cli.judge.said import Said
from interview_cli.judge.sheet import SHAPE, Question, Sheet
from interview_cli.judge.shrink import counterexample
from interview_cli.judge.signature import changed, signature_of
from interview_cli.judge.subjects import Misbehaved, Submission
from interview_cli.judge.verdict import Kind, StageResult, Verdict
from interview_cli.spec import Case, Convention, Mistake, Stage

TOTAL_LIMIT_S = 20.0
NO_MEMORY = ("can't allocate memory", "not enough memory", "Unable to allocate", "bad_alloc")
ENDED_BY_CPU = -24  # SIGXCPU

T = TypeVar("T")


class Fault(Exception):
    """Judging ends here, with this verdict."""

    def __init__(self, kind: Kind, detail: str = "", line: int | None = None, refused: str = ""):
        super().__init__(detail)
        self.kind, self.detail, self.line, self.refused = kind, detail, line, refused


def judge(
    exercise: Exercise,
    source: str,
    language: Language,
    nursery: Nursery,
    until: str | None = None,
    limit_s: float = CALL_LIMIT_S,
) -> Iterator[StageResult | Verdict]:
    """until: the stage to end with. limit_s: for each answer. Raises JudgeError where no child can
    be started."""
    started = time.perf_counter()
    with Child(nursery, limit_s=limit_s) as child:
        sitting = Sitting(exercise, child, language, until)
        yield from sitting.stages(source)
        verdict = sitting.verdict()
    yield replace(verdict, elapsed_ms=1000 * (time.perf_counter() - started))


def verdict_of(
    exercise: Exercise,
    source: str,
    language: Language,
    nursery: Nursery,
    until: str | None = None,
    limit_s: float = CALL_LIMIT_S,
) -> Verdict:
    """The last event of `judge`."""
    *_, last = judge(exercise, source, language, nursery, until, limit_s)
    assert isinstance(last, Verdict)
    return last


class Sitting:
    """One submission before the judge."""

    def __init__(
        self, exercise: Exercise, child: Child, language: Language, until: str | None
    ) -> None:
        self.exercise, self.child, self.language, self.until = exercise, child, language, until
        self.spec = exercise.spec
        self.submission = Submission(child, self.spec, language)
        self.conventions: tuple[Convention, ...] = ()
        self.results: dict[str, StageResult] = {}
        self.widened: dict[str, None] = {}
        self.raised: dict[Question, str] = {}
        self.found = Verdict("accepted", language, exercise.seed)
        self.deadline = time.monotonic() + TOTAL_LIMIT_S

    @property
    def sheet(self) -> Sheet:
        return self.exercise.sheet(self.conventions)

    def stages(self, source: str) -> Iterator[StageResult]:
        """The result of each stage as it comes, until one fails."""
        try:
            self.load(source)
        except Fault as fault:
            self.found = self.faulted(fault)
            return
        while True:
            known = self.conventions
            for stage in self.asked():
                is_new = self.results.get(stage.name) is None
                result = StageResult(stage, "passed" if self.passes(stage) else "failed")
                if self.conventions != known:
                    break
                self.results[stage.name] = result
                if is_new:
                    yield result
                if result.state == "failed":
                    return
            if self.conventions == known:
                break
        called = self.forbidden()
        self.found = replace(
            self.found,
            kind="forbidden" if called else "accepted",
            conventions=self.conventions,
            forbidden=called,
        )

    def asked(self) -> list[Stage]:
        """The stages up to the one to end with."""
        stages = self.sheet.stages
        names = [s.name for s in stages]
        return stages[: names.index(self.until) + 1] if self.until in names else stages

    def load(self, source: str) -> None:
        """Runs the module and checks its signatures. Raises Fault."""
        bank = self.sheet.oracle
        namespace: dict[str, Any] = getattr(bank, "namespace", {})
        names = [self.spec.function]
        if self.spec.backward and self.language == "numpy":
            names.append(self.spec.backward)
        signatures = self.guarded(lambda: self.child.load(source, names, self.language))
        for name in names:
            if name not in signatures:
                if name == self.spec.function:
                    raise Fault("missing", name)
                continue
            if told := changed(name, signature_of(namespace[name]), signatures[name]):
                raise Fault("signature", told)
        found = signatures.get(self.spec.backward or "", [])
        given = frozenset(str(p[0]) for p in found if p)
        if any(name.startswith("*") for name in given):
            given |= getattr(bank, "backward_names", frozenset())
        self.submission.backward_names = given

    def passes(self, stage: Stage) -> bool:
        """Asks the questions of a stage; at the first wrong answer finds out what is wrong."""
        for question in self.sheet.questions(stage):
            try:
                answer = self.answer(question)
                comparisons = self.sheet.compare(question, answer)
                self.widened |= dict.fromkeys(self.sheet.widened(question, answer))
            except (Fault, Misbehaved) as fault:
                return self.failed(stage, question, (), fault)
            if stage is not SHAPE and not all(c.is_right for c in comparisons):
                return self.failed(stage, question, tuple(comparisons), None, answer)
        return True

    def answer(self, question: Question) -> Values:
        """Raises Fault, Misbehaved."""
        if (
            question.part == "gradients"
            and self.language == "numpy"
            and not self.submission.backward_names
        ):
            raise Fault("unwritten", self.spec.backward or "")
        return self.guarded(lambda: self.sheet.ask(self.submission, question))

    def guarded(self, ask: Callable[[], T]) -> T:
        """The child's answer. Raises Fault for everything that is not one, but Misbehaved."""
        if time.monotonic() > self.deadline:
            limit_s = f"{TOTAL_LIMIT_S:g}"
            raise Fault("time", Said(f"{limit_s} 秒内没有做完", f"not done within {limit_s} s"))
        try:
            return ask()
        except Raised as raised:
            raise Fault(*raised_as(raised)) from None
        except TimeLimit:
            limit_s = f"{self.child.limit_s:g}"
            said = Said(f"{limit_s} 秒内没有结果", f"no answer within {limit_s} s")
            raise Fault("time", said) from None
        except Gone as gone:
            raise Fault(*ended_as(gone, self.child)) from None
        except JudgeError as error:
            raise Fault("exited", str(error)) from None

    def failed(
        self,
        stage: Stage,
        question: Question,
        comparisons: tuple[Comparison, ...],
        fault: Fault | Misbehaved | None,
        answer: Values | None = None,
    ) -> bool:
        """Notes what is wrong; True only if a convention explains it, and is right."""
        self.heard()
        self.found = replace(
            self.found,
            stage=stage,
            case=question.case.name,
            dtype=question.dtype,
            errors=comparisons,
            conventions=self.conventions,
        )
        if isinstance(fault, Fault):
            self.found = self.faulted(fault)
        elif fault is not None:
            self.found = replace(self.found, kind=fault.kind, detail=fault.said)
        else:
            self.found = replace(self.found, kind="wrong")
        if self.found.kind not in ("wrong", "shape", "raised"):
            return False
        answers = self.answers(question, answer)
        variants = self.exercise.named(answers, self.conventions, self.raised) if answers else ()
        conventions = tuple(v for v in variants if isinstance(v, Convention))
        if conventions and question.part == "gradients" and not self.have_passed(conventions):
            variants = conventions = ()
        mistakes = tuple(v for v in variants if isinstance(v, Mistake))
        if conventions and not mistakes:
            self.conventions += conventions
            self.found = Verdict("accepted", self.language, self.exercise.seed)
            return True
        if mistakes:
            self.found = replace(
                self.found,
                kind="mistake",
                mistakes=mistakes,
                conventions=self.conventions + conventions,
            )
        elif self.found.kind == "wrong" and self.is_fragile(question, answers):
            self.found = replace(self.found, kind="fragile")
        if answer is not None and comparisons:
            self.describe(question, comparisons, answer)
        return False

    def answers(self, question: Question, answer: Values | None) -> dict[Question, Values | None]:
        """What the submission makes of every question of that part; nothing if the child ended."""
        found: dict[Question, Values | None] = {}
        for other in self.sheet.every_question():
            if other.part != question.part:
                continue
            if other == question and answer is not None:
                found[other] = answer
                continue
            try:
                found[other] = self.answer(other)
            except Misbehaved:
                found[other] = None
                self.raised[other] = Misbehaved.__name__
            except Fault as fault:
                if fault.kind != "raised":
                    return {}
                found[other] = None
                self.raised[other] = fault.detail.partition(":")[0]
        return found

    def have_passed(self, conventions: tuple[Convention, ...]) -> bool:
        """Whether the outputs, which were right before, are right by these conventions too: else
        only the backward pass follows them, and that is no convention."""
        sheet = self.exercise.sheet((*self.conventions, *conventions))
        outputs = self.answers(Question(self.spec.cases[0], "float64"), None)
        return bool(outputs) and all(
            answer is not None and is_right(sheet, q, answer) for q, answer in outputs.items()
        )

    def is_fragile(self, question: Question, answers: dict[Question, Values | None]) -> bool:
        """Whether float64 is right throughout."""
        exact = [q for q in answers if q.dtype == "float64"]
        return (
            question.dtype == "float32"
            and bool(exact)
            and all(
                (found := answers[q]) is not None and is_right(self.sheet, q, found) for q in exact
            )
        )

    def describe(
        self, question: Question, comparisons: tuple[Comparison, ...], answer: Values
    ) -> None:
        """The first wrong value, how it is wrong, and the smallest inputs that show it."""
        name = next(c.name for c in comparisons if not c.is_right)
        self.found = replace(self.found, output=name)
        if self.spec.law:
            return
        expected = self.sheet.expected(question)[name]
        calls = self.sheet.calls(question.case, question.dtype)
        inputs = {n: v for n, v in calls[0].arguments.items() if hasattr(v, "shape")}
        try:
            smallest = counterexample(self.sheet, self.submission, question, name)
        except (Raised, JudgeError):
            smallest = None
        self.found = replace(
            self.found,
            pattern=pattern(answer[name], expected.value, expected.allowed, inputs),
            counterexample=smallest,
        )

    def forbidden(self) -> tuple[str, ...]:
        """What the submission called that is the answer itself, as torch names it."""
        if not self.spec.forbidden:
            return ()
        for case in self.spec.cases:
            if found := self.forbidden_in(case):
                return found
        return ()

    def forbidden_in(self, case: Case) -> tuple[str, ...]:
        seen: list[str] = []
        for call in self.sheet.calls(case, case.dtypes[0]):
            try:
                seen += self.child.trace(self.submission.target(call), call.arguments)
            except (Raised, JudgeError):
                break
        patterns = self.spec.forbidden
        matched = {public(n) for n in seen if any(fnmatchcase(n.lower(), p) for p in patterns)}
        return tuple(sorted(matched, key=lambda name: ("aten" in name, len(name), name)))

    def faulted(self, fault: Fault) -> Verdict:
        return replace(
            self.found,
            kind=fault.kind,
            detail=fault.detail,
            line=fault.line,
            refused=fault.refused,
        )

    def heard(self) -> None:
        """Notes what was printed up to now; what it prints to our further questions is ours."""
        if self.child.is_open:
            self.child.keep_output()
        self.found = replace(
            self.found,
            printed=self.child.output.decode("utf-8", "replace"),
            printed_bytes=self.child.printed,
        )

    def verdict(self) -> Verdict:
        if self.found.stage is None:
            self.heard()
        open_ = [StageResult(s, "open") for s in self.asked() if s.name not in self.results]
        return replace(
            self.found,
            stages=(*self.results.values(), *open_),
            widened=tuple(self.widened),
            walls=self.child.walls,
        )


def public(name: str) -> str:
    """An operator as its users know it: numpy.std for numpy._core.fromnumeric.std."""
    for inside, outside in PUBLIC:
        name = re.sub(inside, outside, name)
    return name


PUBLIC = (
    (r"^numpy\.(_core|core|lib)\..*\.(?=\w+$)", "numpy."),
    (r"^torch\._C\._VariableFunctions\w*\.|^torch\._VariableFunctions\w*\.", "torch."),
    (r"^torch\._C\._nn\.", "torch.nn.functional."),
    (r"^torch\._C\._(\w+)\.\1_", r"torch.\1."),
)


def raised_as(raised: Raised) -> tuple[Kind, str, int | None, str]:
    """What an exception says of a submission."""
    if raised.name == "NotImplementedError" and "aten::" not in raised.message:
        return "unwritten", str(raised), raised.line, ""
    if raised.name == "MemoryError" or any(word in raised.message for word in NO_MEMORY):
        return "memory", str(raised), raised.line, ""
    if raised.refused:
        return "refused", str(raised), raised.line, raised.refused
    return "raised", str(raised), raised.line, ""


def ended_as(gone: Gone, child: Child) -> tuple[Kind, str]:
    """Why a child is gone."""
    if child.status == ENDED_BY_CPU:
        return "time", Said("用完了处理器时间", "the limit of processor time")
    if any(word in str(gone) for word in (*NO_MEMORY, "MemoryError")):
        return "memory", str(gone)
    signal = signal_of(child.status)
    zh = f"进程被 {signal} 结束" if signal else "进程没有回答就退出了"
    printed = str(gone).partition(": ")[2]
    return "exited", Said(f"{zh}：{printed}" if printed else zh, str(gone))
