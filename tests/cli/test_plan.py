"""The plan, readiness and a quiz that follows them, from the command line to the log."""

import json
import sqlite3
from datetime import date, timedelta
from itertools import count
from random import Random
from threading import Event
from typing import Any

import pytest

from interview_cli.cli import agenda as agendas
from interview_cli.cli import desk as desks
from interview_cli.cli.agenda import Agenda
from interview_cli.cli.desk import Desk, selection
from interview_cli.cli.keys import Keys
from interview_cli.cli.quiz import Quiz
from interview_cli.cli.view.look import Look, console
from interview_cli.domain.review import Aim, Due, Rating
from interview_cli.scheduling.fsrs import DEFAULT
from tests.cli.material import NOW, Home, Stream, interview, reviewed
from tests.cli.test_quiz import Typist, asked, quiz, ratings

FAR = date(2026, 11, 25)
LONG = "a-card-with-a-long-name-that-is-forgotten"
CARDS = {
    "axes", "bn-formula", "which-variance", "per-channel", "prints-two", "backward",
    "small-norm-code", LONG, "changed", "learnt",
}  # fmt: skip


def plan(*options: str) -> dict[str, Any]:
    ran = interview("plan", *options, "--json")
    assert (ran.status, ran.err) == (0, "")
    return json.loads(ran.out)  # type: ignore[no-any-return]


def an_aim(day: date = FAR, minutes: int = 10, *off: str) -> Aim:
    """Taken some days ago."""
    return Aim("a1", NOW - timedelta(9), 0, day, minutes, off)


@pytest.fixture
def aimed(home: Home) -> Home:
    """Somebody with a plan, four days before it, who has learnt nothing yet."""
    home.write_reviews([an_aim()])
    return home


def only_tools(home: Home) -> None:
    """So that the plan asks others than plain FSRS: the topic `norms` counts nothing."""
    (home.folder / "config.toml").write_text("[topics]\nnorms = 0\n", encoding="utf-8")


def today() -> dict[str, Any]:
    return json.loads(interview("--json").out)  # type: ignore[no-any-return]


# Setting it.


def test_a_plan_is_kept_and_shown_again(home: Home) -> None:
    first = plan("--date", "2026-11-24", "--minutes", "5", "--off", "sun")
    assert first["aim"] == {"date": "2026-11-24", "days_left": 3, "minutes": 5, "off": ["sun"]}
    assert plan() == first
    (line,) = map(json.loads, home.log_lines())
    assert (line["type"], line["date"], line["minutes"], line["off"]) == (
        "aim", "2026-11-24", 5, ["sun"],
    )  # fmt: skip


def test_half_an_hour_a_day_is_what_nobody_has_to_say(home: Home) -> None:
    assert plan("--date", "2026-11-22")["aim"]["minutes"] == 30


@pytest.mark.parametrize(
    ("options", "changed"),
    [
        ("--minutes 7", {"minutes": 7}),
        ("--date 2026-11-23", {"date": "2026-11-23", "days_left": 2}),
        ("--off tue,2026-11-23", {"off": ["tue", "2026-11-23"]}),
        ("--off Tue --off 20261123 --off tue", {"off": ["tue", "2026-11-23"]}),
        ("--off none", {"off": []}),
    ],
)
def test_what_is_not_said_stays_as_it_was(
    options: str, changed: dict[str, object], home: Home
) -> None:
    before = plan("--date", "2026-11-24", "--minutes", "5", "--off", "sun")["aim"]
    assert plan(*options.split())["aim"] == {**before, **changed}
    assert len(home.log_lines()) == 2


def test_clear_ends_the_plan(aimed: Home) -> None:
    assert interview("plan", "--clear", "--json").out == '{\n  "version": 1,\n  "aim": null\n}\n'
    assert json.loads(aimed.log_lines()[-1])["date"] is None
    assert today()["plan"] is None
    assert interview("plan").status == 2
    count = len(aimed.log_lines())
    assert interview("plan", "--clear", "--lang", "en").out == "There was no plan.\n"
    assert len(aimed.log_lines()) == count


def test_a_dry_run_keeps_nothing(aimed: Home) -> None:
    plan()
    before = aimed.log_lines(), today()
    dry = plan("--minutes", "4", "--date", "2026-11-22", "--dry-run")
    assert (dry["aim"]["minutes"], dry["aim"]["days_left"]) == (4, 1)
    assert (aimed.log_lines(), today()) == before
    assert before[1]["plan"]["cards"] > 0


