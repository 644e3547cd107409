"""Laws of text on the screen: nothing is too wide, and nothing is lost."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from interview_cli.bank.asking import Asked
from interview_cli.bank.deck import read_deck
from interview_cli.bank.model import Cloze, Numeric, Recall
from interview_cli.bank.model import Text as Words
from interview_cli.cli import spelling
from interview_cli.cli.view import card as cards
from interview_cli.cli.view import prose, rows, tables, words
from interview_cli.cli.view.look import LANGUAGES, Look, language
from interview_cli.domain.review import Rating
from tests.cli.material import BANK

CHINESE = "归一化沿批量求均值和方差，再除以标准差。（见论文）、；：“引号”《书》"
FORMULAS = (
    r"\mu_c",
    r"\sqrt{\sigma^2+\epsilon}",
    r"\frac{a}{b}",
    "x_i",
    r"e^{-x}",
    r"n_{in}\gamma=1",
)
LOOKS = [Look(math=math, is_plain=math != "2d") for math in ("2d", "line", "latex")]

chinese = st.text(CHINESE, min_size=1, max_size=60)
english = st.text("abcdefgh ABC,.;:!?()[]0123456789 '-=+/", min_size=1, max_size=80).map(
    lambda text: re.sub(r"^[-\d .]+|[-*]+ ", "", text) or "word"
)
code = st.text("abc_()[]=., ", min_size=1, max_size=70).map(lambda text: f"`{text.strip() or 'x'}`")
bold = st.text("abc 粗体，", min_size=1, max_size=40).map(lambda text: f"**a{text}**")
inline = st.sampled_from(FORMULAS).map(lambda latex: f"${latex}$")
piece = st.one_of(chinese, english, code, bold, inline)
sentence = st.lists(piece, min_size=1, max_size=8).map(" ".join)
snippet = st.lists(st.text("abc =()[],", max_size=130), min_size=1, max_size=4).map(
    lambda lines: "```python\n" + "\n".join(lines) + "\n```"
)
formula = st.lists(st.sampled_from(FORMULAS), min_size=1, max_size=12).map(
    lambda latex: f"$${'+'.join(latex)}$$"
)
item = sentence.map(lambda text: f"- {text}")
paragraph = st.one_of(sentence, item, snippet, formula)
document = st.lists(paragraph, min_size=1, max_size=5).map("\n\n".join)
width = st.integers(40, 100)


@given(document, width, st.sampled_from(LOOKS), st.sampled_from(["", "   "]))
@settings(deadline=None, max_examples=150)
def test_no_line_is_wider_than_it_may_be(text: str, width: int, look: Look, indent: str) -> None:
    for line in prose.lines(text, look, width, indent):
        assert cell_len(line.plain) <= width


@given(document, width, st.sampled_from(LOOKS))
@settings(deadline=None, max_examples=150)
def test_there_is_no_blank_line_at_either_end_nor_two_in_a_row(
    text: str, width: int, look: Look
) -> None:
    lines = [line.plain for line in prose.lines(text, look, width)]
    if "```" not in text:
        assert all(lines[:1] + lines[-1:])
        assert all(a or b for a, b in pairwise(lines))


def inked(text: str) -> str:
    """The characters that leave ink."""
    return re.sub(r"\s", "", text)


@given(st.lists(sentence, min_size=1, max_size=5), width)
@settings(deadline=None, max_examples=150)
def test_no_prose_is_lost(paragraphs: list[str], width: int) -> None:
    look = LOOKS[2]  # LaTeX stays as it is
    lines = prose.lines("\n\n".join(paragraphs), look, width)
    without_marks = re.sub(r"\*\*|`", "", "".join(paragraphs))
    assert inked("".join(line.plain for line in lines)) == inked(without_marks)


@given(snippet, width)
@settings(deadline=None, max_examples=150)
def test_no_code_is_lost_and_its_lines_are_told_from_their_ends(text: str, width: int) -> None:
    lines = [line.plain for line in prose.lines(text, LOOKS[0], width)]
    code = "\n".join(text.splitlines()[1:-1])
    assert inked("".join(lines)).replace("↳", "") == inked(code)
    begun = [line for line in lines if line.strip() and not line.lstrip().startswith("↳")]
    assert len(begun) == sum(bool(line.strip()) for line in code.splitlines())


@given(chinese, width, st.integers(0, 6))
@settings(deadline=None)
def test_a_line_does_not_begin_with_closing_punctuation(text: str, width: int, times: int) -> None:
    text = re.sub(
        r"[，。、；：“”《》（）]+", lambda found: found[0][0], text.strip("，。、；：”》）")
    )
    text = "字字".join([text] * (times + 1)) + "。"
    for line in prose.lines(text, LOOKS[0], width)[1:]:
        assert line.plain[0] not in "，。、；：”》）"
        assert line.plain[-1] not in "（《“"


def test_chinese_is_broken_anywhere_and_english_between_words() -> None:
    text = "归一化" * 10 + "LayerNorm" + "归一化" * 10
    assert [line.plain for line in prose.wrapped(Text(text), 40)] == [
        "归一化" * 6 + "归一",
        "化归一化归一化归一化LayerNorm归一化归一",
        "化归一化归一化归一化归一化归一化归一化归",
        "一化归一化",
    ]
    text = "batch normalization averages over the batch"
    assert [line.plain for line in prose.wrapped(Text(text), 20)] == [
        "batch normalization",
        "averages over the",
        "batch",
    ]


def test_a_dot_between_two_things_does_not_begin_a_line() -> None:
    text = " · ".join(["均值", "mean", "variance", "方差"] * 5)
    for width in range(20, 80):
        lines = [line.plain for line in prose.wrapped(Text(text), width)]
        assert not any(line.startswith("·") for line in lines)


def test_an_indentation_is_no_line_of_its_own() -> None:
    lines = [line.plain for line in prose.code_lines("if x:\n        " + "y" * 60, LOOKS[0], 40)]
    assert lines[:2] == ["    if x:", "            " + "y" * 28]
    assert inked("".join(lines)).replace("↳", "") == "ifx:" + "y" * 60


def test_lines_of_source_are_joined_without_a_space_between_chinese() -> None:
    assert [line.plain for line in prose.lines("均值\n方差\nmean\nvar", LOOKS[0], 80)] == [
        "均值方差 mean var"
    ]


def test_bold_may_hold_code_and_a_formula() -> None:
    (line,) = prose.lines(r"so **never `x` nor $\mu$** here", LOOKS[0], 80)
    assert line.plain == "so never x nor μ here"
    bold = [line.plain[span.start : span.end] for span in line.spans if span.style == "bold"]
    assert "".join(dict.fromkeys(bold)) == "never x nor μ"


def test_a_formula_that_is_too_wide_takes_one_line_and_then_more() -> None:
    latex = r"\frac{a_1+a_2+a_3+a_4+a_5}{b}=" + "+".join(f"x_{{{n}}}" for n in range(20))
    wide = prose.lines(f"$${latex}$$", LOOKS[0], 100)
    narrow = [line.plain for line in prose.lines(f"$${latex}$$", LOOKS[0], 40)]
    assert len(wide) == 3
    assert narrow[0].startswith("  (a₁+a₂+a₃+a₄+a₅)/b=")
    assert len(narrow) > 1


def test_a_formula_that_cannot_be_drawn_stands_as_its_source() -> None:
    (line,) = prose.lines(r"$$\nonsense{x}$$", LOOKS[0], 80)
    assert line.plain == r"  $$\nonsense{x}$$"
    (line,) = prose.lines(r"so $\nonsense{x}$ it is", LOOKS[0], 80)
    assert line.plain == r"so $\nonsense{x}$ it is"


def test_what_is_listed_is_broken_between_its_pieces_only() -> None:
    pieces = [Text(f"card number {n}") for n in range(9)]
    for width in range(20, 90):
        lines = [line.plain for line in prose.listed(pieces, width, "Weak: ")]
        assert all(cell_len(line) <= width for line in lines)
        found = [
            part.strip() for line in lines for part in line.removeprefix("Weak: ").split(" · ")
        ]
        assert found == [piece.plain for piece in pieces]


# A card.

DECK = {
    c.id: c for c in read_deck((BANK / "cards" / "norms.yaml").read_bytes(), "norms.yaml").cards
}


def plain(card: Cloze, shown: int, lang: str) -> str:
    view = Look(lang, 80, "line", True)
    lines = cards.question_lines(Asked(card), shown, view)
    return "\n".join(line.plain for line in lines)


def test_gaps_are_filled_one_after_another() -> None:
    card = DECK["bn-formula"]
    assert isinstance(card, Cloze)
    filled = [plain(card, shown, "en").count("____") for shown in range(4)]
    assert filled == [3, 2, 1, 0]
    assert plain(card, 3, "zh") == "BN 先减去均值，再除以 √(σ²+ϵ)，最后乘以 γ 加上 β。"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_a_footer_fits_its_panel(lang: str, width: int) -> None:
    view = Look(lang, width)
    for first in ("space show", "输入答案，回车", "type the answer, Enter", "a-f choose"):
        footer = cards.keys_footer(first, view)
        assert cell_len(footer) <= width - 4
        assert footer.startswith(first)
        assert footer.endswith(view.say("q 退出", "q quit"))
    if width >= 80:
        assert view.say("u 撤销", "u undo") in footer


def test_the_rating_line_names_what_is_allowed_and_what_enter_gives() -> None:
    view = Look("en", 80)
    intervals = dict(zip(Rating, ("10m", "2d", "11d", "24d"), strict=True))
    right = cards.Revealed(cards.Verdict(True), intervals=intervals, suggested=Rating.GOOD)
    wrong = cards.Revealed(cards.Verdict(False), intervals=intervals, suggested=Rating.AGAIN)
    free = cards.Revealed(intervals=intervals)

    def line(revealed: cards.Revealed, allowed: tuple[Rating, ...], points: int) -> str:
        return "\n".join(text.plain for text in cards.rating_lines(revealed, allowed, points, view))

    assert (
        line(free, tuple(Rating), 3)
        == "1 again 10m · 2 hard 2d · 3 good 11d · 4 easy 24d · a-c tick"
    )
    assert line(free, tuple(Rating), 0) == "1 again 10m · 2 hard 2d · 3 good 11d · 4 easy 24d"
    assert line(right, tuple(Rating)[1:], 0) == "2 hard 2d · 3 good 11d · 4 easy 24d · Enter good"
    assert line(wrong, (Rating.AGAIN,), 0) == "1 again 10m · Enter goes on"


def test_every_point_has_a_letter_that_is_no_other_key() -> None:
    assert len(cards.LETTERS_POINTS) >= 12  # as many steps as a derivation may have
    assert not set(cards.LETTERS_POINTS) & set("lqrsu1234")
    assert set(cards.LETTERS_POINTS[:8]) == set("abcdefgh")


def test_a_word_in_both_languages_stands_once_where_they_agree() -> None:
    both = Look("both")
    assert both.pick(Words("甲", "A")) == "甲\n\nA"
    assert both.each(Words("甲", "A")) == ("甲", "A")
    assert both.each(Words("n", "n")) == ("n",)
    assert both.short("n") == "n"
    assert Look("zh").short(Words("甲\n", "A")) == "甲"


# Rows, numbers, letters.


def test_a_question_in_a_table_is_one_line_without_its_marks() -> None:
    view = Look("en", 80, "line", True)
    asked = {name: rows.one_line(card, view) for name, card in DECK.items()}
    assert asked["per-channel"].startswith("x has the shape (n, 64, h, h).")
    assert asked["bn-formula"].startswith("BN subtracts the ____, divides by √(σ²+ϵ)")
    ask = Words("问", r"Is $\mu_{ij}$ {n}?")
    recall = Recall(id="a", level=1, ask=ask, answer=ask, points=(Words("点", "p"),))
    numeric = Numeric(id="b", level=1, ask=ask, answer=ask, draw={"n": (1,)}, compute="a/b:c")
    assert rows.one_line(recall, view) == "Is μᵢⱼ {n}?"
    assert rows.one_line(numeric, view) == "Is μᵢⱼ n?"


def test_a_cell_that_is_cut_says_so_and_fits() -> None:
    for text in ("abcdefghij", "归一化的方法有", "归a一b化c方d"):
        for width in range(2, 20):
            cut = tables.cut(text, width)
            assert cell_len(cut.plain) <= width
            assert cut.plain == text or cut.plain.endswith("…")
            assert text.startswith(cut.plain.rstrip("…"))


def test_a_narrow_table_gives_up_columns_so_that_the_last_one_can_be_read() -> None:
    headings = ["Card", "Kind", "Lv", "Question"]
    row = [["a-card-with-a-name", "recall", "1", "What is it that is asked here?"]]
    kept = {w: tables.narrowed(headings, row, Look(width=w), (2, 1), 24) for w in (40, 50, 53, 80)}
    assert kept == {40: [0, 3], 50: [0, 3], 53: [0, 1, 3], 80: [0, 1, 2, 3]}


@pytest.mark.parametrize(
    ("days", "minutes", "text"),
    [(0, 1, "1m"), (0, 59, "59m"), (0, 60, "1h"), (1, 0, "1d"), (59, 0, "59d"), (60, 0, "2.0mo"),
     (364, 0, "12.0mo"), (365, 0, "1.0y"), (36_500, 0, "99.9y")],
)  # fmt: skip
def test_a_duration_is_short(days: int, minutes: float, text: str) -> None:
    assert words.duration(days, minutes) == text


def test_a_bar_and_a_sparkline_have_their_width() -> None:
    for look in LOOKS:
        assert [len(tables.bar(share, 10, look).plain) for share in (-1, 0, 0.5, 1, 2)] == [10] * 5
        assert len(tables.sparkline([0, 1, 5, 2], look)) == 4
        assert len(set(tables.sparkline([0, 0], look))) == 1


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "INTERVIEW_LANG": "both"}, "both"),
        ({"LANG": "zh_CN.UTF-8", "INTERVIEW_LANG": "klingon"}, "zh"),
    ],
)
def test_the_language_is_the_systems_unless_it_is_chosen(
    variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language(None) == expected
    assert language("en") == "en"


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("γ ≥ Δ", "gamma >= Delta"), ("σ²", "sigma^2"), ("xₜ", "x_t"), ("x̂", "x_hat"),
        ("−1 … “a”", '-1 ... "a"'), ("（全）", "(?)"), ("é", "e"), ("１２", "12"), ("🙂", "?"),
    ],
)  # fmt: skip
def test_what_ascii_lacks_is_spelled(text: str, spelled: str) -> None:
    assert text.encode("ascii", spelling.install()).decode() == spelled
