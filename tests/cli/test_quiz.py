"""Sittings in line mode, from the first question to the log."""

import errno
import json
import os
from pathlib import Path
from random import Random

import pytest
from rich.cells import cell_len

from interview_cli.cli import desk as desks
from interview_cli.cli.desk import Desk, selection
from interview_cli.cli.keys import Keys
from interview_cli.cli.quiz import Quiz
from interview_cli.cli.view.look import Look, console
from interview_cli.domain.review import Due, Rating
from interview_cli.store import log as logs
from tests.cli.material import ESCAPES, NOW, Home, Stream, interview, reviewed


def quiz(*options: str, typed: str = "") -> str:
    ran = interview("quiz", "--seed=1", *options, typed=typed)
    assert (ran.status, ran.err) == (0, "")
    return ran.out


def asked(screen: str) -> list[str]:
    """The ids of the cards in the order in which they were asked."""
    heads = [line for line in screen.splitlines() if " · " in line and "  [" in line]
    return [head.split(" · ")[1].split("  [")[0] for head in heads]


def stats() -> dict[str, int]:
    return json.loads(interview("stats", "--json").out)  # type: ignore[no-any-return]


def ratings(home: Home) -> list[int]:
    """What the log holds, in order; an undo as 0. A write that failed leaves an empty line."""
    return [json.loads(line).get("rating", 0) for line in home.log_lines() if line]


def test_four_answers_are_saved_and_not_asked_again(home: Home) -> None:
    first = asked(quiz("--kind=recall", "--kind=cloze", typed="4\n4\n4\n4\nq\n"))[:4]
    assert len(set(first)) == 4
    assert stats()["reviews"] == 4
    again = asked(quiz(typed="s\ns\ns\ns\ns\ns\nq\n"))
    assert again
    assert not set(first) & set(again)


def test_a_card_in_its_steps_comes_back_in_the_same_sitting(home: Home) -> None:
    assert asked(quiz("--kind=cloze", typed="\n\n\n3\nq\n")) == ["bn-formula"] * 4


def test_the_end_of_input_in_the_middle_of_an_answer_keeps_what_was_rated(home: Home) -> None:
    screen = quiz("--kind=predict", "--kind=cloze", typed="4\n[2. 3.] [1.5 3.5] 1.25\n")
    assert asked(screen) == ["bn-formula", "prints-two"]
    assert ratings(home) == [4]


def test_no_input_at_all_asks_one_question_and_saves_nothing(home: Home) -> None:
    assert len(asked(quiz())) == 1
    assert home.log_lines() == []


def test_undo_takes_back_the_answer_and_asks_its_card_again(home: Home) -> None:
    screen = quiz("--kind=recall", typed="4\nu\n2\nq\n")
    cards = asked(screen)
    assert cards[:3] == ["axes", cards[1], "axes"]
    assert "took back axes" in screen
    assert ratings(home) == [4, 0, 2]
    assert stats()["reviews"] == 1


def test_undo_at_the_first_card_has_nothing_to_undo(home: Home) -> None:
    assert "nothing to undo" in quiz(typed="u\nq\n")
    assert home.log_lines() == []


def test_undo_takes_back_one_review_after_another(home: Home) -> None:
    quiz("--kind=recall", typed="4\n4\nu\nu\nq\n")
    assert ratings(home) == [4, 4, 0, 0]
    assert stats()["reviews"] == 0


def test_a_skipped_card_comes_after_the_others(home: Home) -> None:
    cards = asked(quiz("--kind=recall", typed="s\n4\n4\n4\n4\nq\n"))
    assert cards[-1] == cards[0]
    assert len(set(cards)) == 4


def test_the_last_card_cannot_be_skipped(home: Home) -> None:
    assert "there is no other card" in quiz("--kind=cloze", typed="s\nq\n")


@pytest.mark.parametrize("key", ["x", "7", "abc", "\x1b[A", "；", "答案"])
def test_a_wrong_key_changes_nothing(key: str, home: Home) -> None:
    assert asked(quiz("--kind=cloze", typed=f"{key}\nq\n")) == ["bn-formula"]
    assert home.log_lines() == []


@pytest.mark.parametrize("word", ["q", "Q", "ｑ", " q ", "quit", "exit"])
@pytest.mark.parametrize("kind", ["cloze", "numeric", "choice"])
def test_a_sitting_can_be_left_in_many_words(word: str, kind: str, home: Home) -> None:
    assert len(asked(quiz(f"--kind={kind}", typed=f"{word}\n3\n3\n"))) == 1
    assert home.log_lines() == []


