"""How fast the judge is: from a save to the verdict on the screen, and the proof of the bank."""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks.measure import INTERVIEW, Terminal, alternately, ms, process, python, row
from interview_cli.judge import catalogue
from interview_cli.judge.catalogue import Solution
from interview_cli.judge.exercise import edited

ROOT = Path(__file__).parents[1]
REWRITTEN = ROOT / "tests" / "solutions" / "rewritten"
MISTAKES = 6
TORCH_TEST = """\
import torch
import torch.nn.functional as F

def test_layer_norm():
    x = torch.randn(8, 16)
    y = (x - x.mean(1, keepdim=True)) / (x.var(1, unbiased=False, keepdim=True) + 1e-5).sqrt()
    torch.testing.assert_close(y, F.layer_norm(x, (16,)))
"""


@dataclass(frozen=True)
class Save:
    """What a learner saves, and the words that the verdict has and the one before had not."""

    source: str
    words: str


def bench_verdict(folder: Path) -> None:
    """Every solution at the keyboard: mistakes, then the right answer."""
    test = folder / "test_one.py"
    test.write_text(TORCH_TEST)
    floors: dict[str, list[float]] = {"import numpy": [], "import torch": [], "pytest": []}
    taken: dict[str, list[float]] = {"numpy": [], "torch": []}
    exercises = [s for s in catalogue.solutions(ROOT / "solutions") if s.alternatives()]
    for solution in exercises:
        for language, times in taken.items():
            saves = list(saves_of(solution, language))
            home = folder / f"{solution.name}-{language}"
            times += sat_through(solution, language, saves, home)
        floors["import numpy"].append(python("import numpy"))
        floors["import torch"].append(python("import torch"))
        floors["pytest"].append(
            process([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)])
        )
    floor = {name: median(seconds) for name, seconds in floors.items()}
    for language, times in taken.items():
        for name, part, aim in (("p50", 49, "1/20"), ("p95", 94, "1/5")):
            mine = quantiles(times, n=100)[part]
            what = f"save to verdict, {language}, {name} of {len(times)}"
            torch = floor["import torch"]
            row(what, ms(mine), ms(torch), mine / torch, f"{aim} of import torch")
            if language == "numpy":
                bare = floor["import numpy"]
                row("  the same", ms(mine), ms(bare), mine / bare, "2.5x of import numpy")
            else:
                bare = floor["pytest"]
                row("  the same", ms(mine), ms(bare), mine / bare, "a fresh pytest of one test")


def saves_of(solution: Solution, language: str) -> Iterator[Save]:
    """Some mistakes of the spec, or those that the tests have in torch; then the right answer."""
    if language == "numpy":
        right = solution.source()
        for mistake in solution.spec().mistakes[:MISTAKES]:
            wrong = edited(right, (mistake,))
            assert wrong is not None
            yield Save(wrong, mistake.name)
    else:
        right = (ROOT / alternative(solution)).read_text()
        names = {m.name for m in solution.spec().mistakes}
        for path in sorted((REWRITTEN / solution.name).glob("*.torch.py")):
            if (name := path.name.partition(".")[0]) in names:
                yield Save(path.read_text(), name)
    yield Save(right, "everything is right")


def alternative(solution: Solution) -> Path:
    return next(p for p in solution.alternatives() if p.stem == "torch")


def sat_through(
    solution: Solution, language: str, saves: list[Save], home: Path
) -> Iterator[float]:
    """Seconds from each save until its verdict stands on the screen."""
    name = solution.name.replace("_", "-")
    command = [INTERVIEW, "practice", name, "--in", language, "--no-open", "--lang", "en"]
    terminal = Terminal(command, {"INTERVIEW_HOME": str(home)})
    terminal.until(b"hint")
    (path,) = home.glob("practice/*/*/*.py")
    while not terminal.is_idle():  # it works out what a verdict may need while nobody types
        pass
    for number, save in enumerate(saves):
        beside = path.with_name(f"{number}.tmp")
        beside.write_text(save.source)
        started = time.perf_counter()
        beside.replace(path)
        terminal.until(save.words.encode())
        yield time.perf_counter() - started
    terminal.close()


def bench_verify(_: Path) -> None:
    mine, floor = alternately(
        lambda: process([INTERVIEW, "verify", "--answers"]), lambda: python("import torch")
    )
    what = "verify --answers"
    row(what, f"{mine:.2f} s", f"{floor:.2f} s", mine / floor, "1.5x of import torch")
    whole, _torch = alternately(
        lambda: process([INTERVIEW, "verify", "-j", "2"]), lambda: python("import torch"), rounds=2
    )
    row("verify -j 2, all of the bank", f"{whole:.1f} s", "", None, "under 60 s")
