"""What lint says of links, formulas, languages and claims, and where."""

from pathlib import Path

import pytest

from interview_cli.bank.lint import Report, Source, lint

HEAD = "deck: norm\ntitle: {zh: 归一化, en: Normalization}\ncards:\n"
ASK = "ask: {zh: 写 BN, en: Write BN}"
SOLUTION = '''"""Batch norm."""
import numpy_that_is_never_imported


def batch_norm(x):
    return x


class Helper:
    def method(self):
        pass
'''


@pytest.fixture
def solutions(tmp_path: Path) -> Path:
    """A folder with one solution, its spec, and one that is no Python."""
    folder = tmp_path / "norm"
    folder.mkdir()
    (folder / "batch_norm.py").write_text(SOLUTION)
    (folder / "batch_norm_spec.py").write_text("")
    (folder / "torn.py").write_text("def f(:\n")
    return tmp_path


def code(name: str, *lines: str, ask: str = ASK, solution: str = "norm/batch_norm") -> str:
    """A card of five lines, then `lines`."""
    rows = [f"id: {name}", "kind: code", "level: 1", ask, f"solution: {solution}", *lines]
    return "  - " + "\n    ".join(rows) + "\n"


def claims(*ids: str, topic: str = "norm", more: str = "") -> str:
    rows = [
        f'  - id: {name}\n    note: "000"\n    claim: BN works.\n    verdict: correct\n{more}'
        for name in ids
    ]
    return f"topic: {topic}\nclaims:\n" + "".join(rows)


def deck(*cards: str, head: str = HEAD) -> str:
    return head + "".join(cards)


def report(solutions: Path, *decks: str, claims: tuple[str, ...] = ()) -> Report:
    return lint(
        [Source(f"cards/{n}.yaml", text.encode()) for n, text in enumerate(decks, 1)],
        [Source(f"claims/{n}.yaml", text.encode()) for n, text in enumerate(claims, 1)],
        solutions,
    )


def said(solutions: Path, *decks: str, claims: tuple[str, ...] = ()) -> list[str]:
    return [str(p) for p in report(solutions, *decks, claims=claims).problems]


def said_of_ask(solutions: Path, zh: str, en: str) -> list[str]:
    """The messages about a card's question, which stands in lines 8 (zh) and 10 (en)."""
    ask = f"ask:\n      zh: |\n        {zh}\n      en: |\n        {en}"
    found = said(solutions, deck(code("a", ask=ask)))
    return [text.removeprefix("cards/1.yaml:").replace("card a: ", "") for text in found]


def test_a_good_deck_has_no_problems_and_is_counted(solutions: Path) -> None:
    good = deck(
        code("a", "follow_ups: [b]", 'source: {note: "000", items: [bn-axes]}'),
        code("b", "follow_ups: [a]"),
    )
    found = report(solutions, good, claims=(claims("bn-axes"),))
    assert found == Report(decks=1, cards=2, claims=1, problems=[])


def test_a_follow_up_leads_to_a_card(solutions: Path) -> None:
    cards = (code("bn-axes", "follow_ups: [bn-axis, zzz]"), code("b"))
    assert said(solutions, deck(*cards)) == [
        'cards/1.yaml:9:17: card bn-axes: no card is named "bn-axis"; did you mean "bn-axes"?',
        'cards/1.yaml:9:17: card bn-axes: no card is named "zzz"',
    ]


def test_a_follow_up_may_lead_to_another_deck(solutions: Path) -> None:
    assert said(solutions, deck(code("a", "follow_ups: [b]")), deck(code("b"))) == []


def test_a_card_is_not_its_own_follow_up(solutions: Path) -> None:
    found = said(solutions, deck(code("a", "follow_ups: [a]")))
    assert found == ["cards/1.yaml:9:17: card a: it is its own follow-up"]


def test_follow_ups_are_not_judged_while_a_deck_cannot_be_read(solutions: Path) -> None:
    decks = (deck(code("a", "follow_ups: [b]")), deck(code("b")).replace("level: 1", "level: 9"))
    assert said(solutions, *decks) == [
        "cards/2.yaml:6:12: card b: level is 9; it is from 1 to 3 "
        "(1 everyone is asked, 2 follow-up, 3 senior)"
    ]


@pytest.mark.parametrize(
    ("solution", "message"),
    [
        (
            "norm/batch_nrom",
            'there is no solution norm/batch_nrom; did you mean "norm/batch_norm"?',
        ),
        ("zzzz/qqqq", "there is no solution zzzz/qqqq"),
        ("norm/torn", "solutions/norm/torn.py is not valid Python"),
    ],
)
def test_a_solution_is_a_file_in_python(solutions: Path, solution: str, message: str) -> None:
    found = said(solutions, deck(code("a", solution=solution)))
    assert found == [f"cards/1.yaml:8:15: card a: {message}"]


