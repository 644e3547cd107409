"""interview stats: whole screens, and what it says of strange logs and attempts."""

import json
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from rich.cells import cell_len

from interview_cli.cli import spelling
from interview_cli.cli.view.look import Look
from interview_cli.cli.view.plots import columns, dots, heat_map, legend
from interview_cli.domain.review import Event, Rating, Undo
from interview_cli.scheduling.days import study_day
from interview_cli.scheduling.statistics import Day, heat
from interview_cli.store.attempts import begin
from tests.cli.material import NOW, Home, Stream, check_screen, interview, reviewed
from tests.cli.workshop import Workshop

LOOKS = [(width, lang) for width in (60, 80) for lang in ("zh", "en")]
NAMES = {f"stats-full-{width}-{lang}" for width, lang in LOOKS}
NAMES |= {"stats-full-piped-80-en", "stats-full-60-ascii", "stats-new-60-en"}

CARDS = ("axes", "bn-formula", "which-variance", "per-channel", "changed", "learnt")
LEECH = "a-card-with-a-long-name-that-is-forgotten"


def months() -> list[Event]:
    """Half a year: six cards every few days, one that is always forgotten."""
    rng = Random(5)
    found: list[Event] = []
    for card in (*CARDS, LEECH):
        day = rng.uniform(150, 180)
        while day > 0.2:
            forgotten = 0.5 if card == LEECH else 0.08
            rating = rng.choices(list(Rating), (forgotten, 0.1, 0.7, 0.1))[0]
            elapsed_ms = rng.randint(5_000, 90_000)
            found.append(reviewed(card, round(day, 2), rating, elapsed_ms=elapsed_ms))
            day -= 1 + rng.expovariate(1 / 4)
    return sorted(found, key=lambda event: event[1])


def attempt(
    home: Home, days_ago: float, *verdicts: dict[str, Any], name: str = "small_norm"
) -> None:
    """An attempt with a verdict every four minutes."""
    at = NOW - timedelta(days=days_ago)
    with begin(home.folder, name, "", at, language="numpy", limit_s=900) as found:
        for number, fields in enumerate(verdicts, 1):
            at += timedelta(minutes=4)
            if fields.get("hint"):
                found.record("hint", at, number=1)
            said = {"kind": "mistake", "mistakes": [], "save": number, **fields}
            found.record("verdict", at, **said)


WRONG = {"mistakes": ["unbiased"], "passed": 1, "stages": 4}
RIGHT = {"kind": "accepted", "passed": 4, "stages": 4}


@pytest.fixture
def learner(home: Home) -> Home:
    """Somebody who has learnt for half a year, and written by hand."""
    Workshop(home)  # with the proof of small_norm
    home.write_reviews(months())
    attempt(home, 40, WRONG, {**WRONG, "hint": True}, WRONG, RIGHT)
    attempt(home, 20, WRONG, RIGHT)
    attempt(home, 3, {**WRONG, "mistakes": ["not-centred"], "passed": 3})
    attempt(home, 2, {"kind": "mistake", "mistakes": ["a-mistake-of-long-ago"]}, name="of_long_ago")
    return home


def stats(*options: str) -> dict[str, Any]:
    ran = interview("stats", "--json", *options)
    assert (ran.status, ran.err) == (0, "")
    return json.loads(ran.out)  # type: ignore[no-any-return]


# Screens.