@pytest.mark.parametrize(
    ("typed", "is_right"),
    [("200", True), ("２００", True), ("2e2", True), ("400/2", True), ("201", True),
     ("203", False), ("0", False), ("", False), ("-200", False)],
)  # fmt: skip
def test_a_number_is_judged_within_its_tolerance(typed: str, is_right: bool, home: Home) -> None:
    screen = quiz("--kind=numeric", typed=f"{typed}\n\nq\n")
    assert ("✓ right" in screen) == is_right
    assert ("✗ not right" in screen) != is_right
    assert ratings(home) == [3 if is_right else 1]


@pytest.mark.parametrize("typed", ["many", "1,2,3,x", "1/0", "nan", "2 0 0 0 x"])
def test_what_is_no_number_may_be_typed_again(typed: str, home: Home) -> None:
    screen = quiz("--kind=numeric", typed=f"{typed}\n200\n3\nq\n")
    assert "not a number" in screen
    assert ratings(home) == [3]


@pytest.mark.parametrize(
    ("lines", "is_right"),
    [
        (["[2. 3.] [1.5 3.5] 1.25", "(2, 2)"], True),
        (["[2. 3.] [1.5 3.5] 1.25  ", "(2, 2)"], True),
        (["[2. 3.] [1.5 3.5] 1.25", "(2,2)"], False),
        (["(2, 2)", "[2. 3.] [1.5 3.5] 1.25"], False),
    ],
)
def test_as_many_lines_are_read_as_the_snippet_prints(
    lines: list[str], is_right: bool, home: Home
) -> None:
    screen = quiz("--kind=predict", typed="\n".join([*lines, "\n"]))
    assert ("✓ right" in screen) == is_right
    assert ratings(home) == [3 if is_right else 1]


def test_a_wrong_answer_is_again_whatever_is_pressed(home: Home) -> None:
    quiz("--kind=numeric", typed="7\n4\nq\n")
    assert ratings(home) == [1]


def test_a_right_answer_is_not_taken_for_again_or_anything_else(home: Home) -> None:
    screen = quiz("--kind=numeric", typed="200\n1\n4\n")
    assert screen.count("2 hard") == 2
    assert ratings(home) == [4]


@pytest.mark.parametrize("place", range(3))
def test_a_choice_is_right_at_one_place_only(place: int, home: Home) -> None:
    order = [0, 1, 2]
    Random(1).shuffle(order)
    for letter in ("abc"[place], "123"[place], "ABC"[place]):
        screen = quiz("--kind=choice", "--cram", typed=f"{letter}\n\nq\n")
        assert ("✓ right" in screen) == (order[place] == 0)
        assert (f"you chose {'abc'[place]}" in screen) == (order[place] != 0)


def test_ticks_suggest_the_rating_that_enter_gives(home: Home) -> None:
    for ticks, rating in (("", 3), ("a\n", 1), ("ab\n", 2), ("a\nb\nc\n", 3), ("a\na\n", 3)):
        quiz("--tag=plain", typed=f"\n{ticks}\nq\n")
        assert ratings(home)[-1] == rating, ticks
        interview("undo")


def test_limit_counts_answers(home: Home) -> None:
    screen = quiz("--limit=2", "--kind=recall", typed="4\n4\n4\n4\n")
    assert len(asked(screen)) == 2
    assert "That was the limit." in screen
    assert stats()["reviews"] == 2


def test_new_limits_the_new_cards_of_the_day(home: Home) -> None:
    assert len(asked(quiz("--new=1", "--kind=recall", typed="4\n4\n"))) == 1
    assert "--new allows more" in quiz("--new=1", "--kind=recall", typed="4\n")
    assert len(asked(quiz("--new=2", "--kind=recall", typed="4\n4\n"))) == 1


def test_a_new_card_that_is_brought_forward_comes_first_even_without_new_cards(home: Home) -> None:
    home.write_reviews([Due("d1", NOW, 0, "learnt")])
    assert asked(quiz("--kind=recall", "--new=0", typed="4\n")) == ["learnt"]
    assert asked(quiz("--kind=recall", "--new=0", typed="4\n")) == []


def test_cram_leaves_the_schedule_alone(home: Home) -> None:
    before = interview("why", "bn-formula", "--json").out
    quiz("--cram", "--kind=cloze", typed="3\n")
    after = json.loads(interview("why", "bn-formula", "--json").out)
    assert after.pop("reviews")[0]["cram"] is True
    assert {**after, "reviews": []} == json.loads(before)
    assert (stats()["reviews"], stats()["cram_reviews"]) == (0, 1)


