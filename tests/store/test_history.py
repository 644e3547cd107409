"""What the logs add up to: the same on every machine, whatever arrives when."""

import os
from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interview_cli.domain.review import Aim, Due, Event, Rating, Review, Undo, Weights
from interview_cli.errors import StoreError
from interview_cli.scheduling.days import study_day
from interview_cli.scheduling.fsrs import DEFAULT, Fsrs
from interview_cli.scheduling.scheduler import Rules, is_due, replay, retrievability, step, trace
from interview_cli.store.files import logs
from interview_cli.store.history import History, review_of
from interview_cli.store.line import dump

from .material import (
    START,
    a_rating,
    aim,
    counted,
    due,
    history,
    memories,
    review,
    scratch,
    stored,
    stored_dues,
    stored_settings,
    undo,
    weights,
    write,
)
from .test_line import changed, fit, signed

RULES = Rules()


def test_a_folder_that_is_not_there_holds_no_reviews(tmp_path: Path) -> None:
    found = scratch(tmp_path / "reviews")
    assert counted(found) == []
    assert found.newest() is None
    assert found.memory("bn-axes") is None


def test_a_card_has_the_memory_of_its_reviews_in_order(tmp_path: Path) -> None:
    events = [review(f"r{n}", n * 1500, rating=Rating(1 + n % 4)) for n in range(9)]
    write(tmp_path / "m.jsonl", *events)
    found = scratch(tmp_path)
    assert found.memory("bn-axes") == (replay(events, RULES), "9f86d081")
    assert found.reviews("bn-axes") == events


def test_a_replay_is_step_after_step(tmp_path: Path) -> None:
    """The replay leaves out due dates that nobody will see, and nothing else."""
    rng = Random(3)
    for _ in range(200):
        memory, minutes = None, 0.0
        events = []
        for number in range(rng.randint(1, 12)):
            minutes += rng.choice((1, 30, 1500, 9000, -700))
            zone, cram = rng.choice((0, 480, -600)), rng.random() < 0.2
            events.append(
                review(f"r{number}", minutes, rating=a_rating(rng), zone_min=zone, is_cram=cram)
            )
            memory = step(memory, events[-1], RULES)
        assert replay(events, RULES) == memory


def test_reading_on_is_reading_from_the_beginning(tmp_path: Path) -> None:
    rng = Random(4)
    kept = history(tmp_path)
    for number in range(40):
        card = f"card-{rng.randrange(4)}"
        write(tmp_path / "m.jsonl", review(f"r{number}", number * 300, card, rating=a_rating(rng)))
        kept.refresh()
    assert memories(kept) == memories(scratch(tmp_path))
    assert len(counted(kept)) == 40


def test_only_what_is_new_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "m.jsonl", review("r1"))
    kept = history(tmp_path)
    assert [e.review.id for e in kept.refresh().reviews] == ["r1"]
    assert kept.refresh().reviews == []
    write(path, review("r2", 1))
    assert [e.review.id for e in kept.refresh().reviews] == ["r2"]


def test_an_unfinished_line_waits_for_its_end(tmp_path: Path) -> None:
    line = dump(review("r2", 1))
    path = write(tmp_path / "m.jsonl", review("r1"), line[:50])
    kept = history(tmp_path)
    read = kept.refresh()
    assert (counted(kept), read.damaged) == (["r1"], 0)
    write(path, line[50:])
    read = kept.refresh()
    assert (counted(kept), read.damaged) == (["r1", "r2"], 0)
    assert not list(tmp_path.glob("*.rejected"))


def test_a_torn_line_is_set_aside(tmp_path: Path) -> None:
    torn = dump(review("r2", 1))[:60]
    path = write(tmp_path / "m.jsonl", review("r1"), torn + b"\n", review("r3", 2))
    rejected = tmp_path / "m.jsonl.rejected"
    kept = history(tmp_path)
    read = kept.refresh()
    assert counted(kept) == ["r1", "r3"]
    assert (read.damaged, read.rejected) == (1, [rejected])
    assert rejected.read_bytes() == torn + b"\n"
    assert path.read_bytes().count(torn) == 1  # a log is never changed
    assert kept.refresh().damaged == 0


def test_a_damaged_line_is_set_aside_once_however_often_it_is_read(tmp_path: Path) -> None:
    write(tmp_path / "m.jsonl", b"torn\n", review("r1"), b"torn\n", b"other\n")
    for _ in range(3):
        assert scratch(tmp_path).states()["m.jsonl"].damaged == 3
    assert (tmp_path / "m.jsonl.rejected").read_bytes() == b"torn\nother\n"


@pytest.mark.parametrize("data", [b"\0" * 999, b"\xff" * 99, b"\r\n" * 9, b"\n" * 9, b"{}\n[]\n"])
def test_garbage_between_reviews_loses_none(tmp_path: Path, data: bytes) -> None:
    write(tmp_path / "m.jsonl", review("r1"), data + b"\n", review("r2", 1))
    assert counted(scratch(tmp_path)) == ["r1", "r2"]


