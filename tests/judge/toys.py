"""Solutions small enough to be written down in a test, each with its spec."""

from dataclasses import dataclass
from pathlib import Path

from interview_cli.judge.exercise import Exercise
from interview_cli.judge.judging import judge
from interview_cli.judge.sheet import Sheet
from interview_cli.judge.subjects import Bank
from interview_cli.spec import Convention, Mistake, Spec


@dataclass(frozen=True)
class Toy:
    """As catalogue.Solution, but in memory."""

    text: str
    proof: Spec
    others: tuple[Path, ...] = ()
    topic: str = "toy"
    name: str = "toy"

    def source(self):
        return self.text

    def spec(self):
        return self.proof

    def alternatives(self):
        return list(self.others)


def exercise(text, spec, seed=0):
    return Exercise(Toy(text, spec), seed)


def mistake(name, old, new, also=()):
    return Mistake(name, old, new, zh="。", en=".", card="none", also=also)


def convention(name, old, new, also=()):
    return Convention(name, old, new, zh="。", en=".", card="none", also=also)


def edited(text, *edits):
    """The source with each `old` replaced, which must be there."""
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text


def sheet_of(text, spec, seed=0):
    """The questions, with the solution as the oracle."""
    return Sheet(spec, Bank(text, spec), seed)


def is_accepted(sheet, text, question):
    """Whether code in this process answers one question rightly."""
    answer = sheet.ask(Bank(text, sheet.spec), question)
    return all(c.is_right for c in sheet.compare(question, answer))


def events(found, source, born, language="numpy", **options):
    return list(judge(found, source, language, born, **options))