def test_cram_asks_what_was_forgotten_once_more(home: Home) -> None:
    screen = quiz("--cram", "--kind=recall", typed="1\n3\n3\n3\n3\n")
    cards = asked(screen)
    assert len(cards) == 5
    assert cards[0] == cards[-1]


def test_the_language_turns_on_both_screens(home: Home) -> None:
    question = quiz("--kind=cloze", typed="l\nl\nl\nq\n")  # English, both, Chinese, English
    assert (question.count("subtracts"), question.count("再除以")) == (3, 2)
    answer = quiz("--kind=cloze", typed="\n\n\nl\nl\nq\n").partition("Answer")[2]
    assert (answer.count("ε only prevents"), answer.count("ε 只防止")) == (2, 2)
    assert home.log_lines() == []


class Typist(Keys):
    """Single keys from a list."""

    columns: list[str]

    def __init__(self, keys: str) -> None:
        super().__init__(is_interactive=True)
        self.left = list(keys)

    def open(self) -> None:
        """There is no terminal."""

    def key(self) -> str:
        return self.left.pop(0)


@pytest.mark.parametrize(
    ("keys", "given"),
    [("\n3\n3\n3q", [3, 3, 3]), ("333q", [3, 3, 3]), ("\n\n\n\nq", [3, 3])],
)
def test_every_key_counts_however_fast_it_comes(keys: str, given: list[int], home: Home) -> None:
    desk = Desk()
    view = Look(width=80)
    chosen = selection(desk, kinds=["recall"])
    quiz = Quiz(desk, view, console(view, Stream()), Typist(keys), Random(1), chosen)
    try:
        assert quiz.run()
    finally:
        desk.close()
    assert ratings(home) == given