def test_damage_is_told_where_it_cannot_be_set_aside(tmp_path: Path) -> None:
    write(tmp_path / "m.jsonl", review("r1"), b"torn\n")
    (tmp_path / "m.jsonl.rejected").mkdir()
    kept = history(tmp_path)
    read = kept.refresh()
    assert (read.damaged, read.rejected) == (1, [])
    assert counted(kept) == ["r1"]


def test_a_line_from_a_newer_version_is_kept_and_told(tmp_path: Path) -> None:
    newer = [changed(v="2"), signed('{"type":"note","v":1,"note":"x"}')]
    path = write(tmp_path / "m.jsonl", review("r1"), *newer, review("r2", 1))
    kept = history(tmp_path)
    read = kept.refresh()
    assert (read.newer, read.damaged) == (2, 0)
    assert counted(kept) == ["r1", "r2"]
    assert all(line in path.read_bytes() for line in newer)
    assert not (tmp_path / "m.jsonl.rejected").exists()


def test_lines_that_git_ended_with_cr_lf_count(tmp_path: Path) -> None:
    path = write(tmp_path / "m.jsonl", review("r1"), review("r2", 1))
    kept = history(tmp_path)
    kept.refresh()
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert kept.refresh().damaged == 0
    assert counted(kept) == ["r1", "r2"]


# Undo.


def test_an_undone_review_never_was(tmp_path: Path) -> None:
    write(tmp_path / "m.jsonl", review("r1"), review("r2", 1500, rating=Rating.AGAIN))
    before = memories(scratch(tmp_path))
    write(tmp_path / "m.jsonl", undo("u1", "r2", 1501))
    found = scratch(tmp_path)
    assert counted(found) == ["r1"]
    assert memories(found) != before
    assert found.memory("bn-axes") == (replay([review("r1")], RULES), "9f86d081")


def test_a_card_whose_only_review_is_undone_is_new(tmp_path: Path) -> None:
    path = write(tmp_path / "m.jsonl", review("r1"))
    kept = history(tmp_path)
    kept.refresh()
    write(path, undo("u1", "r1", 1))
    kept.refresh()
    assert memories(kept) == []
    assert kept.newest() is None


def test_undo_goes_back_without_end_across_restarts(tmp_path: Path) -> None:
    rng = Random(5)
    path = write(
        tmp_path / "r" / "m.jsonl",
        *(review(f"r{n}", n * 400, f"card-{n % 3}", rating=a_rating(rng)) for n in range(12)),
    )
    before = []
    for number in range(12):
        kept = history(path.parent, tmp_path / "index.sqlite")  # each time another program
        kept.refresh()
        newest = kept.newest()
        assert newest is not None
        assert newest.id == f"r{11 - number}"
        before.append(memories(kept))
        write(path, undo(f"u{number}", newest.id, 5000 + number))
        kept.refresh()
        kept.index.close()
    assert memories(scratch(path.parent)) == []
    alone = write(
        tmp_path / "alone" / "m.jsonl",
        *map(review_of, stored(scratch(path.parent))[:5]),
    )
    assert memories(scratch(alone.parent)) == before[7]


def test_an_undo_may_arrive_before_its_review(tmp_path: Path) -> None:
    kept = history(tmp_path)
    write(tmp_path / "b.jsonl", undo("u1", "r2", 9))
    kept.refresh()
    write(tmp_path / "a.jsonl", review("r1"), review("r2", 1))
    kept.refresh()
    assert counted(kept) == ["r1"]
    assert memories(kept) == memories(scratch(tmp_path))


