"""The reader's laws: two ways of reading that agree, and values that are what they look like."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from interview_cli.bank.deck import read_deck
from interview_cli.bank.model import Deck, Text
from interview_cli.bank.nodes import nodes
from interview_cli.bank.problems import plain, problems
from interview_cli.bank.reader import HIDDEN, NotText, Unclear, values
from interview_cli.errors import BankError

ROOT = Path(__file__).parents[2]
DECKS = sorted((ROOT / "cards").glob("*.yaml"))
BROKEN = sorted((ROOT / "tests" / "broken").glob("*.yaml"))
DECK = """\
deck: d
title: {zh: 题目, en: Title}
cards:
  - id: a
    kind: code
    level: 1
    ask:
      zh: |
        写 BN，ε 在根号里面。
      en: Write BN, with ε inside the root.
    solution: n/bn
"""


def slowly(raw: bytes) -> Any:
    """The plain value that the careful reader sees."""
    root, found = nodes(raw, "d.yaml")
    assert not found
    assert root is not None
    return plain(root)


@pytest.mark.parametrize("path", DECKS, ids=lambda path: path.stem)
def test_both_readers_see_the_same_deck(path: Path) -> None:
    raw = path.read_bytes()
    assert slowly(raw) == values(raw)
    assert not problems(raw, "d.yaml", Deck)
    assert read_deck(raw, "d.yaml") == msgspec.convert(values(raw), Deck)


@pytest.mark.parametrize("path", DECKS, ids=lambda path: path.stem)
def test_a_pyyaml_without_libyaml_reads_the_same(path: Path) -> None:
    raw = path.read_bytes()
    assert yaml.load(raw, yaml.BaseLoader) == yaml.load(raw, yaml.CBaseLoader)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_what_the_quick_reader_accepts_the_careful_one_reads_alike(path: Path) -> None:
    raw = path.read_bytes()
    try:
        quick = values(raw)
    except Unclear:
        assert problems(raw, "d.yaml", Deck)
    else:
        assert slowly(raw) == quick


@given(st.binary(max_size=80))
def test_any_bytes_are_a_deck_or_have_problems(raw: bytes) -> None:
    with pytest.raises(BankError):
        read_deck(raw, "d.yaml")


@given(st.text("ab:-[]{}#&*!|>'\"%@`?,\\ \n1~=<.\t题⟦", max_size=60))
@settings(max_examples=300)
def test_both_readers_accept_the_same_yaml(text: str) -> None:
    raw = text.encode()
    root, found = nodes(raw, "d.yaml")
    try:
        quick = values(raw)
    except Unclear:
        empty = root is not None and holds_nothing(root)
        assert found or empty
    else:
        assert not found
        assert root is not None
        assert plain(root) == quick


def holds_nothing(node: Any) -> bool:
    """An empty value: the checker, not the reader, says so."""
    todo = [plain(node)]
    while todo:
        value = todo.pop()
        if value is None:
            return True
        todo.extend(
            value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        )
    return False


@given(st.text(max_size=40))
def test_text_in_a_block_comes_back_unchanged(text: str) -> None:
    lines = [line.strip() for line in HIDDEN.sub("", text).split("\n") if line.strip()]
    block = "\n".join(f"  {line}" for line in lines)
    read = values(f"x: |\n{block}\n".encode())["x"]
    assert read.split("\n")[:-1] == lines or not lines


def test_chinese_greek_and_emoji_are_text() -> None:
    assert values('题: "γ·x̂ + β 😀 é"'.encode()) == {"题": "γ·x̂ + β 😀 é"}


def test_a_deck_saved_on_windows_is_the_same_deck() -> None:
    windows = DECK.replace("\n", "\r\n").encode()
    assert read_deck(windows, "d.yaml") == read_deck(DECK.encode(), "d.yaml")
    assert read_deck(windows, "d.yaml").cards[0].ask == Text(
        "写 BN，ε 在根号里面。\n", "Write BN, with ε inside the root."
    )


def test_a_problem_in_a_deck_saved_on_windows_has_the_same_place() -> None:
    broken = DECK.replace("level: 1", "level: 9")
    assert problems(broken.replace("\n", "\r\n").encode(), "d.yaml", Deck) == problems(
        broken.encode(), "d.yaml", Deck
    )


def test_a_carriage_return_inside_a_line_is_hidden() -> None:
    with pytest.raises(BankError, match=r"d.yaml:1:8: hidden character U\+000D"):
        read_deck(DECK.replace("\n", "\r\r\n", 1).encode(), "d.yaml")


def test_a_byte_order_mark_at_the_start_is_accepted() -> None:
    assert read_deck(b"\xef\xbb\xbf" + DECK.encode(), "d.yaml") == read_deck(
        DECK.encode(), "d.yaml"
    )


def test_a_byte_order_mark_moves_no_column() -> None:
    raw = b"\xef\xbb\xbf" + DECK.replace("deck: d", "deck: D").encode()
    assert [(p.line, p.column) for p in problems(raw, "d.yaml", Deck)] == [(1, 7)]


def test_a_separator_before_the_only_document_is_accepted() -> None:
    assert read_deck(b"---\n" + DECK.encode() + b"...\n", "d.yaml").deck == "d"


@pytest.mark.parametrize("word", ["n", "y", "on", "off", "yes", "No", "null", "true", "False"])
def test_a_key_is_the_word_it_looks_like(word: str) -> None:
    seen = {"False": "False"}.get(word, word)
    assert values(f"{word}: 1".encode()) == slowly(f"{word}: 1".encode()) == {seen: 1}


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0", 0), ("-3", -3), ("+4", 4), ("12", 12), ("0.5", 0.5), ("-1.25", -1.25), ("1e-5", 1e-5),
        ("2E3", 2000.0), ("1.0", 1.0), ("999999999999999999", 999999999999999999),
        ("1000000000000000000", 1e18),
    ],
)  # fmt: skip
def test_a_plain_number_is_an_int_or_a_float(written: str, number: float) -> None:
    read = values(f"x: {written}".encode())["x"]
    assert read == number
    assert type(read) is type(number)


@pytest.mark.parametrize(
    "written",
    ["yes", "No", "~", "null", "on", "0x1f", "0o17", "017", "1_000", ".5", "1.", ".inf", "-.INF",
     ".nan", "1:30", "2024-01-01", "2024-01-01 12:00:00", "2024-01-01T00:00:00Z", "=", "<<",
     "1e999", "-1e400", "True", "FALSE"],
)  # fmt: skip
def test_what_some_yaml_reader_takes_for_a_value_is_no_text(written: str) -> None:
    found = values(f"x: {written}".encode())["x"]
    assert isinstance(found, NotText)
    assert found.written == written


@pytest.mark.parametrize(
    "written",
    ["yes!", "nobody", "one", "1a", "1.2.3", "1-2", "v1", "1:99", "2024-01-01 是发布日", "e5",
     "0xg", "n = 3", "<", "1 000", "-", "+", "٣"],
)  # fmt: skip
def test_what_only_begins_like_a_value_is_text(written: str) -> None:
    text = f"x: {written}".encode() if written != "-" else b"x: '-'"
    assert values(text) == {"x": written}


@pytest.mark.parametrize("style", ["'{}'", '"{}"', "|-\n  {}", ">-\n  {}"])
@pytest.mark.parametrize("written", ["yes", "3", "null", "2024-01-01", "true"])
def test_in_quotes_or_a_block_everything_is_text(style: str, written: str) -> None:
    assert values(f"x: {style.format(written)}".encode()) == {"x": written}


def test_true_and_false_are_the_only_booleans() -> None:
    assert values(b"[true, false]") == [True, False]


def test_double_quotes_may_be_folded_but_hold_no_line_break() -> None:
    assert values(b'x: "one\n  two"') == {"x": "one two"}
    with pytest.raises(Unclear):
        values(b'x: "one\n\n  two"')


def test_ordinary_escapes_are_allowed() -> None:
    assert values(rb'x: "\"\\\/\x41\u9898\U0001F600\ "') == {"x": '"\\/A题😀 '}


def test_libyaml_does_the_parsing() -> None:
    """The messages that tests/broken expects about bad YAML are libyaml's."""
    assert yaml.__with_libyaml__