NO_PLAN = "there is no plan yet; interview plan --date 2026-12-18 --minutes 30 makes one"
DAY = "write a day as 2026-12-18"
WRONG = {
    "plan": NO_PLAN,
    "plan --dry-run": NO_PLAN,
    "plan --minutes 9": "for which day? interview plan --date 2026-12-18 --minutes 30",
    "plan --date": "interview plan: --date needs a value; see interview plan --help",
    "plan --date soon": f'--date is "soon"; {DAY}',
    "plan --date 2026-02-30": f'--date is "2026-02-30"; {DAY}',
    "plan --date 18.12.2026": f'--date is "18.12.2026"; {DAY}',
    "plan --date 2026-12-18T10:00": f'--date is "2026-12-18T10:00"; {DAY}',
    "plan --date 2026-11-20": "--date is 2026-11-20, which has passed; give a day to come",
    "plan --date 0001-01-01": "--date is 0001-01-01, which has passed; give a day to come",
    "plan --date 2028-11-21": "--date is 2028-11-21; a plan reaches 730 days at most",
    "plan --date 9999-12-31": "--date is 9999-12-31; a plan reaches 730 days at most",
    "plan --date 2026-11-24 --minutes 0":
        "interview plan: --minutes is 0; it goes from 1 to 1440; see interview plan --help",
    "plan --date 2026-11-24 --minutes 1441":
        "interview plan: --minutes is 1441; it goes from 1 to 1440; see interview plan --help",
    "plan --date 2026-11-24 --minutes half":
        'interview plan: --minutes is "half", not a number; see interview plan --help',
    "plan --date 2026-11-24 --off sunday":
        '--off is "sunday"; it is mon, tue, wed, thu, fri, sat, sun or a day as 2026-12-06',
    "plan --date 2026-11-24 --off sat,":
        '--off is ""; it is mon, tue, wed, thu, fri, sat, sun or a day as 2026-12-06',
    "plan --date 2026-11-24 --off sat,none":
        '--off is "none"; it is mon, tue, wed, thu, fri, sat, sun or a day as 2026-12-06',
    "plan --date 2026-11-24 --off 6.12.": f'--off is "6.12."; {DAY}',
    "plan --date 2026-11-23 --off sat,sun":
        "--off: no day is left until 2026-11-23; --off none takes all days",
    "plan --date 2026-11-21 --off sat":
        "--off: no day is left until 2026-11-21; --off none takes all days",
    "plan --clear --minutes 9": "--clear stands alone",
    "plan --clear --date 2026-11-24": "--clear stands alone",
    "plan --clear --off none": "--clear stands alone",
    "plan x": 'interview plan: unexpected "x"; see interview plan --help',
    "readiness": "for which day? interview readiness --date 2026-12-18",
    "readiness --date soon": f'--date is "soon"; {DAY}',
    "readiness --date 2026-11-20": "2026-11-20 has passed; give a day to come: --date",
    "readiness --date 9999-12-31": "--date is 9999-12-31; a plan reaches 730 days at most",
    "readiness --date 2026-11-24 --topic zzz": 'no topic is named "zzz"; there is norms, tools',
}  # fmt: skip


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_command_line_gets_one_clear_sentence_and_keeps_nothing(
    line: str, home: Home
) -> None:
    assert interview(*line.split()) == (2, "", WRONG[line] + "\n")
    assert home.log_lines() == []


# What it says.


def test_its_days_fit_their_minutes_and_its_cards_today(aimed: Home) -> None:
    found = plan("--off", "sun,2026-11-23", "--minutes", "2")
    assert [day["date"] for day in found["days"]] == [f"2026-11-{n}" for n in (21, 22, 23, 24)]
    assert [day["is_off"] for day in found["days"]] == [False, True, True, False]
    for day in found["days"]:
        assert day["minutes"] <= 2 * (not day["is_off"])
        assert day["new"] <= day["cards"]
    cards = found["today"]
    assert sum(card["minutes"] for card in cards) <= 2
    assert {card["card"] for card in cards} <= CARDS
    assert {(c["topic"], c["is_new"]) for c in cards} <= {("norms", True), ("tools", True)}
    assert 0 == found["recall"]["stop_now"] <= found["recall"]["fsrs"] <= found["recall"]["plan"]
    assert found["recall"]["plan"] <= 1
    assert found["too_long"] == [{"card": "small-norm-code", "minutes": 10.0}]


