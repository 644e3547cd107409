"""A small solution with its proof, what people make of it, and an editor that saves it."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from tests.cli.material import Home, Ran, interview

RIGHT = """\
def small_norm(x, eps=1e-5):
    mean = x.mean(0)
    var = ((x - mean) ** 2).mean(0)
    return (x - mean) / (var + eps) ** 0.5
"""
UNBIASED = RIGHT.replace("((x - mean) ** 2).mean(0)", "x.var(0, ddof=1)")
NOT_CENTRED = RIGHT.replace("return (x - mean)", "return x")
EPS_OUTSIDE = RIGHT.replace("(var + eps) ** 0.5", "(var**0.5 + eps)")
FRAGILE = RIGHT.replace("((x - mean) ** 2).mean(0)", "(x**2).mean(0) - mean**2")
TWICE = RIGHT.replace("return ", "return 2 * ")
NO_EPS_ARGUMENT = RIGHT.replace("(var + eps)", "(var + 1e-5)")
TORCH = "import torch\n\n\n" + RIGHT

SPEC = '''"""Proof of small_norm."""

from functools import partial

from interview_cli.spec import Case, Convention, Hint, Mistake, Spec


def reference(x, eps=1e-5):
    return (x - x.mean(0)) / (x.var(0, correction=0) + eps) ** 0.5


def draw(rng, shape=(4, 3), loc=0.0, scale=2.0, **options):
    return {"x": rng.normal(loc, scale, shape), **options}


SPEC = Spec(
    function="small_norm",
    outputs=("y",),
    reference=reference,
    minutes=15,
    forbidden=("*.std",),
    cases=(
        Case("plain", draw),
        Case("eps given", partial(draw, eps=0.5), stage="options"),
        Case("far from zero", partial(draw, loc=500.0, shape=(16, 2)), stage="stability"),
    ),
    hints=(
        Hint("每列有自己的均值和方差：沿 axis=0 求。", "A mean and a variance per column: axis=0."),
        Hint("除以 √(σ² + ε)，方差除以 n，而不是 n − 1；ε 在根号里面，这样常数列也不会得到 0/0。",
             "Divide by √(σ² + ε), with the variance over n, not n − 1; with ε inside of the root "
             "a constant column is not 0/0."),
    ),
    conventions=(
        Convention(
            "eps-outside-the-root", "(x.var(axis=0) + eps) ** 0.5", "(x.var(axis=0) ** 0.5 + eps)",
            "ε 加在了根号外面：σ + ε ≈ √(σ² + ε)，有的框架这样写。",
            "ε stands outside of the root: σ + ε ≈ √(σ² + ε), as some frameworks have it.",
            "bn-formula",
        ),
    ),
    mistakes=(
        Mistake(
            "unbiased", "x.var(axis=0)", "x.var(axis=0, ddof=1)",
            "归一化用了无偏方差（除以 n − 1）；应该用有偏的，除以 n，所以 y 都小了 √((n − 1)/n)。",
            "normalised with the unbiased variance (n − 1); it is the biased one, over n, so y is "
            "too small by √((n − 1)/n).",
            "which-variance",
        ),
        Mistake(
            "not-centred", "(x - x.mean(axis=0)) /", "x /",
            "忘了减去均值 μ。", "the mean μ was not subtracted.", "axes",
        ),
    ),
)
'''

DOUBLE = '''"""Twice.

y = 2 x, which is all there is to it.
"""


def double(x):
    """x (*) -> y (*)."""
    return 2 * x
'''
DOUBLE_SPEC = '''"""Proof of double."""

from interview_cli.spec import Case, Spec

SPEC = Spec(
    function="double", outputs=("y",), reference=lambda x: 2 * x,
    cases=(Case("plain", lambda rng: {"x": rng.normal(size=3)}),),
)
'''
DOUBLE_DECK = """\
deck: doubles
title: {zh: 加倍, en: Doubles}
cards:
  - id: double-code
    kind: code
    level: 1
    ask: {zh: 手写加倍。, en: Write the doubling by hand.}
    solution: doubles/double
"""

# It saves the next version and is closed. As `vi` it takes the terminal until then.
EDITOR = """\
#!{python} -IS
import os, sys
from pathlib import Path

version = min(Path({folder!r}).glob("*.py"))
version.rename(sys.argv[1])
"""


class Workshop:
    """The small bank with a proof in it, and practices in line mode."""

    def __init__(self, home: Home) -> None:
        self.home = home
        solutions = home.bank / "solutions"
        (solutions / "norms" / "small_norm_spec.py").write_text(SPEC, encoding="utf-8")

    def add_double(self) -> None:
        """A second solution, with a card that asks for it."""
        folder = self.home.bank / "solutions" / "doubles"
        folder.mkdir()
        (folder / "double.py").write_text(DOUBLE, encoding="utf-8")
        (folder / "double_spec.py").write_text(DOUBLE_SPEC, encoding="utf-8")
        self.home.deck(DOUBLE_DECK, "doubles.yaml")

    def file(self, source: str | bytes, name: str = "mine.py") -> str:
        """The path of a file with that text."""
        path = self.home.root / name
        path.write_bytes(source.encode() if isinstance(source, str) else source)
        return str(path)

    def editor(self, *versions: str) -> str:
        """A program that saves the next of these versions whenever it is opened, and is closed."""
        return editor(self.home.root, "vi", *versions)

    def practise(self, *options: str, saving: tuple[str, ...] = (), typed: str = "") -> Ran:
        """One attempt at small-norm: what the editor saves, one version at each opening, and what
        is typed, and then the input ends."""
        chosen = ("--editor", self.editor(*saving)) if saving else ("--no-open",)
        with piped(typed) as stdin:
            return interview("practice", "small-norm", *chosen, *options, stdin=stdin)

    def attempts(self, solution: str = "small_norm") -> list[Path]:
        """The folders of the attempts, oldest first."""
        return sorted((self.home.folder / "practice" / solution).glob("*"))

    def saves(self) -> list[str]:
        """Every save of the newest attempt, in order."""
        folder = self.attempts()[-1] / "saves"
        return [path.read_text("utf-8") for path in sorted(folder.glob("*.py"))]

    def happened(self) -> list[str]:
        """What is written down of the newest attempt."""
        lines = (self.attempts()[-1] / "attempt.jsonl").read_text("utf-8").splitlines()
        return [json.loads(line)["event"] for line in lines]

    def log(self, event: str) -> list[dict[str, Any]]:
        """The log's lines of one kind: those with this key."""
        found = map(json.loads, self.home.log_lines())
        return [line for line in found if event in line]


def editor(root: Path, name: str, *versions: str) -> str:
    """A program of that name that saves the next of these versions whenever it is opened."""
    folder = root / "versions"
    folder.mkdir(exist_ok=True)
    for number, version in enumerate(versions):
        (folder / f"{number}.py").write_text(version, encoding="utf-8")
    path = root / name
    path.write_text(EDITOR.format(python=sys.executable, folder=str(folder)))
    path.chmod(0o700)
    return str(path)


@contextmanager
def piped(text: str) -> Iterator[TextIO]:
    """Standard input that is a pipe with that text in it, and ends."""
    read, write = os.pipe()
    os.write(write, text.encode())
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as stdin:
        yield stdin
