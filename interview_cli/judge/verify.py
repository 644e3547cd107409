"""Proves the bank: every solution against torch, and the judge against every variant of it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from interview_cli.judge import prove
from interview_cli.judge.catalogue import Solution
from interview_cli.judge.exercise import Exercise, edited
from interview_cli.judge.judging import verdict_of
from interview_cli.judge.nursery import Language, Nursery, nursery
from interview_cli.judge.stub import language_of, stub
from interview_cli.judge.subjects import Bank
from interview_cli.judge.verdict import Verdict
from interview_cli.spec import Convention, Mistake, Variant


@dataclass
class Report:
    """What was tried on one solution, and a line for each thing that fell short."""

    name: str
    cases: int = 0
    mistakes: int = 0
    rejected: int = 0
    named: int = 0
    conventions: int = 0
    recognised: int = 0
    alternatives: int = 0
    accepted: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    @property
    def is_proven(self) -> bool:
        return not self.faults


class Nurseries:
    """One nursery for each language, started when first needed."""

    def __init__(self) -> None:
        self.born: dict[Language, Nursery] = {}

    def of(self, language: Language) -> Nursery:
        if language not in self.born:
            self.born[language] = nursery(language)
        return self.born[language]

    def close(self) -> None:
        for born in self.born.values():
            born.close()
        self.born.clear()

    def __enter__(self) -> "Nurseries":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def verify(
    solution: Solution, nurseries: Nurseries, seed: int = 0, *, only_answer: bool = False
) -> Report:
    """Everything about one solution, or only itself against torch. Raises MissingExtra without
    torch, UsageError without spec."""
    started = time.perf_counter()
    check = Check(solution, nurseries, seed)
    check.proof()
    if not only_answer and check.exercise.made_of(()):
        check.judge()
    check.report.seconds = time.perf_counter() - started
    return check.report


class Check:
    """The checks of one solution, gathered in `report`."""

    def __init__(self, solution: Solution, nurseries: Nurseries, seed: int) -> None:
        self.solution, self.nurseries, self.seed = solution, nurseries, seed
        self.exercise = Exercise(solution, seed)
        self.report = Report(self.exercise.name)

    def fault(self, sentence: str) -> None:
        self.report.faults.append(sentence)

    @cached_property
    def solution_source(self) -> str:
        return self.solution.source()

    def judged(self, source: str, language: Language = "numpy") -> Verdict:
        return verdict_of(self.exercise, source, language, self.nurseries.of(language))

    def proof(self) -> None:
        """The solution against torch."""
        spec = self.exercise.spec
        for result in prove.results(
            self.solution_source, spec, self.seed, self.nurseries.of("numpy")
        ):
            self.report.cases += 1
            if not result.is_right:
                wrong = [
                    f"{c.name} {c.error:.1e} > {c.allowed:.1e}"
                    for c in result.comparisons
                    if not c.is_right
                ]
                told = result.fault or ", ".join(wrong)
                self.fault(f"against torch: {result.case}, {result.dtype}: {told}")

    def judge(self) -> None:
        """The judge against everything that the spec lists."""
        self.itself()
        for mistake in self.exercise.spec.mistakes:
            self.mistake(mistake)
        for convention in self.exercise.spec.conventions:
            self.convention(convention)
        for path in self.solution.alternatives():
            self.alternative(path)
        self.stubs()

    def itself(self) -> None:
        verdict = self.judged(self.solution_source)
        if not verdict.is_accepted or verdict.conventions or verdict.forbidden:
            self.fault(f"the judge does not accept the solution: {told_of(verdict)}")

    def mistake(self, mistake: Mistake) -> None:
        """Rejected, and named as itself."""
        self.report.mistakes += 1
        source = self.variant(mistake)
        if source is None:
            return
        verdict = self.judged(source)
        if verdict.is_accepted:
            self.fault(f"the mistake {mistake.name} is accepted: a hole in the cases")
            return
        self.report.rejected += 1
        if verdict.mistakes == (mistake,) and verdict.conventions == ():
            self.report.named += 1
        else:
            self.fault(f"the mistake {mistake.name} is not named as itself: {told_of(verdict)}")

    def convention(self, convention: Convention) -> None:
        """Accepted, and named."""
        self.report.conventions += 1
        source = self.variant(convention)
        if source is None:
            return
        verdict = self.judged(source)
        if verdict.is_accepted and verdict.conventions == (convention,):
            self.report.recognised += 1
        else:
            self.fault(f"the convention {convention.name} is not recognised: {told_of(verdict)}")

    def variant(self, variant: Variant) -> str | None:
        source = edited(self.solution_source, (variant,))
        if source is None:
            self.fault(f"{variant.name}: what it edits does not stand there exactly once")
        elif source == self.solution_source:
            self.fault(f"{variant.name} edits nothing")
        else:
            try:
                Bank(source, self.exercise.spec)
            except Exception as error:
                self.fault(f"{variant.name} does not run: {error!r}")
                return None
        return source

    def alternative(self, path: Path) -> None:
        """Another correct way to write it."""
        self.report.alternatives += 1
        source = path.read_text(encoding="utf-8")
        verdict = self.judged(source, language_of(source))
        if verdict.is_accepted and not verdict.forbidden and not verdict.conventions:
            self.report.accepted += 1
        else:
            self.fault(f"{path.name} is not accepted: {told_of(verdict)}")

    def stubs(self) -> None:
        """What a learner starts from is not accepted, and called unwritten."""
        for language in ("numpy", "torch"):
            source = stub(self.solution_source, self.exercise.spec, language)
            verdict = self.judged(source, language)
            if verdict.kind != "unwritten":
                self.fault(f"the {language} stub is not called unwritten: {told_of(verdict)}")


def told_of(verdict: Verdict) -> str:
    """A verdict in one line, for whoever writes the spec."""
    names = [v.name for v in (*verdict.mistakes, *verdict.conventions)]
    facts = [
        verdict.kind,
        " + ".join(names),
        verdict.stage.name if verdict.stage else "",
        verdict.case,
        verdict.dtype,
        verdict.output,
        verdict.detail,
        ", ".join(verdict.forbidden),
        *(f"{c.name} {c.error:.1e} > {c.allowed:.1e}" for c in verdict.errors if not c.is_right),
    ]
    return " · ".join(fact for fact in facts if fact)


def chosen(found: Sequence[Solution], names: Sequence[str]) -> list[Solution]:
    """Those with a proof; by name, if names are given."""
    with_spec = [s for s in found if s.spec_path.exists()]
    wanted = {n.rpartition("/")[2].replace("-", "_") for n in names}
    return [s for s in with_spec if not wanted or s.name in wanted]