@pytest.mark.parametrize(
    "python", ["x = '\0'", "x = " + "(" * 5000, "-" * 100_000 + "1"], ids=["nul", "deep", "minus"]
)
def test_a_strange_solution_is_no_crash(solutions: Path, python: str) -> None:
    (solutions / "norm" / "strange.py").write_text(python)
    (problem,) = report(solutions, deck(code("a", solution="norm/strange"))).problems
    assert problem.message == "card a: solutions/norm/strange.py is not valid Python"


@pytest.mark.parametrize(
    ("compute", "message"),
    [
        (
            "norm/batch_norm:batch_nrom",
            'norm/batch_norm has no function batch_nrom; did you mean "batch_norm"?',
        ),
        ("norm/batch_norm:method", "norm/batch_norm has no function method"),
        ("zzzz/qqqq:count", "there is no solution zzzz/qqqq"),
    ],
)
def test_compute_names_a_function_of_a_solution(
    solutions: Path, compute: str, message: str
) -> None:
    card = f"""\
  - id: a
    kind: numeric
    level: 1
    ask: {{zh: "{{n}} 个", en: "{{n}} of them"}}
    draw: {{n: [1]}}
    compute: {compute}
    answer: {{zh: 答案, en: Answer}}
"""
    assert said(solutions, deck(card)) == [f"cards/1.yaml:9:14: card a: {message}"]


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (r"$\boxed{x}$", r"$\boxed{x}$ uses \boxed, which cannot be drawn"),
        (r"$\frac{a}{b$", r"$\frac{a}{b$ cannot be read: a { is not closed"),
        (
            f"$${'x+' * 40}x$$",
            f"${('x+' * 40)[:39]}…$ is 81 columns wide; at most 76: break it up",
        ),
        ("costs $5", "a $ stands alone; write formulas as $...$ or $$...$$"),
        ("$$x$", "a $ stands alone; write formulas as $...$ or $$...$$"),
    ],
)
def test_formulas_can_be_drawn(solutions: Path, formula: str, message: str) -> None:
    assert f"10:11: {message}" in said_of_ask(solutions, "写 BN", f"Write {formula} now")


@pytest.mark.parametrize(
    "text",
    ["Write $x$ and $$y$$", "Write `a$b`", "Write ```\n        $ pip\n        ``` now", "$归一$"],
)
def test_a_dollar_in_code_or_around_a_formula_is_fine(solutions: Path, text: str) -> None:
    assert said_of_ask(solutions, "写 BN", text) == []


def test_a_formula_as_wide_as_the_screen_is_fine(solutions: Path) -> None:
    assert said_of_ask(solutions, "写 BN", f"$${'x' * 76}$$") == []


def test_a_source_names_a_claim(solutions: Path) -> None:
    card = code("a", "source: {items: [bn-axis, bn-axes]}")
    assert said(solutions, deck(card), claims=(claims("bn-axes"),)) == [
        'cards/1.yaml:9:13: card a: docs/claims has no "bn-axis"; did you mean "bn-axes"?'
    ]


def test_without_claims_a_source_is_not_judged(solutions: Path) -> None:
    assert said(solutions, deck(code("a", "source: {items: [bn-axis]}"))) == []


def test_a_source_is_not_judged_while_the_claims_cannot_be_read(solutions: Path) -> None:
    card = code("a", "source: {items: [bn-axis]}")
    broken = claims("bn-axes").replace("correct", "true")
    assert said(solutions, deck(card), claims=(broken,)) == [
        "claims/1.yaml:6:14: claim bn-axes: verdict is true; expected text: put it in quotes"
    ]


def test_a_claim_needs_a_card_or_a_reason(solutions: Path) -> None:
    assert said(solutions, deck(code("a")), claims=(claims("bn-axes", "bn-eps"),)) == [
        "claims/1.yaml:3:9: no card carries the claim bn-axes; write one, or say why in no_card",
        "claims/1.yaml:7:9: no card carries the claim bn-eps; write one, or say why in no_card",
    ]


def test_a_claim_with_a_reason_needs_no_card(solutions: Path) -> None:
    reasoned = claims("bn-axes", more="    no_card: trivia\n")
    assert said(solutions, deck(code("a")), claims=(reasoned,)) == []


def test_a_claim_of_a_topic_without_a_deck_needs_no_card_yet(solutions: Path) -> None:
    assert said(solutions, deck(code("a")), claims=(claims("x", topic="losses"),)) == []


def test_a_claim_with_a_card_gives_no_reason_against_one(solutions: Path) -> None:
    card = code("a", "source: {items: [bn-axes]}")
    reasoned = claims("bn-axes", more="    no_card: trivia\n")
    assert said(solutions, deck(card), claims=(reasoned,)) == [
        "claims/1.yaml:7:14: a card carries the claim bn-axes; remove no_card"
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("verdict: correct", "verdict: true-ish"), "6:14: claim x: verdict is \"true-ish\"; "
         "expected correct, incomplete, misleading, wrong or outdated"),
        (("verdict:", "verdit:"), '6:5: claim x has no key "verdit"; did you mean "verdict"?'),
        (("topic: norm", "topics: norm"), '1:1: the file has no key "topics"; '
         'did you mean "topic"?'),
        (('note: "000"', 'note: "005"'), '4:11: claim x: note is "005"; '
         'expected a note, "000" to "004"'),
    ],
)  # fmt: skip
def test_broken_claims_are_shown_with_their_place(
    solutions: Path, change: tuple[str, str], problem: str
) -> None:
    found = said(solutions, claims=(claims("x").replace(*change),))
    assert f"claims/1.yaml:{problem}" in found


