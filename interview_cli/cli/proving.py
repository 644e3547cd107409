"""Proves the bank: its solutions through the judge, and the cards that code can check.

Work is cut into jobs, a solution or a deck each, so that several processes can share it.
"""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from interview_cli.bank import asking
from interview_cli.bank.deck import read_deck
from interview_cli.bank.model import Numeric, Predict
from interview_cli.errors import InterviewError, JudgeError
from interview_cli.judge import catalogue
from interview_cli.judge.catalogue import Solution
from interview_cli.judge.child import Child
from interview_cli.judge.nursery import Limits
from interview_cli.judge.verify import Nurseries, Report, verify

SEEDS = 20
SNIPPET_LIMIT_S = 60.0
# A snippet may import what it teaches, torch.optim and more.
SNIPPET_LIMITS = Limits(memory_bytes=2 << 30, cpu_s=60)


@dataclass(frozen=True)
class Job:
    """One solution, or one deck's cards."""

    root: Path
    solution: Solution | None = None
    deck: Path | None = None
    only_answer: bool = False


def reports(
    solutions: Sequence[Solution],
    decks: Sequence[Path],
    root: Path,
    jobs: int,
    *,
    only_answers: bool = False,
) -> Iterator[Report]:
    """A report for each solution and each deck. Raises InterviewError."""
    work = [Job(root, solution=s, only_answer=only_answers) for s in solutions]
    work += [Job(root, deck=d) for d in decks]
    if jobs == 1:
        with Nurseries() as nurseries:
            for job in work:
                yield done(job, nurseries)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Our own processes, which prove our own bank; what is judged runs in their children.
    with ProcessPoolExecutor(min(jobs, len(work) or 1), get_context("spawn")) as pool:
        yield from pool.map(alone, work)


def alone(job: Job) -> Report:
    """One job in a process of its own, which keeps its nurseries for the next."""
    global kept
    if kept is None:
        kept = Nurseries()
    return done(job, kept)


kept: Nurseries | None = None


def done(job: Job, nurseries: Nurseries) -> Report:
    if job.solution is not None:
        return verify(job.solution, nurseries, only_answer=job.only_answer)
    assert job.deck is not None
    return cards(job.deck, job.root / "solutions", nurseries)


def cards(path: Path, solutions: Path, nurseries: Nurseries) -> Report:
    """Every predict card prints what it says, every numeric card's answer is torch's."""
    started = time.perf_counter()
    report = Report(f"cards/{path.stem}")
    for card in read_deck(path.read_bytes(), path.name).cards:
        match card:
            case Predict():
                report.cases += 1
                predicted(card, nurseries, report)
            case Numeric():
                report.cases += 1
                computed(card, solutions, report)
            case _:
                pass
    report.seconds = time.perf_counter() - started
    return report


def predicted(card: Predict, nurseries: Nurseries, report: Report) -> None:
    """Runs the snippet behind the same walls as a submission."""
    try:
        with Child(nurseries.of("torch"), SNIPPET_LIMITS, SNIPPET_LIMIT_S) as child:
            printed = child.script(card.code)
    except JudgeError as error:
        report.faults.append(f"{card.id}: {error}")
        return
    if not asking.is_printed(printed, card.prints):
        last = printed.strip().splitlines()[-1:] or ["nothing"]
        report.faults.append(f"{card.id} prints something else than it says: {last[0]}")


def computed(card: Numeric, solutions: Path, report: Report) -> None:
    """Solves the card on many seeds, and asks torch too."""
    name, _, wanted = card.compute.partition(":")
    try:
        ours = catalogue.function(solutions, card.compute)
        torchs = catalogue.get(solutions, name).spec().numbers[wanted]
    except (InterviewError, KeyError) as error:
        report.faults.append(f"{card.id}: torch has no way to {card.compute} ({error})")
        return
    for seed in range(SEEDS):
        numbers = dict(asking.ask(card, Random(seed)).numbers)
        answer, right = float(ours(**numbers)), float(torchs(**numbers))
        if not math.isclose(answer, right, rel_tol=1e-9):
            report.faults.append(f"{card.id}: {answer:g} instead of {right:g} for {numbers}")
            return