def test_what_counts_nothing_is_not_planned(aimed: Home) -> None:
    only_tools(aimed)
    assert {card["card"] for card in plan()["today"]} == {"changed", "learnt"}
    found = json.loads(interview("readiness", "--json").out)
    assert [topic["topic"] for topic in found["topics"]] == ["tools"]


def test_what_today_took_is_taken_from_its_minutes(aimed: Home) -> None:
    aimed.write_reviews([reviewed("axes", 0.01, Rating.GOOD, elapsed_ms=9 * 60_000)])
    assert sum(card["minutes"] for card in plan()["today"]) <= 1
    assert today()["plan"]["minutes_left"] == 1
    aimed.write_reviews([reviewed("changed", 0.005, Rating.GOOD, elapsed_ms=2 * 60_000)])
    assert plan()["today"] == []
    assert today()["plan"]["minutes_left"] == 0
    assert "Nothing is left to do today." in interview("plan", "--lang", "en").out


def test_on_the_day_itself_there_is_one_last_look(home: Home) -> None:
    found = plan("--date", "2026-11-21", "--minutes", "3")
    assert found["aim"]["days_left"] == 0
    assert [day["date"] for day in found["days"]] == ["2026-11-21"]
    assert found["today"]
    assert "that is today" in interview("plan", "--lang", "en").out
    assert "It is today, Sat 21 Nov" in interview("--lang", "en").out
    assert asked(quiz(typed="q\n")) == [found["today"][0]["card"]]


def test_once_the_day_has_passed_every_command_says_so_and_fsrs_decides(home: Home) -> None:
    home.write_reviews([an_aim(date(2026, 11, 20)), reviewed("learnt", 40, Rating.EASY)])
    sentence = "The day of the plan, 2026-11-20, has passed; plain FSRS decides again."
    ran = interview("plan", "--lang", "en")
    assert ran.out.splitlines()[0] == sentence
    assert plan() == {
        "version": 1,
        "aim": {"date": "2026-11-20", "days_left": -1, "minutes": 10, "off": []},
    }
    assert sentence in interview("--lang", "en").out
    assert (today()["plan"]["days_left"], today()["next"]) == (
        -1,
        "interview plan --date YYYY-MM-DD",
    )
    screen = quiz("--kind=recall", "--lang=en", typed="4\n4\nq\n")
    assert screen.startswith(sentence + "\n")
    assert asked(screen)[:2] == ["learnt", "axes"]
    assert interview("readiness").err == "2026-11-20 has passed; give a day to come: --date\n"
    assert interview("plan", "--minutes", "5").status == 2


def test_today_tells_what_stopping_now_leaves_on_the_day(aimed: Home) -> None:
    aimed.write_reviews([reviewed("learnt", 2, Rating.EASY)])
    (norms, tools) = today()["topics"]
    assert (norms["recall"], norms["ready"]) == (None, 0)
    s = DEFAULT.initial_stability(4)
    assert tools["recall"] == DEFAULT.retrievability(2, s)
    assert tools["ready"] == DEFAULT.retrievability(2 + 4, s) / 2
    interview("plan", "--clear")
    assert {topic["ready"] for topic in today()["topics"]} == {None}


def test_readiness_tells_both_ways_for_every_topic(aimed: Home) -> None:
    aimed.write_reviews([reviewed("axes", 3, Rating.GOOD), reviewed("learnt", 2, Rating.EASY)])
    found = json.loads(interview("readiness", "--json").out)
    assert (found["date"], found["days_left"], found["minutes"]) == ("2026-11-25", 4, 10)
    assert [t["topic"] for t in found["topics"]] == ["norms", "tools"]
    assert [t["cards"] for t in (found["total"], *found["topics"])] == [10, 8, 2]
    for part in (found["total"], *found["topics"]):
        for way in (part["stop_now"], part["plan"]):
            assert 0 <= way["low"] <= way["expected"] <= way["high"] <= 1
        assert part["stop_now"]["expected"] < part["plan"]["expected"]
    mean = sum(t["cards"] * t["stop_now"]["expected"] for t in found["topics"]) / 10
    assert found["total"]["stop_now"]["expected"] == pytest.approx(mean)


