"""`python -m benchmarks [NAMES]`: every figure beside its floor, measured in the same run."""

import compileall
import gc
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import aim, judge, optimizer, plan, quiz, readiness, statistics

BENCHES: dict[str, Callable[[Path], None]] = {
    "help": quiz.bench_help,
    "question": quiz.bench_question,
    "scale": quiz.bench_scale,
    "changed": quiz.bench_changed,
    "cold": quiz.bench_cold,
    "answer": quiz.bench_answer,
    "replay": quiz.bench_replay,
    "stats": statistics.bench_stats,
    "verdict": judge.bench_verdict,
    "verify": judge.bench_verify,
    "aim": aim.bench_aim,
    "optimizer": optimizer.bench_optimizer,
    "plan": plan.bench_plan,
    "costs": plan.bench_costs,
    "strangers": plan.bench_strangers,
    "readiness": readiness.bench_readiness,
}


def main(names: list[str]) -> None:
    import interview_cli

    gc.disable()  # as the program does
    # As pip leaves it: compiled.
    compileall.compile_dir(Path(interview_cli.__file__).parent, quiet=2)
    print(f"{'':<52} {'ours':>10} {'floor':>10} {'ratio':>7}  aim")
    folder = Path(tempfile.mkdtemp(prefix="interview-bench-"))
    try:
        for name in names or BENCHES:
            BENCHES[name](folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