@pytest.mark.parametrize(("width", "lang"), LOOKS)
def test_the_statistics_of_half_a_year_look_like_their_screen(
    width: int, lang: str, learner: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    ran = interview("stats", "--lang", lang, in_terminal=True)
    assert (ran.status, ran.err) == (0, "")
    check_screen(f"stats-full-{width}-{lang}", ran.out)


def test_in_a_pipe_numbers_stand_in_the_place_of_plots(learner: Home) -> None:
    ran = interview("stats", "--lang", "en")
    check_screen("stats-full-piped-80-en", ran.out)
    assert not set(ran.out) & set("▁▂▃▄▅▆▇▒▓○●◉")


def test_where_there_is_no_unicode_all_is_ascii(
    learner: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Stream, "encoding", "ascii")
    monkeypatch.setenv("COLUMNS", "60")
    ran = interview("stats", "--lang", "en", in_terminal=True)
    assert set(ran.out) - set(map(chr, range(128))) <= {"·"}
    spelled = ran.out.encode("ascii", spelling.install()).decode()  # as the stream does
    check_screen("stats-full-60-ascii", spelled)


def test_a_new_learner_is_told_what_to_type(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    ran = interview("stats", "--lang", "en", in_terminal=True)
    check_screen("stats-new-60-en", ran.out)
    assert "interview quiz" in ran.out


@pytest.mark.parametrize("width", [40, 60, 100])
@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_no_line_is_wider_than_the_terminal(
    width: int, lang: str, learner: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for in_terminal in (True, False):
        ran = interview("stats", "--lang", lang, in_terminal=in_terminal)
        assert max(map(cell_len, ran.out.splitlines())) <= width


# Plots.


def test_columns_stand_on_the_ground_and_the_highest_is_full() -> None:
    view = Look()
    assert columns([0, 4, 8, 0.001], view, 2, 1) == ["  █ ", " ██▁"]
    assert columns([0, 8], view, 1, 2, gap=1) == ["   ██"]
    assert columns([0, 0], view, 2, 1) == ["  ", "  "]
    assert columns([0, 4, 8], Look(math="latex"), 2, 1) == ["  #", " ##"]


def test_a_heat_map_has_a_row_for_each_weekday_and_names_months() -> None:
    today = NOW.date().toordinal()  # a Saturday
    found = heat({today: Day(9), today - 1: Day(1), today - 30: Day(5)}, today, 6)
    rows = [line.plain for line in heat_map(found, Look(lang="en"))]
    assert rows[0] == "        Nov"  # the first of November is in the third week
    assert [row[:3] for row in rows[1:]] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert rows[5][-1] == "░"
    assert rows[6][-1] == "█"
    assert len(rows[7]) == len(rows[6]) - 2  # tomorrow is not there
    assert legend(found, Look()).plain == "· 0  ░ 1-2  ▒ 3-4  ▓ 5-6  █ 7+"


@pytest.mark.parametrize(
    ("predicted", "true", "line"),
    [(0.5, 1.0, "○─────●"), (1.0, 0.5, "●─────○"), (0.75, 0.76, "───◉───"), (0.6, 0.9, "─○───●─")],
)
def test_two_dots_stand_where_their_shares_are(predicted: float, true: float, line: str) -> None:
    assert dots(predicted, true, 0.5, 7, Look()).plain == line


# What it says.


def test_json_tells_the_same_as_the_log(learner: Home) -> None:
    found = stats()
    events = months()
    assert found["reviews"] == len(events) == sum(found["ratings"].values())
    assert sum(day["reviews"] for day in found["days"]) == len(events)
    days = {day["date"]: day["reviews"] for day in found["days"]}
    today = study_day(NOW, 0)
    for ago, count in enumerate(reversed(found["last_days"])):
        assert days.get(f"{type(NOW).fromordinal(today - ago):%Y-%m-%d}", 0) == count
    tests = found["predictions"]["all"]
    assert found["retention"] == tests["true"]
    assert sum(b["reviews"] for b in found["predictions"]["buckets"]) == tests["reviews"]
    assert found["predictions"]["last_30_days"]["reviews"] < tests["reviews"]
    assert found["weakest"][0]["recall"] == min(card["recall"] for card in found["weakest"])
    (leech,) = [card for card in found["weakest"] if card["is_leech"]]
    assert (leech["card"], leech["topic"]) == (LEECH, "norms")
    assert sorted(found["weakest_topics"]) == ["norms", "tools"]
    recall = {topic["topic"]: topic["recall"] for topic in found["topics"]}
    assert found["weakest_topics"] == sorted(recall, key=lambda name: recall[name])


def test_attempts_are_told_with_par_and_their_mistakes_with_cards(learner: Home) -> None:
    found = stats()
    written, old = found["handwriting"]
    assert (written["solution"], written["par_s"], written["best_s"]) == ("small_norm", 900, 480)
    assert [a["used_s"] for a in written["attempts"]] == [960, 480, 240]
    assert [a["hints"] for a in written["attempts"]] == [1, 0, 0]
    assert written["attempts"][2]["is_accepted"] is False
    assert (old["solution"], old["par_s"], old["best_s"]) == ("of_long_ago", None, None)
    assert found["mistakes"] == [
        {"mistake": "unbiased", "solution": "small_norm", "attempts": 2, "card": "which-variance"},
        {"mistake": "a-mistake-of-long-ago", "solution": "of_long_ago", "attempts": 1,
         "card": None},
        {"mistake": "not-centred", "solution": "small_norm", "attempts": 1, "card": "axes"},
    ]  # fmt: skip


def test_a_topic_has_its_own_reviews_and_attempts(learner: Home) -> None:
    norms, tools, both = stats("--topic", "norms"), stats("--topic", "tools"), stats()
    assert norms["reviews"] + tools["reviews"] == both["reviews"]
    assert [h["solution"] for h in norms["handwriting"]] == ["small_norm"]
    assert tools["handwriting"] == tools["mistakes"] == []
    assert [topic["topic"] for topic in tools["topics"]] == ["tools"]


def test_what_is_overdue_is_due_today_and_the_rest_on_its_day(home: Home) -> None:
    home.write_reviews([reviewed("axes", 40, Rating.EASY), reviewed("learnt", 1, Rating.EASY)])
    due = stats()["due_days"]
    day = json.loads(interview("why", "learnt", "--json").out)["due_at"]
    ahead = datetime.fromisoformat(day).toordinal() - NOW.toordinal()
    assert ahead > 0
    assert due == [1, *(int(n == ahead) for n in range(1, 14))]


def test_the_weakest_topic_comes_first_and_one_never_seen_last(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write_reviews([reviewed("axes", 1, Rating.EASY), reviewed("learnt", 50, Rating.GOOD)])
    found = stats()
    assert found["weakest_topics"] == ["tools", "norms"]
    assert [topic["topic"] for topic in found["topics"]] == ["norms", "tools"]
    out = interview("stats", "--lang=en").out
    assert out.index("Tools") < out.index("Normalization")


def test_one_review_is_a_day_and_no_prediction(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.write_reviews([reviewed("axes", 0.1, Rating.GOOD)])
    found = stats()
    assert (found["reviews"], found["streak_days"], found["minutes"]) == (1, 1, 0.2)
    assert found["retention"] is None
    assert found["predictions"]["all"] is None
    assert found["predictions"]["buckets"] == []
    ran = interview("stats", "--lang", "en", in_terminal=True)
    assert (ran.status, ran.err) == (0, "")
    assert "1 review on 1 day" in ran.out


def test_undone_crammed_and_forgotten_cards_reviews(home: Home) -> None:
    gone = reviewed("a-card-that-no-deck-has", 5, Rating.AGAIN)
    crammed = reviewed("axes", 4, Rating.AGAIN)._replace(is_cram=True)
    undone = reviewed("axes", 3, Rating.AGAIN)
    home.write_reviews(
        [gone, crammed, undone, Undo("u", NOW, 0, undone.id), reviewed("axes", 2, Rating.EASY)]
    )
    found = stats()
    assert (found["reviews"], found["cram_reviews"], found["cards_seen"]) == (2, 1, 1)
    assert stats("--topic", "norms")["reviews"] == 1
    for in_terminal in (True, False):
        assert "1 crammed" in interview("stats", "--lang=en", in_terminal=in_terminal).out


def test_a_night_with_the_terminal_open_is_ten_minutes(home: Home) -> None:
    home.write_reviews([reviewed("axes", 1, Rating.GOOD, elapsed_ms=1_000_000_000)])
    assert stats()["minutes"] == 10


def test_only_crammed_is_nothing_reviewed(home: Home) -> None:
    home.write_reviews([reviewed("axes", 1, Rating.GOOD)._replace(is_cram=True)])
    ran = interview("stats", "--lang=en", in_terminal=True)
    assert ran.status == 0
    assert "1 crammed" in ran.out
    assert "Nothing reviewed yet" in ran.out


def test_whoever_remembers_more_than_predicted_is_told_of_optimize(home: Home) -> None:
    events = [reviewed(card, 200 - 20 * n, Rating.HARD) for card in CARDS for n in range(10)]
    home.write_reviews(sorted(events, key=lambda event: event[1]))
    assert stats()["predictions"]["judgement"] == "more"
    for lang, words in (("zh", "你记住的比预测的多"), ("en", "You remember more than predicted")):
        out = interview("stats", "--lang", lang, in_terminal=True).out
        assert words in out
        assert "interview optimize" in out
