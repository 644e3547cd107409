"""`python -m benchmarks.reseeded [NAMES] [--seeds 1000]`: how often a right answer is rejected.

Each exercise is drawn anew from every seed, and torch's reference and all alternatives answer all
its questions, in this process: what they are told is wrong is a false reject.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from interview_cli.judge import catalogue
from interview_cli.judge.catalogue import Solution
from interview_cli.judge.exercise import Exercise
from interview_cli.judge.prove import torch_version
from interview_cli.judge.sheet import Question, Sheet
from interview_cli.judge.stub import language_of
from interview_cli.judge.subjects import Bank, Misbehaved, Subject, Torch

SOLUTIONS = Path(__file__).parents[1] / "solutions"
CHUNK = 50


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    chosen = [s for s in catalogue.solutions(SOLUTIONS) if s.alternatives()]
    rejects = 0
    print(f"{'':<32} {'seeds':>6} {'subjects':>9} {'answers':>9} {'false rejects':>14}", flush=True)
    with ProcessPoolExecutor(asked.jobs, get_context("spawn")) as pool:
        for solution in chosen:
            if asked.names and solution.name not in asked.names:
                continue
            starts = range(0, asked.seeds, CHUNK)
            parts = pool.map(
                rejected,
                [solution] * len(starts),
                [range(a, min(a + CHUNK, asked.seeds)) for a in starts],
            )
            answers, faults = 0, []
            for part_answers, part_faults in parts:
                answers += part_answers
                faults += part_faults
            count = len(subjects(solution))
            line = f"{solution.name:<32} {asked.seeds:>6} {count:>9} {answers:>9}"
            print(f"{line} {len(faults):>14}", flush=True)
            for fault in faults[:5]:
                print(f"  {fault}")
            rejects += len(faults)
    return 1 if rejects else 0


def subjects(solution: Solution) -> dict[str, Subject]:
    """torch's reference, and the alternatives in numpy and in torch, all in this process."""
    spec = solution.spec()
    found: dict[str, Subject] = {"reference": Torch(spec)}
    for path in solution.alternatives():
        source = path.read_text(encoding="utf-8")
        if language_of(source) == "numpy":
            found[path.stem] = Bank(source, spec)
        else:
            namespace: dict[str, object] = {}
            exec(compile(source, path.name, "exec"), namespace)
            found[path.stem] = Torch(replace(spec, reference=namespace[spec.function]))  # type: ignore[arg-type]
    return found


def rejected(solution: Solution, seeds: range) -> tuple[int, list[str]]:
    """How many answers were compared, and a line for each that was wrong."""
    torch_version()
    answers, faults = 0, []
    asked = subjects(solution)
    for seed in seeds:
        sheet = Exercise(solution, seed).sheet()
        for question in sheet.every_question():
            for name, subject in asked.items():
                answers += 1
                if fault := fault_of(sheet, subject, question):
                    faults.append(f"seed {seed}, {name}, {question.case.name}: {fault}")
    return answers, faults


def fault_of(sheet: Sheet, subject: Subject, question: Question) -> str:
    try:
        wrong = [
            f"{c.name} {c.error:.1e} > {c.allowed:.1e}"
            for c in sheet.compare(question, sheet.ask(subject, question))
            if not c.is_right
        ]
    except Misbehaved as misbehaved:
        wrong = [str(misbehaved)]
    return f"{question.dtype}, {', '.join(wrong)}" if wrong else ""


if __name__ == "__main__":
    raise SystemExit(main())