def test_a_review_undone_on_one_machine_is_undone_on_all(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", review("r1"), review("r2", 10))
    kept = history(tmp_path)
    kept.refresh()
    write(tmp_path / "b.jsonl", undo("u1", "r2", 20))
    kept.refresh()
    assert counted(kept) == ["r1"]
    assert memories(kept) == memories(scratch(tmp_path))


# Brought forward.


def test_a_card_that_is_brought_forward_is_due_from_that_moment(tmp_path: Path) -> None:
    events = [review("r1", rating=Rating.EASY), due("d1", 1500)]
    path = write(tmp_path / "m.jsonl", events[0])
    kept = history(tmp_path)
    kept.refresh()
    before = kept.memory("bn-axes")
    assert before is not None
    write(path, events[1])
    kept.refresh()
    found = kept.memory("bn-axes")
    assert found is not None
    assert found[0].due_at == events[1].due_at < before[0].due_at  # type: ignore[union-attr]
    assert found == (replay(events, RULES), "9f86d081")
    assert found[0]._replace(due_at=before[0].due_at, due_day=before[0].due_day) == before[0]
    assert memories(kept) == memories(scratch(tmp_path))
    assert kept.events("bn-axes") == events


def test_bringing_a_card_forward_is_no_review(tmp_path: Path) -> None:
    write(tmp_path / "m.jsonl", review("r1"), due("d1", 1), due("d2", 2, "new"))
    found = scratch(tmp_path)
    assert counted(found) == ["r1"]
    assert found.newest().id == "r1"  # type: ignore[union-attr]
    assert found.reviews("bn-axes") == [review("r1")]
    assert [row[0] for row in memories(found)] == ["bn-axes"]


def test_the_next_review_forgets_that_a_card_was_brought_forward(tmp_path: Path) -> None:
    one, two = review("r1", rating=Rating.EASY), review("r2", 3000)
    path = write(tmp_path / "m.jsonl", one, due("d1", 1500))
    kept = history(tmp_path)
    kept.refresh()
    write(path, two)
    kept.refresh()
    assert kept.memory("bn-axes") == (replay([one, two], RULES), "9f86d081")
    assert memories(kept) == memories(scratch(tmp_path))


def test_the_undoing_of_that_review_brings_it_forward_again(tmp_path: Path) -> None:
    path = write(tmp_path / "m.jsonl", review("r1", rating=Rating.EASY), due("d1", 1500))
    before = memories(scratch(tmp_path))
    kept = history(tmp_path)
    write(path, review("r2", 3000))
    kept.refresh()
    assert memories(kept) != before
    write(path, undo("u1", "r2", 3001))
    kept.refresh()
    assert memories(kept) == memories(scratch(tmp_path)) == before


def test_an_undo_takes_back_reviews_only(tmp_path: Path) -> None:
    path = write(tmp_path / "m.jsonl", review("r1", rating=Rating.EASY), due("d1", 1500))
    before = memories(scratch(tmp_path))
    write(path, undo("u1", "d1", 1501))
    assert memories(scratch(tmp_path)) == before


def test_cramming_does_not_forget_that_a_card_was_brought_forward(tmp_path: Path) -> None:
    path = write(tmp_path / "m.jsonl", review("r1", rating=Rating.EASY), due("d1", 1500))
    before = memories(scratch(tmp_path))
    write(path, review("r2", 1600, is_cram=True))
    assert memories(scratch(tmp_path)) == before


def test_a_review_that_arrives_late_takes_its_place_before_or_after(tmp_path: Path) -> None:
    kept = history(tmp_path)
    write(tmp_path / "a.jsonl", due("d1", 1500))
    kept.refresh()
    assert memories(kept) == []
    write(tmp_path / "b.jsonl", review("r1", 0, rating=Rating.EASY))
    kept.refresh()
    assert kept.memory("bn-axes")[0].due_at == due("d1", 1500).due_at  # type: ignore[index]
    write(tmp_path / "c.jsonl", review("r2", 3000, rating=Rating.EASY))
    kept.refresh()
    assert kept.memory("bn-axes")[0].due_at > review("r2", 3000).reviewed_at  # type: ignore[index]
    assert memories(kept) == memories(scratch(tmp_path))


def test_a_line_that_stands_twice_brings_its_card_forward_at_its_first_place(
    tmp_path: Path,
) -> None:
    """Between the two the card was reviewed, so the second one must not count."""
    path = write(tmp_path / "a.jsonl", due("d1", 10), review("r1", 20, rating=Rating.EASY))
    write(path, due("d1", 10))
    kept = history(tmp_path)
    kept.refresh()
    assert kept.memory("bn-axes") == (
        replay([review("r1", 20, rating=Rating.EASY)], RULES),
        "9f86d081",
    )
    write(tmp_path / "b.jsonl", due("d1", 5, "other"))
    kept.refresh()
    assert [(row.id, row.log, row.card) for row in stored_dues(kept)] == [
        ("d1", "b.jsonl", "other")
    ]
    assert stored_dues(kept) == stored_dues(scratch(tmp_path))


def test_the_first_of_two_with_one_id_counts_whichever_arrives_first(tmp_path: Path) -> None:
    kept = history(tmp_path)
    ones = [review(f"r-{card}", 0, card, rating=Rating.EASY) for card in ("card-1", "card-2")]
    write(tmp_path / "c.jsonl", *ones)
    before = memories(scratch(tmp_path))
    write(tmp_path / "b.jsonl", due("d1", 1500, "card-2"))
    kept.refresh()
    write(tmp_path / "a.jsonl", due("d1", 1400, "card-1"))
    kept.refresh()
    assert memories(kept) == memories(scratch(tmp_path))
    assert memories(kept)[1] == before[1]
    assert memories(kept)[0] != before[0]


def test_a_file_that_is_taken_away_leaves_the_card_where_it_was(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", review("r1", rating=Rating.EASY))
    before = memories(scratch(tmp_path))
    path = write(tmp_path / "b.jsonl", due("d1", 1500))
    kept = history(tmp_path)
    kept.refresh()
    path.unlink()
    kept.refresh()
    assert stored_dues(kept) == []
    assert memories(kept) == before


def test_a_clock_set_back_still_brings_a_card_forward_now(tmp_path: Path) -> None:
    """It was a year ahead at the review; now it is right, and the card is to be asked now."""
    ahead = review("r1", 525_600, rating=Rating.EASY)
    asked = due("d1", 10)
    write(tmp_path / "m.jsonl", ahead, asked)
    found = scratch(tmp_path).memory("bn-axes")
    assert found is not None
    assert is_due(found[0], asked.due_at, study_day(asked.due_at, 480))


minutes = st.integers(-20, 20).map(lambda step: step * 700)
cards = st.sampled_from(["card-1", "card-2"])
happened = st.one_of(
    st.tuples(st.just("review"), minutes, cards, st.sampled_from(Rating)),
    st.tuples(st.just("cram"), minutes, cards, st.sampled_from(Rating)),
    st.tuples(st.just("due"), minutes, cards, st.sampled_from((-720, 0, 480, 840))),
    st.tuples(st.just("undo"), minutes, st.integers(0, 15), st.none()),
    st.tuples(st.just("weights"), minutes, st.floats(0.1, 1), st.none()),
    st.tuples(
        st.just("aim"), minutes, st.none() | st.dates(date(2026, 1, 1), date(2100, 1, 1)), st.none()
    ),
)


def an_event(number: int, kind: str, at: int, what: object, how: object) -> Event:
    match kind:
        case "due":
            return due(f"e{number}", at, what, how)  # type: ignore[arg-type]
        case "undo":
            return undo(f"e{number}", f"e{what}", at)
        case "weights":
            return weights(f"e{number}", at, what)  # type: ignore[arg-type]
        case "aim":
            return aim(f"e{number}", at, what)  # type: ignore[arg-type]
        case _:
            is_cram = kind == "cram"
            return review(f"e{number}", at, what, rating=how, is_cram=is_cram)  # type: ignore[arg-type]


@settings(deadline=None)
@given(
    st.lists(st.tuples(happened, st.sampled_from("abc")), max_size=16),
    st.sampled_from((4, 4, 0, 23)),
    st.randoms(),
)
def test_in_whatever_order_logs_arrive_the_memories_are_those_of_one_replay(
    told: list[tuple[tuple[str, int, object, object], str]], hour: int, rng: Random
) -> None:
    """Incrementally, from scratch, and computed here from the order that the log promises."""
    events = [(an_event(n, *what), log) for n, (what, log) in enumerate(told)]
    with TemporaryDirectory() as place:
        folder = Path(place)
        kept, again = history(folder), history(folder)
        kept.rollover_hour = again.rollover_hour = hour
        left = {log: [e for e, where in events if where == log] for log in "abc"}
        while any(left.values()):
            log = rng.choice([log for log in left if left[log]])
            write(folder / f"{log}.jsonl", left[log].pop(0))
            if rng.random() < 0.7:
                kept.refresh()
        kept.refresh()
        again.refresh()
        assert memories(kept) == memories(again)
        assert stored(kept) == stored(again)
        assert stored_dues(kept) == stored_dues(again)
        assert stored_settings(kept) == stored_settings(again)
        assert kept.weights == again.weights == newest(events, Weights)
        assert kept.aim == again.aim == newest(events, Aim)
        rules = Rules(Fsrs(kept.weights.weights) if kept.weights else DEFAULT, hour)
        for card in ("card-1", "card-2"):
            found = kept.memory(card)
            assert (found and found[0]) == replay(in_order(events, card), rules)
            assert kept.events(card) == again.events(card) == in_order(events, card)
        assert recalls_of(kept) == slowly_predicted(events, rules)


Told = list[tuple[Event, str]]


def in_order(events: Told, card: str) -> list[Review | Due]:
    """What counts for a card: without undone reviews."""
    undone = {event.review for event, _ in events if isinstance(event, Undo)}
    mine = (e for e in ordered(events) if isinstance(e, Review | Due) and e.card == card)
    return [event for event in mine if isinstance(event, Due) or event.id not in undone]


def newest(events: Told, kind: type) -> Event | None:
    return next((event for event in ordered(events)[::-1] if isinstance(event, kind)), None)


def ordered(events: Told) -> list[Event]:
    """By time, but never backwards within a log."""
    turns = {log: START.replace(year=1900) for log in "abc"}
    found = []
    for number, (event, log) in enumerate(events):
        turns[log] = max(turns[log], event[1])  # every event's moment
        found.append((turns[log], log, number, event))
    return [event for *_, event in sorted(found)]


def slowly_predicted(events: Told, rules: Rules) -> dict[str, float]:
    """What the memory said of each review before it was given, step by step."""
    found = {}
    for card in ("card-1", "card-2"):
        memory = None
        for event in in_order(events, card):
            if isinstance(event, Review) and not event.is_cram and memory:
                day = study_day(event.reviewed_at, event.zone_min, rules.rollover_hour)
                if day > memory.reviewed_day:
                    found[event.id] = retrievability(memory, day, rules.fsrs)
            memory = step(memory, event, rules)
    return found


def recalls_of(of: History) -> dict[str, float]:
    """What stands in the index."""
    return {row.id: row.recall for row in stored(of) if row.recall is not None}


# Settings.


def test_without_weights_the_published_ones_hold(tmp_path: Path) -> None:
    found = scratch(tmp_path)
    assert found.weights is None
    assert found.fsrs is DEFAULT
    assert found.aim is None
    assert found.rules == RULES


def some_reviews(count: int = 30) -> list[Review]:
    rng = Random(8)
    return [
        review(f"r{n:02}", n * 700, f"card-{n % 4}", rating=a_rating(rng)) for n in range(count)
    ]


@pytest.mark.parametrize("place", [0, 1, 15, 29, 30])
def test_weights_hold_for_every_review_wherever_they_stand(tmp_path: Path, place: int) -> None:
    events: list[Event] = [*some_reviews()]
    path = write(tmp_path / "plain" / "m.jsonl", *events)
    before = memories(scratch(path.parent))
    kept = history(tmp_path / "mine")
    for event in [*events[:place], weights("w1", place * 700), *events[place:]]:
        write(tmp_path / "mine" / "m.jsonl", event)
        kept.refresh()
    mine = Rules(Fsrs(weights("w1").weights))
    assert kept.rules == mine
    for number in range(4):
        card = f"card-{number}"
        found = kept.memory(card)
        assert found is not None
        assert found[0] == replay([e for e in some_reviews() if e.card == card], mine)
    assert all(now != then for now, then in zip(memories(kept), before, strict=True))
    again = scratch(tmp_path / "mine")
    assert memories(kept) == memories(again)
    assert stored(kept) == stored(again)


def test_what_comes_with_the_weights_is_taken_too(tmp_path: Path) -> None:
    """A review of a new card, an undo and a wish, all in one reading with the weights."""
    kept = history(tmp_path)
    path = write(tmp_path / "m.jsonl", *some_reviews())
    kept.refresh()
    write(path, weights("w1", 9**6), review("new", 9**6, "card-9"), undo("u1", "r29", 9**6))
    write(path, undo("u2", "r28", 9**6), due("d1", 9**6, "card-2"))
    kept.refresh()
    assert memories(kept) == memories(scratch(tmp_path))
    assert stored(kept) == stored(scratch(tmp_path))
    assert recalls_of(kept).keys() & {"r29", "r28"} == set()


@pytest.mark.parametrize("order", [*permutations("abc")], ids="".join)
def test_the_newest_of_all_machines_holds_in_whatever_order_they_arrive(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    logs: dict[str, list[Event]] = {
        "a": [weights("w3", 30, 0.3), aim("a1", 10)],
        "b": [*some_reviews(9), weights("w2", 20, 0.2), aim("a3", 40, None)],
        "c": [weights("w1", 10, 0.1), aim("a2", 20, date(2027, 1, 1)), *some_reviews()[9:]],
    }
    kept = history(tmp_path)
    for log in order:
        write(tmp_path / f"{log}.jsonl", *logs[log])
        kept.refresh()
    # b's weights come after its reviews, whose last one was given at 8 × 700 minutes.
    assert kept.weights == weights("w2", 20, 0.2)
    assert kept.fsrs == Fsrs(weights("w2", 20, 0.2).weights)
    assert kept.aim == aim("a3", 40, None)
    assert memories(kept) == memories(scratch(tmp_path))
    assert stored(kept) == stored(scratch(tmp_path))


def test_older_weights_that_arrive_late_change_nothing(tmp_path: Path) -> None:
    kept = history(tmp_path)
    write(tmp_path / "b.jsonl", *some_reviews(), weights("w2", 9**6, 0.2))
    kept.refresh()
    before = memories(kept), stored(kept)
    write(tmp_path / "a.jsonl", weights("w1", 10, 0.9))
    kept.refresh()
    assert kept.weights == weights("w2", 9**6, 0.2)
    assert (memories(kept), stored(kept)) == before


def test_a_clock_set_back_does_not_make_weights_older(tmp_path: Path) -> None:
    write(tmp_path / "m.jsonl", weights("w1", 100, 0.1), weights("w2", 50, 0.2), aim("a1", 90))
    write(tmp_path / "m.jsonl", aim("a2", 0, None))
    assert scratch(tmp_path).weights == weights("w2", 50, 0.2)
    assert scratch(tmp_path).aim == aim("a2", 0, None)


@pytest.mark.parametrize("late", [weights("w1", 1, 0.1), aim("a1", 1)], ids=["weights", "aim"])
def test_a_setting_that_stands_twice_counts_at_its_first_place(
    tmp_path: Path, late: Weights | Aim
) -> None:
    """A rescued log was put behind where it belongs; since then there are newer settings."""
    kept = history(tmp_path)
    path = write(tmp_path / "m.jsonl", *some_reviews(), late, weights("w2", 2, 0.2), aim("a2", 2))
    kept.refresh()
    before = kept.weights, kept.aim, memories(kept)
    assert before[:2] == (weights("w2", 2, 0.2), aim("a2", 2))
    write(path, late)
    kept.refresh()
    assert (kept.weights, kept.aim, memories(kept)) == before
    again = scratch(tmp_path)
    assert (again.weights, again.aim, memories(again)) == before


def test_the_first_place_of_a_setting_may_arrive_last(tmp_path: Path) -> None:
    kept = history(tmp_path)
    write(tmp_path / "a.jsonl", *some_reviews(), weights("w1", 30, 0.1))
    write(tmp_path / "b.jsonl", weights("w2", 20, 0.2))
    kept.refresh()
    assert kept.weights == weights("w1", 30, 0.1)
    write(tmp_path / "c.jsonl", weights("w1", 10, 0.1))
    kept.refresh()
    assert kept.weights == weights("w2", 20, 0.2)
    assert memories(kept) == memories(scratch(tmp_path))


def test_an_undo_leaves_settings_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "m.jsonl", *some_reviews(), weights("w1", 9**6), aim("a1", 9**6))
    kept = history(tmp_path)
    kept.refresh()
    newest = kept.newest()
    assert newest is not None
    assert newest.id == "r29"
    before = memories(kept)
    write(path, undo("u1", "w1", 9**6), undo("u2", "a1", 9**6))
    kept.refresh()
    assert (kept.weights, kept.aim) == (weights("w1", 9**6), aim("a1", 9**6))
    assert memories(kept) == before


def test_a_file_that_is_taken_away_takes_its_settings_with_it(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", *some_reviews())
    before = memories(scratch(tmp_path))
    path = write(tmp_path / "b.jsonl", weights("w1", 30), aim("a1", 30))
    kept = history(tmp_path)
    kept.refresh()
    assert memories(kept) != before
    path.unlink()
    kept.refresh()
    assert (kept.fsrs, kept.aim) == (DEFAULT, None)
    assert memories(kept) == before


def test_damaged_weights_are_set_aside_and_those_before_hold(tmp_path: Path) -> None:
    path = write(tmp_path / "m.jsonl", *some_reviews(), weights("w1", 30))
    kept = history(tmp_path)
    kept.refresh()
    before = memories(kept)
    write(path, fit(3, 101.0), dump(weights("w2", 40, 0.9)).replace(b"0.9", b"0.8"))
    read = kept.refresh()
    assert (read.damaged, read.rejected) == (2, [tmp_path / "m.jsonl.rejected"])
    assert kept.weights == weights("w1", 30)
    assert memories(kept) == before


def test_weights_and_memories_change_together_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "m.jsonl", *some_reviews())
    kept = history(tmp_path)
    kept.refresh()
    before = memories(kept), stored(kept)
    write(path, weights("w1", 30))
    calls = iter((trace, trace))
    with monkeypatch.context() as patch:
        patch.setattr("interview_cli.store.history.trace", lambda *given: next(calls)(*given))
        with pytest.raises(StopIteration):
            kept.refresh()
    assert kept.fsrs == DEFAULT
    assert (memories(kept), stored(kept)) == before
    kept.refresh()
    assert kept.weights == weights("w1", 30)
    assert memories(kept) == memories(scratch(tmp_path))


# What was predicted.


def test_only_what_a_review_puts_to_the_test_was_predicted(tmp_path: Path) -> None:
    write(
        tmp_path / "m.jsonl",
        review("first", 0),
        review("same day", 10),
        review("next day", 1440),
        review("cram", 2880, is_cram=True),
        review("undone", 4320),
        undo("u1", "undone", 4321),
        review("last", 5760),
        review("of another", 5760, "card-1"),
    )
    found = scratch(tmp_path)
    assert list(recalls_of(found)) == ["next day", "last"]
    last, tested = replay([review("first"), review("same day", 10)], RULES), recalls_of(found)
    assert last is not None
    assert tested["next day"] == retrievability(last, last.reviewed_day + 1, DEFAULT)
    first = study_day(START, 480)
    assert {row.id: row.day - first for row in stored(found)} == {
        "first": 0, "same day": 0, "next day": 1, "cram": 2, "undone": 3, "last": 4,
        "of another": 4,
    }  # fmt: skip


def test_an_undo_changes_what_was_predicted_after_it(tmp_path: Path) -> None:
    kept = history(tmp_path)
    path = write(tmp_path / "m.jsonl", *(review(f"r{n}", n * 1440) for n in range(4)))
    kept.refresh()
    before = recalls_of(kept)
    write(path, undo("u1", "r1", 9999))
    kept.refresh()
    after = recalls_of(kept)
    assert list(before) == ["r1", "r2", "r3"]
    assert list(after) == ["r2", "r3"]
    assert before["r2"] != after["r2"]
    assert before["r3"] != after["r3"]
    assert stored(kept) == stored(scratch(tmp_path))


def test_a_review_that_arrives_late_changes_what_was_predicted_after_it(tmp_path: Path) -> None:
    kept = history(tmp_path)
    write(tmp_path / "a.jsonl", review("r0"), review("r2", 2880), review("x", 2880, "card-1"))
    kept.refresh()
    before = recalls_of(kept)
    write(tmp_path / "b.jsonl", review("r1", 1440))
    kept.refresh()
    assert list(before) == ["r2"]
    assert list(recalls_of(kept)) == ["r1", "r2"]
    assert recalls_of(kept)["r2"] != before["r2"]
    write(tmp_path / "c.jsonl", review("r", -10))
    kept.refresh()
    assert stored(kept) == stored(scratch(tmp_path))


def test_one_id_on_two_cards_was_predicted_for_the_card_that_has_it(tmp_path: Path) -> None:
    kept = history(tmp_path)
    write(tmp_path / "a.jsonl", review("r0"), review("r1", 1440))
    kept.refresh()
    assert list(recalls_of(kept)) == ["r1"]
    write(tmp_path / "b.jsonl", review("r1", -10, "card-1"))
    kept.refresh()
    assert recalls_of(kept) == {}
    assert stored(kept) == stored(scratch(tmp_path))


# Several files.


def test_a_review_that_stands_twice_counts_once(tmp_path: Path) -> None:
    """A write that failed was tried again; a rescued log was copied where it belongs."""
    one, two = review("r1"), review("r2", 1)
    kept = history(tmp_path)
    write(tmp_path / "m.jsonl", one, two, two)
    kept.refresh()
    write(tmp_path / "interview-rescued-1.jsonl", two, review("r3", 2))
    kept.refresh()
    assert counted(kept) == ["r1", "r2", "r3"]
    assert memories(kept) == memories(scratch(tmp_path))
    assert kept.memory("bn-axes") == (replay([one, two, review("r3", 2)], RULES), "9f86d081")


def test_the_first_of_two_reviews_with_one_id_counts_whichever_arrives_first(
    tmp_path: Path,
) -> None:
    early, late = review("r1", 0, "card-1"), review("r1", 5, "card-2", rating=Rating.EASY)
    kept = history(tmp_path)
    write(tmp_path / "a.jsonl", late)
    kept.refresh()
    write(tmp_path / "b.jsonl", early)
    kept.refresh()
    assert [row[0] for row in memories(kept)] == ["card-1"]
    assert memories(kept) == memories(scratch(tmp_path))
    assert stored(kept) == stored(scratch(tmp_path))


def test_a_clock_set_back_does_not_change_the_order_within_a_file(tmp_path: Path) -> None:
    write(tmp_path / "m.jsonl", review("r1", 100), review("r2", 50), review("r3", 0))
    found = scratch(tmp_path)
    assert counted(found) == ["r1", "r2", "r3"]
    assert found.newest().id == "r3"  # type: ignore[union-attr]


def test_an_older_review_that_arrives_late_takes_its_place(tmp_path: Path) -> None:
    kept = history(tmp_path)
    write(tmp_path / "a.jsonl", review("r1", 0), review("r3", 3000))
    kept.refresh()
    write(tmp_path / "b.jsonl", review("r2", 1500, rating=Rating.AGAIN))
    kept.refresh()
    assert counted(kept) == ["r1", "r2", "r3"]
    assert memories(kept) == memories(scratch(tmp_path))


def test_a_file_that_is_taken_away_takes_its_reviews_with_it(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", review("r1"))
    path = write(tmp_path / "b.jsonl", review("r2", 1))
    kept = history(tmp_path)
    kept.refresh()
    path.unlink()
    kept.refresh()
    assert counted(kept) == ["r1"]
    assert memories(kept) == memories(scratch(tmp_path))


def test_a_file_that_is_taken_away_takes_its_undoing_with_it(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", review("r1"))
    path = write(tmp_path / "b.jsonl", undo("u1", "r1", 1))
    kept = history(tmp_path)
    kept.refresh()
    path.unlink()
    kept.refresh()
    assert counted(kept) == ["r1"]
    assert memories(kept) == memories(scratch(tmp_path))


@pytest.mark.parametrize("size", [0, 1, 2])
def test_a_file_that_a_power_cut_made_shorter_is_read_again(tmp_path: Path, size: int) -> None:
    lines = [dump(review(f"r{n}", n)) for n in range(3)]
    path = write(tmp_path / "m.jsonl", *lines)
    kept = history(tmp_path)
    kept.refresh()
    path.write_bytes(b"".join(lines[:size]))
    kept.refresh()
    assert counted(kept) == [f"r{n}" for n in range(size)]
    write(path, review("r7", 7), review("r8", 8), review("r9", 9))
    kept.refresh()
    assert counted(kept) == [*(f"r{n}" for n in range(size)), "r7", "r8", "r9"]
    assert memories(kept) == memories(scratch(tmp_path))


def test_a_file_that_was_replaced_by_a_longer_one_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path / "m.jsonl", review("r1"))
    kept = history(tmp_path)
    kept.refresh()
    path.unlink()
    write(path, review("r2"), review("r3", 1), review("r4", 2))
    kept.refresh()
    assert counted(kept) == ["r2", "r3", "r4"]


def test_other_files_in_the_folder_are_no_logs(tmp_path: Path) -> None:
    write(tmp_path / "m.jsonl", review("r1"))
    write(tmp_path / "m.jsonl.rejected", review("r2"))
    write(tmp_path / "notes.txt", b"hello\n")
    (tmp_path / "folder.jsonl").mkdir()
    (tmp_path / "gone.jsonl").symlink_to(tmp_path / "nowhere")
    assert counted(scratch(tmp_path)) == ["r1"]


@pytest.mark.parametrize("what", ["the folder", "a log", "a log that goes away"])
def test_what_cannot_be_read_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    path = write(tmp_path / "reviews" / "m.jsonl", review("r1"))
    kept = history(path.parent)

    def refuse(*_: object, **__: object) -> object:
        raise PermissionError(13, "Permission denied")

    def gone(*_: object, **__: object) -> object:
        raise FileNotFoundError(2, "No such file or directory")

    name = {"the folder": "scandir", "a log": "open", "a log that goes away": "open"}[what]
    owner = os if name == "scandir" else Path
    monkeypatch.setattr(owner, name, gone if "goes" in what else refuse)
    with pytest.raises(StoreError) as error:
        kept.refresh()
    monkeypatch.undo()
    place = path.parent if name == "scandir" else path
    reason = "No such file or directory" if "goes" in what else "Permission denied"
    expected = f"{place}: cannot be read: {reason}; allow reading it, or move it away"
    assert str(error.value) == expected
    kept.refresh()
    assert counted(kept) == ["r1"]
    kept.index.close()


def test_a_folder_that_is_a_file_is_a_sentence(tmp_path: Path) -> None:
    path = write(tmp_path / "reviews", b"")
    with pytest.raises(StoreError) as error:
        list(logs(path))
    expected = f"{path}: cannot be read: Not a directory; allow reading it, or move it away"
    assert str(error.value) == expected


def test_what_is_read_is_synced_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the index could remember what a power cut then takes back."""
    path = write(tmp_path / "m.jsonl", review("r1"))
    synced = []
    monkeypatch.setattr(os, "fsync", lambda fd: synced.append(os.fstat(fd).st_ino))
    kept = history(tmp_path)
    kept.refresh()
    assert synced == [path.stat().st_ino]
    kept.refresh()
    assert len(synced) == 1


# What a session asks.


def test_cramming_is_kept_but_leaves_the_schedule(tmp_path: Path) -> None:
    path = write(tmp_path / "m.jsonl", review("r1"))
    before = memories(scratch(tmp_path))
    kept = history(tmp_path)
    kept.refresh()
    write(path, review("r2", 9, rating=Rating.AGAIN, is_cram=True, text="later"))
    kept.refresh()
    assert memories(kept) == memories(scratch(tmp_path)) == before
    assert counted(kept) == ["r1", "r2"]
    assert kept.newest().cram == 1  # type: ignore[union-attr]


def test_new_cards_are_counted_on_the_study_day_of_their_first_review(tmp_path: Path) -> None:
    late = datetime(2026, 11, 21, 23, 50, tzinfo=UTC)
    early = datetime(2026, 11, 22, 0, 10, tzinfo=UTC)  # the same study day
    next_day = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    write(
        tmp_path / "m.jsonl",
        review("r1", card="a", reviewed_at=late, zone_min=0),
        review("r2", card="b", reviewed_at=early, zone_min=0),
        review("r3", card="a", reviewed_at=next_day, zone_min=0),
        review("r4", card="c", reviewed_at=next_day, zone_min=0),
    )
    found = scratch(tmp_path)
    day = study_day(late, 0)
    assert [found.introduced_on(day + n) for n in (-1, 0, 1)] == [0, 2, 1]


def test_another_roll_over_hour_replays_everything(tmp_path: Path) -> None:
    path = write(
        tmp_path / "r" / "m.jsonl",
        *(review(f"r{n}", n * 700, rating=Rating.GOOD) for n in range(8)),
    )
    index = tmp_path / "index.sqlite"
    kept = history(path.parent, index)
    kept.refresh()
    at_four, rows_at_four = memories(kept), stored(kept)
    moved = History(kept.index, path.parent, rollover_hour=12)
    moved.refresh()
    assert memories(moved) != at_four
    fresh = history(path.parent)
    fresh.rollover_hour = 12
    fresh.refresh()
    assert memories(moved) == memories(fresh)
    assert stored(moved) == stored(fresh) != rows_at_four
    assert [row.day for row in stored(moved)] == [
        study_day(event.reviewed_at, 480, 12) for event in moved.reviews("bn-axes")
    ]
    kept.refresh()
    assert (memories(kept), stored(kept)) == (at_four, rows_at_four)


def test_a_moment_is_kept_to_the_microsecond(tmp_path: Path) -> None:
    write(tmp_path / "m.jsonl", review("r1"))
    (found,) = scratch(tmp_path).reviews("bn-axes")
    assert found.reviewed_at == START
