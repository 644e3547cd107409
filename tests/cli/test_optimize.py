"""interview optimize: what it says, and what it writes."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

import pytest

from interview_cli.domain.review import Rating, Undo
from interview_cli.errors import StoreError
from interview_cli.scheduling.fsrs import WEIGHTS
from tests.cli.material import NOW, Home, check_screen, interview, reviewed

# (days ago, rating) of each card.
Histories = list[list[tuple[int, int]]]
AGAIN, GOOD = 1, 3


def forgetful() -> Histories:
    """Six cards a day, and a third of them is forgotten after two days and again after three."""
    kept = [(0, GOOD), (2, GOOD), (8, GOOD)]
    forgotten = [(0, GOOD), (2, AGAIN), (5, AGAIN)]
    return [
        [(start - days, rating) for days, rating in (kept if card % 3 else forgotten)]
        for start in range(60, 8, -1)
        for card in range(6)
    ]


def improving() -> Histories:
    """At first nothing is remembered, and in the end everything."""
    early = [[(start, GOOD), (start - 2, AGAIN)] for start in range(40, 20, -1)]
    late = [[(start, GOOD), (start - 2, GOOD)] for start in range(12, 2, -1)]
    return early * 2 + late


def few() -> Histories:
    return [[(9, GOOD), (7, GOOD), (5, AGAIN)]] * 3


HISTORIES = {"adopted": forgetful, "unchanged": improving, "few": few}
LOOKS = [(width, lang) for width in (60, 80) for lang in ("zh", "en")]
SCREENS = {"dry-run": ("adopted", "--dry-run"), **{name: (name, "") for name in HISTORIES}}
NAMES = {f"optimize-{name}-{width}-{lang}" for name in SCREENS for width, lang in LOOKS}


def write(home: Home, histories: Histories) -> None:
    """Of cards that the bank need not have."""
    home.write_reviews(
        sorted(
            (
                reviewed(f"card-{number}", days_ago, Rating(rating))
                for number, history in enumerate(histories)
                for days_ago, rating in history
            ),
            key=lambda review: review.reviewed_at,
        )
    )


def optimize(*options: str) -> dict[str, Any]:
    ran = interview("optimize", *options, "--json")
    assert (ran.status, ran.err) == (0, "")
    return json.loads(ran.out)  # type: ignore[no-any-return]


def written(home: Home) -> list[Sequence[float]]:
    """All weights in the log."""
    lines = map(json.loads, home.log_lines())
    return [line["weights"] for line in lines if line["type"] == "weights"]


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize(("width", "lang"), LOOKS)
def test_it_looks_like_its_screen(
    name: str, width: int, lang: str, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("INTERVIEW_LANG", lang)
    history, option = SCREENS[name]
    write(home, HISTORIES[history]())
    ran = interview("optimize", *option.split(), in_terminal=True)
    assert (ran.status, ran.err) == (0, "")
    check_screen(f"optimize-{name}-{width}-{lang}", ran.out)


def test_better_weights_are_written_once_and_hold_from_then_on(home: Home) -> None:
    write(home, forgetful())
    before = json.loads(interview("why", "axes", "--json").out)
    found = optimize()
    assert found["is_new"]
    assert found["is_kept"]
    assert found["weights"] == found["candidate"]["weights"] != list(WEIGHTS)
    assert found["current"]["weights"] == list(WEIGHTS)
    assert found["candidate"]["log_loss"] < found["current"]["log_loss"]
    assert written(home) == [found["weights"]]
    after = json.loads(interview("why", "axes", "--json").out)
    assert after["ratings"]["good"]["stability_days"] == found["weights"][2]
    assert before["ratings"]["good"]["stability_days"] == WEIGHTS[2]
    again = optimize()
    assert (again["is_new"], again["is_kept"]) == (False, False)
    assert again["current"] == again["candidate"] == found["candidate"]
    assert written(home) == [found["weights"]]


def test_all_memories_are_replayed_at_once_and_not_before_the_next_question(home: Home) -> None:
    write(home, [*forgetful(), [(1, GOOD)]])
    found = optimize()
    db = sqlite3.connect(home.folder / "index.sqlite")
    query = "SELECT stability FROM memory WHERE reps = 1"
    assert db.execute(query).fetchall() == [(found["weights"][2],)]
    db.close()


@pytest.mark.parametrize("name", ["unchanged", "few"])
def test_nothing_is_written_where_nothing_is_better(name: str, home: Home) -> None:
    write(home, HISTORIES[name]())
    found = optimize()
    assert (found["is_new"], found["is_kept"]) == (False, False)
    assert found["weights"] == list(WEIGHTS)
    assert written(home) == []


def test_a_dry_run_says_the_same_and_writes_nothing(home: Home) -> None:
    write(home, forgetful())
    dry = optimize("--dry-run")
    assert (dry.pop("is_new"), dry.pop("is_kept")) == (True, False)
    assert written(home) == []
    wet = optimize()
    assert (wet.pop("is_new"), wet.pop("is_kept")) == (True, True)
    assert dry == wet


def test_reset_goes_back_to_the_published_weights(home: Home) -> None:
    write(home, forgetful())
    optimize()
    assert optimize("--reset", "--dry-run")["is_kept"] is False
    assert "would hold again" in interview("optimize", "--reset", "--dry-run").out
    assert len(written(home)) == 1
    assert interview("optimize", "--reset").out.startswith("The published weights hold again")
    assert written(home)[1:] == [list(WEIGHTS)]
    assert interview("optimize", "--reset").out == "The published weights hold already.\n"
    assert len(written(home)) == 2
    why = json.loads(interview("why", "axes", "--json").out)
    assert why["ratings"]["good"]["stability_days"] == WEIGHTS[2]
    assert optimize()["is_new"]  # and may leave them again


def test_only_reviews_on_a_later_day_that_stand_are_counted(home: Home) -> None:
    write(home, few())
    assert optimize()["reviews"] == 6
    cram = reviewed("card-0", 1, Rating.GOOD)._replace(is_cram=True)
    undone = reviewed("card-1", 1, Rating.GOOD)
    same_day = reviewed("card-2", 4.99, Rating.GOOD)
    home.write_reviews([cram, undone, same_day, Undo("u1", NOW, 0, undone.id)])
    assert optimize()["reviews"] == 6
    home.write_reviews([reviewed("card-2", 0.5, Rating.GOOD)])
    assert optimize()["reviews"] == 7


def test_where_nothing_was_ever_answered_it_says_so(home: Home) -> None:
    ran = interview("optimize")
    assert ran.status == 0
    assert ran.out.startswith("So far 0 reviews test the memory model")
    assert written(home) == []


def test_what_cannot_be_written_is_said_in_one_line(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreError("reviews: not saved: No space left on device")

    write(home, forgetful())
    monkeypatch.setattr("interview_cli.store.log.ReviewLog.append", full)
    ran = interview("optimize")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == "reviews: not saved: No space left on device\n"
    assert not optimize("--dry-run")["is_kept"]


@pytest.mark.parametrize("option", ["--dryrun", "--lang=fr"])
def test_a_wrong_option_is_said_in_one_line(option: str, home: Home) -> None:
    ran = interview("optimize", option)
    assert (ran.status, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
