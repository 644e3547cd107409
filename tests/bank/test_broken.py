"""Every way to break a deck, and exactly the problems that its file expects."""

from pathlib import Path

import pytest

from interview_cli.bank.deck import read_deck
from interview_cli.bank.nodes import MAX_PROBLEMS
from interview_cli.bank.reader import HIDDEN, MAX_BYTES
from interview_cli.errors import BankError

BROKEN = sorted((Path(__file__).parents[1] / "broken").glob("*.yaml"))
EXPECT = "# expect: "
OURS = ("Scalar", "NotText", "Silent", "Entry(", "Struct", "interview_cli", " object at ", "None")


def problems(raw: bytes) -> list[str]:
    """`line:column: message` of each problem, in order."""
    with pytest.raises(BankError) as caught:
        read_deck(raw, "broken.yaml")
    assert_readable(caught.value)
    return [str(p).removeprefix("broken.yaml:") for p in caught.value.problems]


def assert_readable(error: BankError) -> None:
    assert error.problems
    assert str(error).count("\n") == len(error.problems) - 1
    for problem in error.problems:
        assert problem.path == "broken.yaml"
        assert problem.line >= 1
        assert problem.column >= 1
        assert not HIDDEN.search(problem.message)
        assert not problem.message.startswith("cannot be read:")
        assert "Traceback" not in problem.message
        assert not any(name in problem.message for name in OURS)


def expected(raw: bytes) -> list[str]:
    """What the leading comments of a file ask for."""
    head = raw.decode().split("\n")
    return [line.removeprefix(EXPECT) for line in head if line.startswith(EXPECT)]


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_deck_is_refused_with_the_problems_it_expects(path: Path) -> None:
    raw = path.read_bytes()
    assert problems(raw) == expected(raw) != []


def test_there_are_many_ways_to_break_a_deck() -> None:
    assert len(BROKEN) >= 200


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"\xef\xbb\xbf", b"# nothing yet"])
def test_an_empty_file_is_called_empty(raw: bytes) -> None:
    assert problems(raw) == ["1:1: the file is empty"]


@pytest.mark.parametrize("coding", ["utf-16", "utf-32-le"])
def test_utf_16_with_a_byte_order_mark_is_named(coding: str) -> None:
    raw = "deck: d\n".encode(coding)
    raw = raw if coding == "utf-16" else b"\xff\xfe\0\0" + raw
    assert problems(raw) == ["1:1: the file is UTF-16; save it as UTF-8"]


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ("deck: d\ntitle: {zh: 归一化".encode("gbk"), "2:13"),
        ("deck: d\ntitle: {zh: 题目, en: caf".encode() + b"\xe9}", "2:24"),
        (b"\xef\xbb\xbf" + "归\xe9".encode()[:-1], "1:2"),
        (b"\xc0\x80", "1:1"),
        (b"deck: \xed\xa0\x80", "1:7"),
    ],
    ids=["gbk", "latin-1", "cut-after-a-mark", "overlong", "surrogate"],
)
def test_bytes_that_are_not_utf_8_are_shown_where_they_begin(raw: bytes, place: str) -> None:
    assert problems(raw) == [f"{place}: not UTF-8 from here on; save the file as UTF-8"]


def test_nul_bytes_are_hidden_characters() -> None:
    raw = "deck: d\n".encode("utf-16-le")
    assert problems(raw) == [
        "1:2: hidden character U+0000 (null), and 6 more on this line; remove them",
        "2:1: hidden character U+0000 (null); remove it",
    ]


def test_a_file_over_a_mebibyte_is_not_parsed() -> None:
    raw = b"# " + b"x" * MAX_BYTES
    message = "the file has 1048578 bytes; a deck may have 1048576: split it in two"
    assert problems(raw) == [f"1:1: {message}"]


@pytest.mark.parametrize(
    ("opening", "expect"),
    [
        ("[", ["1:13: nested more than 12 deep; a deck never is"]),
        ("- ", ["1:25: nested more than 12 deep; a deck never is"]),
        (
            "{",
            [
                "1:2: a key must be one word, not a list or a map",
                "1:13: nested more than 12 deep; a deck never is",
            ],
        ),
        (
            "? ",
            [
                "1:3: a key must be one word, not a list or a map",
                "1:25: nested more than 12 deep; a deck never is",
            ],
        ),
    ],
    ids=["brackets", "dashes", "braces", "question-marks"],
)
def test_a_hundred_thousand_openings_neither_crash_nor_take_long(
    opening: str, expect: list[str]
) -> None:
    """The C composer crashes on them, and parsing them all takes minutes."""
    assert problems(opening.encode() * 100_000) == expect


def test_a_billion_laughs_are_aliases_that_nobody_expands() -> None:
    lines = ['a0: &a0 "ha"']
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    found = problems("\n".join(lines).encode())
    assert "1:5: anchor &a0; remove it, or put the text in quotes" in found
    assert "2:10: alias *a0; write it out, or put the text in quotes" in found
    assert len(found) == MAX_PROBLEMS + 1


def test_of_very_many_problems_the_first_are_shown() -> None:
    raw = b"".join(b"key%d: 1\n" % n for n in range(50_000))
    found = problems(raw)
    assert found[0] == '1:1: the deck has no key "key0"; it has deck, title and cards'
    assert "100:1: more problems follow; these are the first 100 that were found" in found
    assert len(found) == MAX_PROBLEMS + 1


def test_hidden_characters_on_very_many_lines_are_not_all_shown() -> None:
    assert len(problems(b"\x1b\n" * 100_000)) == MAX_PROBLEMS + 1


def test_a_message_shows_only_the_beginning_of_a_long_word() -> None:
    long = "x" * 5000
    assert problems(f"{long[:900]}: 1\n".encode())[0] == (
        f'1:1: the deck has no key "{long[:39]}…"; it has deck, title and cards'
    )
    assert max(map(len, problems(f"a: !{long} 1\nb: &{long} 1\nc: *{long}\n".encode()))) < 200
