"""Single keys: what is typed ahead, escape sequences, Ctrl-C and Ctrl-D."""

import pytest

from interview_cli.cli.keys import EndOfInput, Keys, keys_of
from tests.cli.material import Stream


def typed(monkeypatch: pytest.MonkeyPatch, *reads: str) -> Keys:
    left = list(reads)
    monkeypatch.setattr("sys.stdout", Stream())
    keys = Keys(is_interactive=True)
    monkeypatch.setattr(keys.terminal, "read", lambda: left.pop(0))
    monkeypatch.setattr(keys.terminal, "open", lambda: None)
    return keys


def test_an_escape_sequence_is_one_key_that_nothing_uses() -> None:
    for sequence in ("\x1b[A", "\x1bOP", "\x1b[1;5C", "\x1b", "\x1b[200~", "\x1b[3~"):
        assert keys_of(f"3{sequence}a") == ["3", "\x1b", "a"] or sequence == "\x1b"
    assert keys_of("\x1b") == ["\x1b"]


def test_keys_typed_ahead_wait_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = typed(monkeypatch, " 3\x1b[Aq", "\r")
    assert [keys.key() for _ in range(5)] == ["\n", "3", "\x1b", "q", "\n"]


def test_wide_and_capital_keys_are_the_plain_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = typed(monkeypatch, "３Ａ？　Q")
    assert [keys.key() for _ in range(5)] == ["3", "a", "?", "\n", "q"]


def test_ctrl_c_and_ctrl_d_count_after_what_was_typed_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys = typed(monkeypatch, "3\x03", "4\x04")
    assert keys.key() == "3"
    with pytest.raises(KeyboardInterrupt):
        keys.key()
    assert keys.key() == "4"
    with pytest.raises(EndOfInput):
        keys.key()


def test_a_line_begins_with_what_was_typed_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = typed(monkeypatch, "312\x7f5")
    monkeypatch.setattr("sys.stdin", Stream("0\x1b[D0\n"))
    assert keys.key() == "3"
    assert keys.line() == "1500"


def test_a_line_that_was_typed_ahead_is_not_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys = typed(monkeypatch, "342\r3")
    assert (keys.key(), keys.line(), keys.key()) == ("3", "42", "3")


def test_ctrl_c_in_a_line_that_was_typed_ahead_interrupts(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = typed(monkeypatch, "34\x03")
    keys.key()
    with pytest.raises(KeyboardInterrupt):
        keys.line()
