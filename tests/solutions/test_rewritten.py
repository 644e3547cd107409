"""The same mistakes as other people write them: in torch, in loops, with other names."""

from pathlib import Path

import pytest

from interview_cli.judge import catalogue
from interview_cli.judge.exercise import Exercise
from interview_cli.judge.judging import verdict_of
from interview_cli.judge.nursery import nursery
from interview_cli.judge.stub import language_of

from .bank import PROVEN, SOLUTIONS

REWRITTEN = sorted((Path(__file__).parent / "rewritten").glob("*/*.py"))
EXERCISES = {s.name: Exercise(s) for s in PROVEN}


@pytest.fixture(scope="module")
def nurseries():
    born = {language: nursery(language) for language in ("numpy", "torch")}
    yield born
    for each in born.values():
        each.close()


@pytest.mark.parametrize("path", REWRITTEN, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_a_mistake_is_named_however_it_is_written(path, nurseries):
    source = path.read_text(encoding="utf-8")
    language = language_of(source)
    verdict = verdict_of(EXERCISES[path.parent.name], source, language, nurseries[language])
    named = [variant.name for variant in (*verdict.mistakes, *verdict.conventions)]
    assert named == [path.name.split(".")[0]], verdict
    assert verdict.is_accepted == bool(verdict.conventions)


@pytest.mark.parametrize("solution", PROVEN, ids=lambda s: s.name)
def test_every_solution_to_practise_has_at_least_three(solution):
    assert catalogue.get(SOLUTIONS, solution.name) == solution
    if len(solution.spec().mistakes) >= 8:
        assert sum(path.parent.name == solution.name for path in REWRITTEN) >= 3