def test_a_terminal_that_was_resized_is_used_as_wide_as_it_is(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Resizer(Typist):
        def key(self) -> str:
            monkeypatch.setenv("COLUMNS", self.columns.pop(0))
            return super().key()

    desk = Desk()
    out, view = Stream(), Look(width=80)
    keys = Resizer("\nlq")
    keys.columns = ["60", "100", "100"]
    chosen = selection(desk, tags=["plain"])
    try:
        Quiz(desk, view, console(view, out), keys, Random(1), chosen).run()
    finally:
        desk.close()
    tops = [line for line in ESCAPES.sub("", out.getvalue()).splitlines() if line[:1] == "╭"]
    assert [cell_len(line) for line in tops] == [80, 60, 100]
    assert all(line[-1] == "╮" for line in tops)


def failing_writes(monkeypatch: pytest.MonkeyPatch, failures: int) -> None:
    """A disk that is full for so many writes."""
    left = [failures]

    def write(fd: int, data: bytes) -> int:
        if left[0]:
            left[0] -= 1
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return os.write(fd, data)

    new = logs.ReviewLog.__init__

    def with_system(self: logs.ReviewLog, folder: Path, machine: str) -> None:
        new(self, folder, machine, logs.System(write=write))

    monkeypatch.setattr(logs.ReviewLog, "__init__", with_system)


def test_a_full_disk_keeps_the_sitting_alive_and_r_saves_later(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_writes(monkeypatch, 1)
    screen = quiz("--kind=recall", typed="4\nr\n4\nq\n")
    assert "not saved: No space left on device" in screen
    assert "1 answer kept in memory" in screen
    assert "everything is saved" in screen
    assert ratings(home) == [4, 4]


def test_the_next_answer_saves_what_waits_in_order(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_writes(monkeypatch, 1)
    quiz("--kind=recall", typed="4\n2\nq\n")
    assert ratings(home) == [4, 2]


def test_an_answer_that_was_not_saved_is_undone_in_memory(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_writes(monkeypatch, 1)
    screen = quiz("--kind=recall", typed="4\nu\n2\nq\n")
    assert asked(screen)[2] == "axes"
    assert stats()["reviews"] == 1
    assert [rating for rating in ratings(home) if rating] == [2]


def test_an_undo_that_was_not_saved_takes_nothing_back_later(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz("--kind=recall", typed="4\nq\n")
    failing_writes(monkeypatch, 1)
    screen = quiz("--kind=recall", typed="u\n2\nq\n")
    assert "not saved: No space left on device" in screen
    assert ratings(home) == [4, 2]
    assert stats()["reviews"] == 2


def test_what_cannot_be_saved_at_the_end_goes_to_a_rescue_file(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "rescued"))
    monkeypatch.setenv("INTERVIEW_HOME", "/proc/nope")
    ran = interview("quiz", "--kind=recall", "--seed=1", typed="4\n3\nq\n")
    assert ran.status == 1
    assert "2 answers in" in ran.out
    (rescue,) = (tmp_path / "rescued").glob("interview-rescued-*.jsonl")
    assert str(rescue) in ran.out
    assert [json.loads(line)["rating"] for line in rescue.read_text().splitlines()] == [4, 3]
    (home.folder / "reviews").mkdir(parents=True)
    rescue.rename(home.folder / "reviews" / rescue.name)
    monkeypatch.setenv("INTERVIEW_HOME", str(home.folder))
    assert stats()["reviews"] == 2


def test_what_another_terminal_answers_is_not_asked_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one answers between two of our answers."""
    desk = Desk()
    out = Stream()
    ours = Look(lang="en", is_plain=True, math="line")
    chosen = selection(desk, kinds=["recall"])
    quiz = Quiz(desk, ours, console(ours, out), Keys(False), Random(1), chosen)
    first, *others = ["axes", "a-card-with-a-long-name-that-is-forgotten"]
    other = Desk()
    keys = iter("4443")
    answered: list[str] = []

    class Listener(Keys):
        def key(self) -> str:
            answered.append(quiz.found.id)
            if len(answered) == 1:
                found, _ = other.card(others[0])
                event = desks.review_of(found, Rating.EASY, desks.now(), 1000, is_cram=False)
                desks.Outbox(other).send(event)
            return next(keys)

    quiz.keys = Listener(False)
    try:
        assert quiz.run()
    finally:
        desk.close()
        other.close()
    assert answered[0] == first
    assert others[0] not in answered
    assert len(answered) == 3
    assert stats()["reviews"] == 4


def test_a_card_that_is_due_comes_before_a_new_one(home: Home) -> None:
    home.write_reviews([reviewed("learnt", 40, Rating.EASY)])
    assert asked(quiz(typed="q\n")) == ["learnt"]


def test_a_deck_of_ones_own_is_asked(home: Home) -> None:
    home.deck(OWN.format(solution="norms/small_norm", compute="norms/small_norm:values"))
    screen = quiz("--topic=own", typed="\n3\n18\n4\nq\n")
    assert asked(screen)[:2] == ["own-code", "own-number"]
    assert "✓ right" in screen


def test_more_gaps_than_there_are_letters_can_be_shown_and_rated(home: Home) -> None:
    gaps = " ".join(f"⟦{n}⟧" for n in range(14))
    home.deck(
        "deck: own\ntitle: {zh: 我的, en: Mine}\ncards:\n  - id: many\n    kind: cloze\n"
        f"    level: 1\n    ask: {{zh: {gaps}, en: {gaps}}}\n"
    )
    screen = quiz("--topic=own", "--limit=1", typed="\n" * 14 + "am\n\n")
    assert "a-m tick" in screen
    assert ratings(home) == [1]


def test_a_deck_that_names_no_solution_does_not_end_the_sitting(home: Home) -> None:
    home.deck(OWN.format(solution="no/such", compute="no/such:f"))
    screen = quiz("--topic=own", typed="\n3\n18\n4\nq\n")
    assert 'card own-code: no solution is named "no/such"' in screen
    assert 'card own-number: no solution is named "no/such"' in screen
    assert ratings(home) == [3, 4]


def test_a_function_that_fails_does_not_end_the_sitting(home: Home) -> None:
    home.deck(OWN.format(solution="norms/small_norm", compute="norms/small_norm:small_norm"))
    screen = quiz("--topic=own", "--kind=numeric", typed="18\n4\nq\n")
    assert "card own-number: norms/small_norm:small_norm fails" in screen
    assert ratings(home) == [4]


OWN = """\
deck: own
title: {{zh: 我的, en: Mine}}
cards:
  - id: own-code
    kind: code
    level: 1
    ask: {{zh: 写, en: Write}}
    solution: {solution}
  - id: own-number
    kind: numeric
    level: 2
    ask: {{zh: "{{n}} {{h}}", en: "{{n}} {{h}}"}}
    draw: {{n: [2], h: [3]}}
    compute: {compute}
    answer: {{zh: 乘, en: Multiply}}
"""


def test_what_was_undone_is_not_in_the_summary(home: Home) -> None:
    assert "1 answer: good 1" in quiz("--kind=recall", typed="3\n3\nu\nq\n")


def test_an_answer_undone_leaves_nothing_to_sum_up(home: Home) -> None:
    assert "answer:" not in quiz("--kind=recall", typed="3\nu\nq\n")
