"""interview verify on a bank of one solution and one deck: what is proven, and what falls short."""

import importlib.util
import json

import pytest
from rich.cells import cell_len

from interview_cli.cli.commands import verify as command
from tests.cli.material import Home, Ran, interview
from tests.cli.workshop import Workshop

needs_torch = pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs torch")
DECK = """\
deck: sums
title: {zh: 求和, en: Sums}
cards:
  - id: sum-prints
    kind: predict
    level: 1
    ask: {zh: 打印什么？, en: What does it print?}
    code: |
      print(1 + 1)
    prints: "PRINTS"
    answer: {zh: 和。, en: The sum.}
  - id: sum-number
    kind: numeric
    level: 1
    ask: {zh: "{n} 的两倍是多少？", en: "What is twice {n}?"}
    draw: {n: [1, 2, 3, 4]}
    compute: norms/small_norm:twice
    answer: {zh: 加倍。, en: Doubled.}
"""
TWICE = "\n\ndef twice(n):\n    return FACTOR * n\n"


class Bank:
    """The small bank, with a proof and a deck that can be broken."""

    def __init__(self, home: Home) -> None:
        Workshop(home)
        self.folder = home.bank / "solutions" / "norms"
        for path in (home.bank / "cards").glob("*.yaml"):
            path.unlink()
        self.cards = home.bank / "cards" / "sums.yaml"
        self.edit("minutes=15,", "minutes=15, numbers={'twice': lambda n: 2.0 * n},")
        self.write()

    def write(self, *, prints: str = "2", factor: str = "2") -> None:
        self.cards.write_text(DECK.replace("PRINTS", prints), encoding="utf-8")
        solution = self.folder / "small_norm.py"
        text = solution.read_text(encoding="utf-8").partition("\n\n\ndef twice")[0].rstrip("\n")
        solution.write_text(text + "\n" + TWICE.replace("FACTOR", factor), encoding="utf-8")

    def edit(self, old: str, new: str) -> None:
        """Changes the spec."""
        path = self.folder / "small_norm_spec.py"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def bank(home: Home, monkeypatch: pytest.MonkeyPatch) -> Bank:
    monkeypatch.setattr(command, "bank_root", lambda: home.bank)
    return Bank(home)


def told(ran: Ran) -> str:
    return " ".join(ran.out.split())


@needs_torch
def test_a_bank_that_holds_is_proven(bank: Bank) -> None:
    ran = interview("verify", "--json")
    assert ran.status == 0, ran.out
    data = json.loads(ran.out)
    solution, deck = data["reports"]
    assert data["is_proven"]
    assert (solution["name"], solution["mistakes"], solution["named"]) == ("norms/small_norm", 2, 2)
    assert (solution["conventions"], solution["recognised"]) == (1, 1)
    assert (deck["name"], deck["cases"], deck["faults"]) == ("cards/sums", 2, [])


@needs_torch
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_answers_alone_are_held_against_torch(bank: Bank, jobs: str) -> None:
    ran = interview("verify", "--answers", "-j", jobs)
    assert (ran.status, "cards/sums" in ran.out, "rejected 100%" in ran.out) == (0, False, False)
    assert "proven" in ran.out


@needs_torch
def test_a_snippet_that_prints_something_else_falls_short(bank: Bank) -> None:
    bank.write(prints="3")
    ran = interview("verify", "--topic", "sums")
    assert ran.status == 1
    assert "cards/sums: sum-prints prints something else than it says: 2" in told(ran)
    assert "falls short" in ran.out


@needs_torch
def test_a_number_that_is_not_torchs_falls_short(bank: Bank) -> None:
    bank.write(factor="3")
    ran = interview("verify", "--topic", "sums")
    assert ran.status == 1
    assert "sum-number: " in ran.out
    assert "instead of" in ran.out


@needs_torch
def test_a_mistake_that_no_case_sees_falls_short(bank: Bank) -> None:
    bank.edit('"x.var(axis=0)", "x.var(axis=0, ddof=1)"', '"x.var(axis=0)", "x.var(0)"')
    ran = interview("verify", "small-norm")
    assert ran.status == 1
    assert "the mistake unbiased is accepted: a hole in the cases" in told(ran)


@needs_torch
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [60, 80])
def test_the_table_fits(bank: Bank, width: int, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    ran = interview("verify", "--lang", lang)
    assert max(map(cell_len, ran.out.splitlines())) <= width
    assert "2/2" in ran.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("smal-norm", 'no solution is named "smal-norm"; did you mean "small-norm"?'),
        (
            "small-norm --topic nrms",
            'no topic with solutions is named "nrms"; did you mean "norms"?',
        ),
    ],
)
@needs_torch
def test_a_wrong_name_gets_one_clear_sentence(bank: Bank, arguments: str, sentence: str) -> None:
    assert interview("verify", *arguments.split()) == Ran(2, "", sentence + "\n")


def test_without_torch_it_says_what_to_install(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    ran = interview("verify")
    assert (ran.status, ran.err.count("\n")) == (3, 1)
    assert "pip install" in ran.err