def test_readiness_needs_no_plan(home: Home) -> None:
    home.write_reviews([reviewed("axes", 3, Rating.GOOD)])
    found = json.loads(interview("readiness", "--date", "2026-11-24", "--json").out)
    assert found["minutes"] is found["total"]["plan"] is None
    assert "There is no plan to follow yet" in interview(
        "readiness", "--date", "2026-11-24", "--lang", "en"
    ).out.replace("\n", " ")
    ran = interview("readiness", "--date", "2026-11-24", "--topic", "tools", "--json")
    (topic,) = json.loads(ran.out)["topics"]
    assert (topic["topic"], topic["stop_now"]["expected"]) == ("tools", 0)


@pytest.mark.parametrize(
    ("lang", "encoding"), [("zh", "utf-8"), ("both", "utf-8"), ("en", "ascii"), ("zh", "gbk")]
)
def test_no_line_of_a_plan_is_wider_than_its_terminal(
    lang: str, encoding: str, aimed: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rich.cells import cell_len

    monkeypatch.setattr(Stream, "encoding", encoding)
    monkeypatch.setenv("COLUMNS", "60")
    for arguments in (["plan", "--minutes", "3"], ["readiness"], []):
        monkeypatch.setenv("INTERVIEW_LANG", lang)
        ran = interview(*arguments, in_terminal=True)
        assert (ran.status, ran.err) == (0, "")
        assert max(map(cell_len, ran.out.splitlines())) <= 60


# The quiz that follows it.


def test_the_quiz_asks_the_plans_cards_in_its_order(
    aimed: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = [card["card"] for card in plan()["today"]]
    assert len(cards) > 6
    assert asked(quiz(typed="s\n" * (len(cards) - 1) + "q\n")) == cards
    order = (LONG, "learnt", "bn-formula", "axes", "changed")
    monkeypatch.setattr(agendas, "solved", lambda *_: order)
    answered = asked(quiz(typed="4\n4\n4\n4\nq\n"))
    assert answered == [cards[0], *(card for card in order if card != cards[0])]


def test_the_first_question_is_of_what_was_kept_and_what_follows_is_of_the_plan(
    aimed: Home,
) -> None:
    only_tools(aimed)
    cold = asked(quiz(typed="4\n4\n4\nq\n"))
    assert cold == ["axes", "changed", "learnt"]  # as plain FSRS would, before it is solved
    for _ in cold:
        interview("undo")
    assert today()["plan"]["cards"] == 2
    assert asked(quiz(typed="4\n4\n4\nq\n")) == ["changed", "learnt"]


def test_what_was_kept_for_another_day_or_another_aim_is_not_asked(
    aimed: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_tools(aimed)
    plan()
    assert today()["plan"]["cards"] == 2
    monkeypatch.setattr(desks, "now", lambda: NOW + timedelta(1))
    assert today()["plan"]["cards"] is None
    assert asked(quiz(typed="q\n")) == ["axes"]
    plan()
    assert asked(quiz(typed="q\n"))[0] in ("changed", "learnt")
    aimed.write_reviews([Aim("a2", NOW + timedelta(1), 0, FAR, 9, ())])
    assert today()["plan"]["cards"] is None


@pytest.mark.parametrize("value", ["x", "null", '{"a": 1}', "[1, 2, 3]"])
def test_a_damaged_note_of_what_was_kept_is_as_good_as_none(value: str, aimed: Home) -> None:
    plan()
    with sqlite3.connect(aimed.folder / "index.sqlite") as db:
        assert db.execute("UPDATE meta SET value = ? WHERE key = 'agenda'", (value,)).rowcount
    db.close()
    assert today()["plan"]["cards"] is None
    assert asked(quiz(typed="4\nq\n"))[0] == "axes"
    assert today()["plan"]["cards"] is not None


def test_what_the_judge_asked_for_comes_first_even_under_the_plan(aimed: Home) -> None:
    only_tools(aimed)
    aimed.write_reviews([Due("d1", NOW, 0, "backward")])
    for typed in ("q\n", "s\nq\n", "4\n4\n4\nq\n"):
        assert asked(quiz(typed=typed))[0] == "backward"
    assert "backward" not in asked(quiz(typed="4\n4\n4\nq\n"))


def test_a_selection_is_asked_only(aimed: Home) -> None:
    for _ in ("cold", "kept"):
        screen = quiz("--topic=tools", "--lang=en", typed="4\n4\n4\n4\nq\n")
        assert {*asked(screen)} == {"changed", "learnt"}
        assert "Of these, the plan asks no more today." in screen
        interview("undo", "--times", "2")
    screen = quiz("--kind=code", "--lang=en", typed="s\nq\n")
    assert {*asked(screen)} <= {"small-norm-code"}


def test_a_mistake_in_config_toml_loses_no_answer(aimed: Home) -> None:
    written = aimed.folder / "config.toml"
    written.write_text("[topics]\nnorms = -1\n", encoding="utf-8")
    ran = interview("quiz", "--lang=en", typed="4\n4\n4\n")
    assert ran.status == 2
    assert ran.err == f"{written}: [topics] norms = -1; give a number from 0 to 100\n"
    assert "1 answer: easy 1" in ran.out
    assert ratings(aimed)[1:] == [4]


def test_a_bug_in_the_plan_is_raised_where_somebody_looks_and_loses_no_answer(
    aimed: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def solved(*_: object) -> tuple[str, ...]:
        raise ZeroDivisionError

    monkeypatch.setattr(agendas, "solved", solved)
    with pytest.raises(ZeroDivisionError):
        interview("quiz", typed="4\n4\n")
    assert ratings(aimed)[1:] == [4]


def test_a_second_sitting_of_a_day_goes_on_where_the_first_ended(aimed: Home) -> None:
    first = asked(quiz("--kind=recall", typed="4\n4\nq\n"))[:2]
    left = today()["plan"]
    assert left["minutes_left"] < 10
    second = asked(quiz(typed="s\n" * 20 + "q\n"))
    assert not {*first} & {*second}
    assert len({*second}) == left["cards"] > 3


def test_undo_brings_a_card_back_under_the_plan(aimed: Home) -> None:
    screen = quiz("--kind=recall", typed="4\n4\nu\nu\n2\nq\n")
    cards = asked(screen)
    assert cards[3:5] == [cards[1], cards[0]]
    assert ratings(aimed)[1:] == [4, 4, 0, 0, 2]


def test_a_card_in_its_steps_comes_back_in_the_same_sitting(aimed: Home) -> None:
    only_tools(aimed)
    plan()
    assert asked(quiz(typed="1\n4\n4\nq\n")) == ["changed", "learnt", "changed"]


def test_a_step_of_yesterday_is_asked_once(home: Home) -> None:
    home.write_reviews([reviewed("axes", 1, Rating.AGAIN), an_aim()])
    assert "axes" in [card["card"] for card in plan()["today"]]
    screen = quiz(typed="s\n" * 20 + "q\n")
    assert asked(screen)[0] == "axes"
    assert "axes" not in asked(screen)[1:4]
    assert asked(quiz(typed="4\n" * 30)).count("axes") == 1


def test_a_limit_is_a_limit_under_the_plan_too(aimed: Home) -> None:
    for _ in ("cold", "kept"):
        screen = quiz("--limit=2", "--lang=en", "--kind=recall", typed="4\n4\n4\n")
        assert len(asked(screen)) == 2
        assert "That was the limit." in screen
        assert "plan is done" not in screen


def test_the_first_card_can_be_skipped_before_the_plan_is_solved(aimed: Home) -> None:
    screen = quiz("--lang=en", "--kind=recall", typed="s\n4\nq\n")
    assert len({*asked(screen)}) == 3
    assert "there is no other card" not in screen
    only_tools(aimed)
    interview("undo")
    alone = quiz("--lang=en", "--topic=tools", typed="4\n4\n")
    assert {*asked(alone)} == {"changed", "learnt"}


def test_on_a_day_off_only_steps_and_what_the_judge_asked_for_come(home: Home) -> None:
    home.write_reviews([an_aim(FAR, 10, "sat"), reviewed("learnt", 40, Rating.EASY)])
    screen = quiz("--lang=en", typed="4\n")
    assert asked(screen) == []
    assert "Today is a day off. --no-plan asks anyway." in screen
    assert (today()["plan"]["is_off"], today()["next"]) == (True, "interview quiz --no-plan")
    assert asked(quiz("--no-plan", typed="4\nq\n"))[0] == "learnt"
    home.write_reviews([Due("d1", NOW, 0, "backward"), reviewed("axes", 0.1, Rating.AGAIN)], "b")
    home.write_reviews([Due("d2", NOW, 0, "backward"), reviewed("axes", 0.1, Rating.AGAIN)])
    assert asked(quiz(typed="4\n4\n4\n")) == ["axes", "backward"]


def test_used_up_minutes_ask_no_more_and_nothing_is_solved(
    aimed: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agendas, "solved", None)
    aimed.write_reviews([reviewed("axes", 0.1, Rating.EASY, elapsed_ms=600_000)])
    screen = quiz("--lang=en", typed="4\n")
    assert asked(screen) == []
    assert "Today's 10 minutes are used up. --no-plan asks anyway." in screen
    assert today()["next"] == "interview quiz --no-plan"
    assert asked(quiz("--no-plan", typed="q\n")) == ["bn-formula"]


@pytest.mark.parametrize("option", ["--no-plan", "--cram"])
def test_neither_cramming_nor_no_plan_solves_anything(
    option: str, aimed: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agendas, "solved", None)
    assert len(asked(quiz(option, "--kind=recall", typed="4\n4\n4\nq\n"))) == 4


@pytest.mark.parametrize(
    ("keys", "options"), [("q", {}), ("44q", {}), ("44", {"limit": 2}), ("4?uq", {})]
)
def test_in_a_terminal_no_key_waits_for_the_plan(
    keys: str, options: dict[str, int], aimed: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is never solved here; the quiz asks what was kept, and ends."""
    plan()
    never = Event()
    monkeypatch.setattr(agendas, "solved", lambda *_: never.wait(20) and ())
    desk = Desk()
    chosen = selection(desk, kinds=["recall"])
    view = Look(width=80)
    agenda = Agenda(desk, an_aim(), chosen)
    keyboard = Typist(keys)
    sitting = Quiz(
        desk, view, console(view, Stream()), keyboard, Random(1), chosen, agenda=agenda, **options
    )
    try:
        assert sitting.run()
        assert agenda.thread is not None
        assert agenda.thread.is_alive()
        assert keyboard.left == []
    finally:
        never.set()
        desk.close()
    assert ratings(aimed)[1:] == [4] * keys.count("4") + [0] * keys.count("u")


def test_a_sitting_goes_on_past_the_end_of_its_day(
    aimed: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is asked twice, and the next sitting is of the new day."""
    end = NOW.replace(hour=4) + timedelta(days=1)
    seconds = count(-9)
    monkeypatch.setattr(desks, "now", lambda: end + timedelta(seconds=next(seconds)))
    cards = asked(quiz("--kind=recall", typed="4\n" * 9))
    assert next(seconds) > 0
    assert len(cards) == len({*cards}) == 4
    assert today()["plan"]["days_left"] == 3


def test_what_another_terminal_answers_leaves_the_rest_of_the_plan(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan asks cards that FSRS does not: they are not due, and stay."""
    home.write_reviews([an_aim(FAR, 10)])
    home.write_reviews([reviewed(card, 2, Rating.EASY) for card in sorted(CARDS)])
    wanted = [card["card"] for card in plan()["today"] if card["kind"] == "recall"]
    assert len(wanted) > 3
    assert not today()["due"]
    monkeypatch.setattr(agendas, "solved", lambda *_: tuple(wanted))
    desk, other = Desk(), Desk()
    view = Look(lang="en", is_plain=True, math="line")
    chosen = selection(desk, kinds=["recall"])
    agenda = Agenda(desk, an_aim(), chosen)
    keys, out = Keys(False), console(view, Stream())
    sitting = Quiz(desk, view, out, keys, Random(1), chosen, agenda=agenda)
    answered: list[str] = []

    class Listener(Keys):
        def key(self) -> str:
            answered.append(sitting.found.id)
            if len(answered) == 1:
                found, _ = other.card(wanted[2])
                event = desks.review_of(found, Rating.EASY, desks.now(), 1000, is_cram=False)
                desks.Outbox(other).send(event)
            return "4"

    sitting.keys = Listener(False)
    try:
        assert sitting.run()
    finally:
        desk.close()
        other.close()
    assert answered == [card for card in wanted if card != wanted[2]]


def test_without_an_index_that_lasts_the_plan_is_followed_all_the_same(aimed: Home) -> None:
    """Where no file can be written it lives in memory."""
    only_tools(aimed)
    (aimed.folder / "index.sqlite").mkdir()
    assert asked(quiz(typed="4\n4\n4\nq\n")) == ["axes", "changed", "learnt"]
    assert today()["plan"]["cards"] is None
