"""What a session asks of the index is what Python computes from the same cards and memories."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from interview_cli.bank.compile import CompiledCard, CompiledDeck
from interview_cli.bank.model import CLASSES
from interview_cli.domain.review import Event, Rating
from interview_cli.scheduling.days import study_day
from interview_cli.scheduling.fsrs import Fsrs
from interview_cli.scheduling.scheduler import (
    Memory,
    Phase,
    Rules,
    is_due,
    replay,
    retrievability,
)
from interview_cli.store.history import History
from interview_cli.store.index import Index
from interview_cli.store.shelf import Selection, Shelf

from .material import START, a_rating, due, memories, review, undo, weights, write

TOPICS = ("attention", "norm", "optim")
KINDS = tuple(CLASSES)
TAGS = ("math", "maths", "code", "math-code", "a-b")
LAST_DAY = study_day(START + timedelta(days=60), 480)


class Card(NamedTuple):
    """A card and its memory, as Python has them."""

    id: str
    topic: str
    level: int
    kind: str
    tags: tuple[str, ...]
    place: int
    memory: Memory | None


class Filled(NamedTuple):
    shelf: Shelf
    history: History
    cards: list[Card]


def a_card(number: int, rng: Random) -> CompiledCard:
    tags = rng.sample(TAGS, rng.randint(0, 3))
    kind, name = rng.choice(KINDS), f"card-{number}"
    return CompiledCard(name, rng.randint(1, 3), kind, " ".join(tags), f"{number:08x}", b"", ())


def a_deck(topic: str, cards: list[CompiledCard]) -> CompiledDeck:
    return CompiledDeck(f"/decks/{topic}.yaml", "sig", b"hash", topic, "题", topic.title(), cards)


@pytest.fixture(scope="module", params=["cards first", "reviews first"])
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Filled]:
    """Sixty cards of three decks; most were reviewed, some often, in two months."""
    rng = Random(11)
    folder: Path = tmp_path_factory.mktemp("shelf")
    shelf = Shelf(Index(None))
    history = History(shelf.index, folder)
    numbers = rng.sample(range(60), 60)
    decks = [a_deck(t, [a_card(n, rng) for n in numbers[i::3]]) for i, t in enumerate(TOPICS)]
    events = []
    for number in range(60):
        minutes = rng.uniform(0, 40_000)
        for _ in range(rng.choice((0, 1, 2, 3, 6, 9))):
            name = f"r{len(events)}"
            events.append(review(name, minutes, f"card-{number}", rating=a_rating(rng)))
            minutes += rng.choice((2, 15, 1500, 6000, 12_000))
    events.sort(key=lambda event: event.reviewed_at)
    write(folder / "m.jsonl", *events, review("elsewhere", 9, "of-no-deck", rating=Rating.EASY))
    write(folder / "m.jsonl", fitted := weights("w1"))
    rules = Rules(Fsrs(fitted.weights))

    def fill() -> None:
        with shelf.index.transaction():
            for place, deck in enumerate(decks):
                shelf.replace(deck, place)

    if request.param == "cards first":
        fill()
    history.refresh()
    if request.param == "reviews first":
        fill()
    cards = [
        Card(
            c.id, deck.topic, c.level, c.kind, tuple(c.tags.split()), place,
            replay([e for e in events if e.card == c.id], rules),
        )
        for place, (deck, c) in enumerate((d, c) for d in decks for c in d.cards)
    ]  # fmt: skip
    yield Filled(shelf, history, cards)
    shelf.index.close()


SELECTIONS = [
    Selection(topics, tags, kinds, levels)
    for topics, tags, kinds, levels in product(
        ((), ("norm",), ("optim", "attention")),
        ((), ("math",), ("a-b", "maths")),
        ((), ("recall",), ("choice", "numeric", "code")),
        ((), (2,), (1, 3)),
    )
]


def selects(selection: Selection, card: Card) -> bool:
    return (
        (not selection.topics or card.topic in selection.topics)
        and (not selection.kinds or card.kind in selection.kinds)
        and (not selection.levels or card.level in selection.levels)
        and (not selection.tags or bool(set(selection.tags) & set(card.tags)))
    )


def selected(filled: Filled, selection: Selection) -> list[Card]:
    return [card for card in filled.cards if selects(selection, card)]


def overdue(cards: list[Card], day: int, fsrs: Fsrs) -> list[tuple[float, str]]:
    """Reviews that are due, by retrievability."""
    return sorted(
        (round(retrievability(c.memory, day, fsrs), 12), c.id)
        for c in cards
        if c.memory and c.memory.phase == Phase.REVIEW and c.memory.due_day <= day
    )


@pytest.mark.parametrize("day", [LAST_DAY - 40, LAST_DAY - 20, LAST_DAY, LAST_DAY + 400])
def test_what_is_due_comes_by_lowest_retrievability(filled: Filled, day: int) -> None:
    total = 0
    for selection in SELECTIONS:
        wanted = overdue(selected(filled, selection), day, filled.history.fsrs)
        queue, has_more = filled.shelf.queue(selection, day, 0, 1000)
        assert list(queue.due) == [card for _, card in wanted]
        assert not has_more
        total += len(wanted)
    assert total > 20


def test_cards_of_one_retrievability_come_by_name(filled: Filled) -> None:
    """On the day of its last review, or before it, nothing is forgotten."""
    long_ago = study_day(START, 480) - 10_000
    filled.shelf.index.db.execute("SAVEPOINT early")
    filled.shelf.index.db.execute("UPDATE memory SET due_day = 0")
    queue, _ = filled.shelf.queue(Selection(), long_ago, 0, 1000)
    filled.shelf.index.db.execute("ROLLBACK TO early")
    filled.shelf.index.db.execute("RELEASE early")
    assert len(queue.due) > 20
    assert list(queue.due) == sorted(queue.due)


def test_a_limit_keeps_the_most_urgent_and_says_whether_there_are_more(filled: Filled) -> None:
    for selection in SELECTIONS[:9]:
        whole, _ = filled.shelf.queue(selection, LAST_DAY, 0, 1000)
        for most in (1, 3, len(whole.due)):
            queue, has_more = filled.shelf.queue(selection, LAST_DAY, 0, max(most, 1))
            assert queue.due == whole.due[: max(most, 1)]
            assert has_more == (len(whole.due) > max(most, 1))


def test_steps_come_by_the_moment_that_they_are_due(filled: Filled) -> None:
    total = 0
    for selection in SELECTIONS:
        wanted = sorted(
            (c.memory.due_at, c.id)
            for c in selected(filled, selection)
            if c.memory and c.memory.phase != Phase.REVIEW
        )
        queue, _ = filled.shelf.queue(selection, LAST_DAY, 0, 1000)
        assert [tuple(waiting) for waiting in queue.waiting] == wanted
        total += len(wanted)
    assert total > 50


def test_new_cards_come_by_level_and_then_by_place(filled: Filled) -> None:
    total = 0
    for selection in SELECTIONS:
        cards = [c for c in selected(filled, selection) if c.memory is None]
        wanted = [c.id for c in sorted(cards, key=lambda c: (c.level, c.place))]
        for fresh in (0, 2, 1000):
            queue, _ = filled.shelf.queue(selection, LAST_DAY, fresh, 1000)
            assert list(queue.fresh) == wanted[:fresh]
        total += len(wanted)
    assert total > 20


def test_a_session_takes_no_more_new_cards_than_its_limit(filled: Filled) -> None:
    queue, _ = filled.shelf.queue(Selection(), LAST_DAY, 20, 3)
    assert len(queue.fresh) == 3


def test_new_cards_that_are_brought_forward_are_due_before_all_others(tmp_path: Path) -> None:
    """Whatever number of new cards the day still has; and once only."""
    rng = Random(12)
    shelf = Shelf(Index(None))
    history = History(shelf.index, tmp_path)
    with shelf.index.transaction():
        shelf.replace(a_deck("norm", [a_card(n, rng) for n in range(9)]), 0)
    write(tmp_path / "m.jsonl", review("r1", 0, "card-8", rating=Rating.EASY))
    history.refresh()
    ids = [card for card in shelf.ids(Selection()) if card != "card-8"]
    first, second = ids[2], ids[5]
    for number, card in enumerate((second, first, "card-8", "of-no-deck", second)):
        write(tmp_path / "m.jsonl", due(f"d{number}", 3000 + number, card))
        history.refresh()
    today = study_day(START + timedelta(minutes=3000), 480)
    others = tuple(card for card in ids if card not in (first, second))
    for fresh, most in product((0, 3, 99), (1, 2, 3, 99)):
        queue, has_more = shelf.queue(Selection(), today, fresh, most)
        assert queue.due == (first, second, "card-8")[:most]
        assert has_more == (most < 3)
        assert queue.fresh == others[: min(fresh, most)]
    assert shelf.brought_forward(Selection(topics=("optim",))) == []
    assert shelf.brought_forward(Selection(topics=("norm",))) == [first, second]
    write(tmp_path / "m.jsonl", review("r2", 3010, first), review("r3", 3011, second))
    history.refresh()
    queue, _ = shelf.queue(Selection(), today, 99, 99)
    assert queue.due == ("card-8",)
    assert shelf.brought_forward(Selection()) == []
    shelf.index.close()


def test_a_card_is_asked_for_until_its_next_review_and_again_if_that_is_undone(
    tmp_path: Path,
) -> None:
    """New or not; by level and place."""
    shelf = Shelf(Index(None))
    history = History(shelf.index, tmp_path)
    with shelf.index.transaction():
        cards = [
            CompiledCard(f"card-{n}", 3 - n % 3, "recall", "", "text", b"", ()) for n in range(6)
        ]
        shelf.replace(a_deck("norm", cards[:4]), 0)
        shelf.replace(a_deck("optim", cards[4:]), 1)

    def asked_for(*events: Event, topics: tuple[str, ...] = ()) -> list[str]:
        write(tmp_path / "m.jsonl", *events)
        history.refresh()
        return shelf.asked_for(Selection(topics=topics))

    assert asked_for(review("r1", 0, "card-1"), review("r5", 0, "card-5")) == []
    wanted = [due(f"d{n}", 10 + n, f"card-{n}") for n in (0, 1, 4, 5)]
    assert asked_for(*wanted, due("d", 20, "of-no-deck")) == [
        "card-5",
        "card-1",
        "card-4",
        "card-0",
    ]
    assert asked_for(due("d9", 21, "card-1")) == ["card-5", "card-1", "card-4", "card-0"]
    assert asked_for(topics=("optim",)) == ["card-5", "card-4"]
    assert asked_for(review("c1", 30, "card-1", is_cram=True)) == asked_for()
    assert asked_for(review("r2", 40, "card-1"), review("r3", 41, "card-0")) == ["card-5", "card-4"]
    assert asked_for(undo("u2", "r2", 50)) == ["card-5", "card-1", "card-4"]
    assert asked_for(undo("u3", "r3", 51)) == ["card-5", "card-1", "card-4", "card-0"]
    shelf.index.close()


def test_what_was_reviewed_on_a_day_is_what_was_reviewed_last_then(filled: Filled) -> None:
    """Of no deck, too."""
    total = 0
    for day in range(LAST_DAY - 60, LAST_DAY):
        found = filled.shelf.reviewed_on(day)
        wanted = {c.id for c in filled.cards if c.memory and c.memory.reviewed_day == day}
        assert found - {"of-no-deck"} == wanted
        total += len(found)
    assert total > 30


@pytest.mark.parametrize("days", [-30, 0, 1, 40])
def test_every_seen_card_stands_where_its_memory_says(filled: Filled, days: int) -> None:
    now = START + timedelta(days=days, minutes=5)
    day = study_day(now, 480)
    wanted = []
    for card in filled.cards:
        if memory := card.memory:
            due, in_steps = is_due(memory, now, day), memory.phase != Phase.REVIEW
            elapsed = max(day - memory.reviewed_day, 0)
            wanted.append(
                (card.id, card.topic, memory.stability, elapsed, due, in_steps and not due)
            )
    assert sorted(filled.shelf.standings(day, now)) == sorted(wanted)


def test_new_cards_that_are_brought_forward_are_counted_by_topic(tmp_path: Path) -> None:
    shelf = Shelf(Index(None))
    history = History(shelf.index, tmp_path)
    rng = Random(3)
    with shelf.index.transaction():
        for place, topic in enumerate(TOPICS):
            shelf.replace(a_deck(topic, [a_card(3 * place + n, rng) for n in range(3)]), place)
    write(tmp_path / "m.jsonl", review("r1", 0, "card-1"))
    write(tmp_path / "m.jsonl", *[due(f"d{n}", 10, f"card-{n}") for n in (0, 1, 2, 8)])
    history.refresh()
    assert shelf.early_by_topic() == {"attention": 2, "optim": 1}
    shelf.index.close()


def test_every_card_stands_in_one_place_only(filled: Filled) -> None:
    queue, _ = filled.shelf.queue(Selection(), LAST_DAY + 10_000, 1000, 1000)
    names = [*queue.due, *queue.fresh, *(waiting.card for waiting in queue.waiting)]
    assert sorted(names) == sorted(card.id for card in filled.cards)


def test_cards_and_ids_of_a_selection(filled: Filled) -> None:
    for selection in SELECTIONS:
        wanted = selected(filled, selection)
        assert [c.id for c in filled.shelf.cards(selection)] == [c.id for c in wanted]
        by_level = sorted(wanted, key=lambda c: (c.level, c.place))
        assert filled.shelf.ids(selection) == [c.id for c in by_level]


def test_a_card_comes_with_its_memory(filled: Filled) -> None:
    for card in filled.cards:
        found = filled.shelf.card(card.id)
        assert found is not None
        assert found[:4] == (card.id, card.topic, card.level, card.kind)
        assert found.memory == card.memory
        assert found.seen_text == ("9f86d081" if card.memory else "")
    assert filled.shelf.card("of-no-deck") is None


def test_reviews_to_come_are_counted_by_day(filled: Filled) -> None:
    first, last = LAST_DAY - 30, LAST_DAY + 30
    total = 0
    for selection in SELECTIONS:
        wanted: dict[int, int] = {}
        for card in selected(filled, selection):
            memory = card.memory
            if memory and memory.phase == Phase.REVIEW and first <= memory.due_day <= last:
                wanted[memory.due_day] = wanted.get(memory.due_day, 0) + 1
        assert filled.shelf.due_between(selection, first, last) == wanted
        total += sum(wanted.values())
    assert total > 50


def test_topics_and_tags(filled: Filled) -> None:
    assert [(t.topic, t.en, t.cards) for t in filled.shelf.topics()] == [
        (topic, topic.title(), 20) for topic in TOPICS
    ]
    assert filled.shelf.tags() == sorted(TAGS)


def test_a_deck_that_goes_takes_its_cards_from_the_queue_and_brings_them_back(
    filled: Filled,
) -> None:
    shelf, selection = filled.shelf, Selection()
    before, _ = shelf.queue(selection, LAST_DAY, 100, 1000)
    rows = memories(filled.history)
    db = shelf.index.db
    kept = db.execute("SELECT * FROM cards WHERE topic = 'norm' ORDER BY place").fetchall()
    columns = [name for (name, *_) in db.execute("SELECT name FROM pragma_table_info('cards')")]
    found = [dict(zip(columns, row, strict=True)) for row in kept]
    cards = [
        CompiledCard(c["id"], c["level"], c["kind"], c["tags"], c["text"], c["body"], ())
        for c in found
    ]
    shelf.remove("/decks/norm.yaml")
    without, _ = shelf.queue(selection, LAST_DAY, 100, 1000)
    gone = {c.id for c in filled.cards if c.topic == "norm"}
    assert without.due == tuple(c for c in before.due if c not in gone)
    assert without.fresh == tuple(c for c in before.fresh if c not in gone)
    assert without.waiting == tuple(w for w in before.waiting if w.card not in gone)
    shelf.replace(a_deck("norm", cards), 1)
    assert shelf.queue(selection, LAST_DAY, 100, 1000)[0] == before
    assert memories(filled.history) == rows