def test_a_claims_id_stands_once_in_its_file(solutions: Path) -> None:
    assert said(solutions, claims=(claims("x", "x"),)) == [
        'claims/1.yaml:7:9: the id "x" is taken by line 3; ids are unique'
    ]


def test_an_id_is_unique_across_decks(solutions: Path) -> None:
    assert said(solutions, deck(code("a")), deck(code("b"), code("a"))) == [
        'cards/2.yaml:9:9: the id "a" is taken by cards/1.yaml; ids are unique, for ever'
    ]


@pytest.mark.parametrize(
    ("first", "second", "place"),
    [
        (code("new", "was: [old]"), code("old"), "10:9"),
        (code("old"), code("new", "was: [old]"), "14:10"),
        (code("one", "was: [old]"), code("two", "was: [old]"), "15:10"),
    ],
    ids=["was-then-is", "is-then-was", "was-twice"],
)
def test_a_former_id_is_never_used_again(
    solutions: Path, first: str, second: str, place: str
) -> None:
    message = 'the id "old" is taken by cards/1.yaml; ids are unique, for ever'
    assert said(solutions, deck(first, second)) == [f"cards/1.yaml:{place}: {message}"]


@pytest.mark.parametrize(
    ("zh", "en", "expected"),
    [
        ("写 BN", "Write 归一化", ['10:11: ask.en has Chinese in it ("归")']),
        ("please write batch norm", "Write BN", ["8:11: ask.zh has no Chinese in it"]),
        ("BatchNorm", "BatchNorm", []),  # a name is the same in both
        ("写 batch norm 的 forward pass", "Write BN", []),
        ("写 BN", "Write `归一化` and $\\text{归一}$", []),
        ("$x$ please write `归一化` now", "Write BN", []),
    ],
    ids=["chinese-in-en", "english-in-zh", "a-name", "mixed", "code-and-formulas", "three-words"],
)
def test_each_language_is_itself(solutions: Path, zh: str, en: str, expected: list[str]) -> None:
    assert said_of_ask(solutions, zh, en) == expected


def test_words_for_both_languages_are_not_chinese(solutions: Path) -> None:
    card = """\
  - id: a
    kind: choice
    level: 1
    ask: {zh: 问题, en: Question}
    options:
      - {text: 均值, right: true, why: {zh: 对, en: Right}}
      - {text: $\\mu$, why: {zh: 错, en: Wrong}}
"""
    assert said(solutions, deck(card)) == [
        "cards/1.yaml:9:16: card a: options.text is Chinese only; write it as {zh: ..., en: ...}"
    ]


def test_a_step_shown_in_chinese_only_is_found(solutions: Path) -> None:
    card = """\
  - id: a
    kind: derive
    level: 1
    ask: {zh: 问题, en: Question}
    steps:
      - {ask: {zh: 一, en: One}, show: 均值}
      - {ask: {zh: 二, en: Two}, show: $\\mu$}
"""
    assert said(solutions, deck(card)) == [
        "cards/1.yaml:9:39: card a: steps.show is Chinese only; write it as {zh: ..., en: ...}"
    ]


def test_code_may_be_in_any_language(solutions: Path) -> None:
    assert said(solutions, deck(code("a", "code: print('归一化', '$')"))) == []


def test_problems_are_sorted_and_said_once(solutions: Path) -> None:
    cards = (code("b", "follow_ups: [b, b]"), code("a", "follow_ups: [a]"))
    assert said(solutions, deck(*cards)) == [
        "cards/1.yaml:9:17: card b: it is its own follow-up",
        "cards/1.yaml:15:17: card a: it is its own follow-up",
    ]


def test_a_follow_up_may_stand_in_a_deck_elsewhere(tmp_path: Path) -> None:
    source = Source("mine.yaml", DECK_NAMING_BN.encode())
    missing = lint([source], [], tmp_path)
    assert [str(p) for p in missing.problems] == [
        'mine.yaml:8:17: card mine: no card is named "bn-axes"'
    ]
    assert not lint([source], [], tmp_path, elsewhere=["bn-axes"]).problems


DECK_NAMING_BN = """\
deck: mine
title: {zh: 我的, en: Mine}
cards:
  - id: mine
    kind: cloze
    level: 1
    ask: {zh: 一个⟦空⟧, en: a ⟦gap⟧}
    follow_ups: [bn-axes]
"""
