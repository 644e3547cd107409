"""Judges every program of tests/judge/hostile and tests/judge/ordinary; also as another user.

Run as a script, `python -m tests.judge.submissions`, it prints name and verdict of each as JSON.
"""

import json
import sys
from pathlib import Path

from interview_cli.judge import catalogue
from interview_cli.judge.exercise import Exercise
from interview_cli.judge.judging import verdict_of
from interview_cli.judge.nursery import Language, Nursery, nursery
from interview_cli.judge.stub import language_of

HERE = Path(__file__).parent
HOSTILE = sorted((HERE / "hostile").glob("*.py"))
ORDINARY = sorted((HERE / "ordinary").glob("*.py"))
TOY = catalogue.get(HERE / "bank", "center")
RIGHT = "def center(x):\n    return x - x.mean()\n"


def source_of(path: Path) -> str:
    """The program, with the path of the answer for those that want to read it."""
    return path.read_text().replace("SOLUTION", repr(str(TOY.path)))


def expected_of(path: Path) -> set[str]:
    """The kinds of verdict that its first line allows."""
    return set(path.read_text().splitlines()[0].removeprefix("#").split())


def judged(path: Path, nurseries: dict[Language, Nursery]) -> str:
    """The kind of its verdict."""
    source = source_of(path)
    language = language_of(source)
    if language not in nurseries:
        nurseries[language] = nursery(language)
    return verdict_of(Exercise(TOY), source, language, nurseries[language]).kind


if __name__ == "__main__":
    born: dict[Language, Nursery] = {}
    json.dump({p.stem: judged(p, born) for p in (*HOSTILE, *ORDINARY)}, sys.stdout)
    for each in born.values():
        each.close()
