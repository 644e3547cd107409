"""How fast the quiz is: the first question, and every answer."""

import os
import random
import time
from pathlib import Path
from statistics import quantiles

from benchmarks.material import write_decks, write_log
from benchmarks.measure import (
    INTERVIEW,
    Terminal,
    alternately,
    ms,
    process,
    python,
    row,
    seconds_of,
)

ANSWERS = 500


class Home:
    """A temporary INTERVIEW_HOME with many cards and reviews."""

    def __init__(self, folder: Path, cards: int, files: int, count: int) -> None:
        self.folder = folder
        self.env = {"INTERVIEW_HOME": str(folder)}
        self.ids = write_decks(folder / "decks", cards, files)
        if count:
            write_log(folder / "reviews", self.ids, count)

    def warm(self) -> None:
        # Decks written a moment ago are read twice: their time stamps cannot be trusted yet.
        past = time.time() - 3600
        for path in (self.folder / "decks").iterdir():
            os.utime(path, (past, past))
        process([INTERVIEW, "--json"], self.env)

    def first_question(self) -> float:
        """Seconds until the question stands in the terminal."""
        started = time.perf_counter()
        terminal = Terminal([INTERVIEW, "quiz", "--lang", "en"], self.env)
        terminal.until(b"quit")
        seconds = time.perf_counter() - started
        terminal.close()
        return seconds


def bench_help(_: Path) -> None:
    mine, floor = alternately(
        lambda: process([INTERVIEW, "--help"]), lambda: python("import typer, rich.console")
    )
    row("interview --help", ms(mine), ms(floor), mine / floor, "1.3x of import typer, rich.console")


def bench_question(folder: Path) -> None:
    home = Home(folder / "q", 10_000, 200, 100_000)
    home.warm()
    mine, floor = alternately(home.first_question, lambda: python("import typer"))
    what = "first question, 10 000 cards, 100 000 reviews"
    row(what, ms(mine), ms(floor), mine / floor, "1.6x of import typer")
    terminal = Terminal([INTERVIEW, "quiz", "--lang", "en"], home.env)
    terminal.until(b"quit")
    row("  its peak memory", f"{terminal.peak_mib():.1f} MiB", "", None, "under 60 MB")
    terminal.close()


def bench_scale(folder: Path) -> None:
    many = Home(folder / "many", 100_000, 200, 100_000)
    few = Home(folder / "few", 1_000, 20, 100_000)
    many.warm()
    few.warm()
    mine, floor = alternately(many.first_question, few.first_question)
    row("first question, 100 000 cards", ms(mine), ms(floor), mine / floor, "1.3x of 1 000 cards")


def bench_changed(folder: Path) -> None:
    home = Home(folder / "changed", 10_000, 200, 100_000)
    home.warm()
    deck = sorted((home.folder / "decks").iterdir())[100]
    text = deck.read_text(encoding="utf-8")
    past = time.time() - 1800
    number = 0

    def changed() -> float:
        nonlocal number
        number += 1
        deck.write_text(text.replace("Topic 100", f"Topic 100 {number}"), encoding="utf-8")
        os.utime(deck, (past + number, past + number))
        return home.first_question()

    mine, floor = alternately(changed, home.first_question)
    row(
        "start after one of 200 files changed",
        ms(mine),
        ms(floor),
        mine / floor,
        "1.2x of unchanged",
    )


def bench_cold(folder: Path) -> None:
    import yaml

    from interview_cli.bank.compile import deck_files, refresh
    from interview_cli.store.index import Index
    from interview_cli.store.shelf import Shelf

    decks = folder / "cold"
    write_decks(decks, 10_000, 200)
    files = sorted(decks.iterdir())

    def events() -> None:
        for path in files:
            for _ in yaml.parse(path.read_bytes().decode(), Loader=yaml.CBaseLoader):
                pass

    def cold() -> None:
        place = folder / "cold.sqlite"
        place.unlink(missing_ok=True)
        index = Index(place)
        with index.transaction():
            refresh(deck_files([decks], time.time_ns()), Shelf(index))
        index.close()

    mine, floor = alternately(lambda: seconds_of(cold), lambda: seconds_of(events))
    row("cold load of 10 000 cards", ms(mine), ms(floor), mine / floor, "2x of the bare event loop")


def bench_answer(folder: Path) -> None:
    """Rating to next question chosen, durable; against an append and fsync of the same bytes."""
    from interview_cli.cli import desk as desks
    from interview_cli.cli.desk import Desk, Outbox
    from interview_cli.cli.paths import Paths, bank_root
    from interview_cli.domain.review import Rating
    from interview_cli.scheduling import scheduler
    from interview_cli.scheduling import session as machine
    from interview_cli.scheduling.session import Choosing, Shape
    from interview_cli.store.line import dump
    from interview_cli.store.shelf import Selection

    home = Home(folder / "answer", 10_000, 200, 100_000)
    where = Paths(home.folder / "reviews", home.folder / "decks", home.folder / "index.sqlite")
    desk = Desk(where, bank_root())
    now = desks.now()
    queue, _ = desk.shelf.queue(Selection(), desk.day(now), 1000, 1000)
    session = machine.start(queue, now)
    outbox = Outbox(desk)
    rng = random.Random(0)
    floor_fd = os.open(folder / "floor.jsonl", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    mine, floor = [], []
    for number in range(ANSWERS + 20):
        assert isinstance(session.screen, Choosing)
        found = desk.shelf.card(session.screen.card)
        assert found is not None
        session = machine.reveal(machine.present(session, Shape(found.id)))
        rating = rng.choices(list(Rating), (1, 1, 7, 1))[0]
        started = time.perf_counter()
        now = desks.now()
        event = desks.review_of(found, rating, now, 1000, is_cram=False)
        outbox.send(event)
        memory = scheduler.step(found.memory, event, desk.rules)
        session = machine.rated(session, memory, now)
        took = time.perf_counter() - started
        line = dump(event)
        started = time.perf_counter()
        os.write(floor_fd, line)
        os.fsync(floor_fd)
        bare = time.perf_counter() - started
        if number >= 20:
            mine.append(took)
            floor.append(bare)
    os.close(floor_fd)
    desk.close()
    for name, part in (("p50", 49), ("p99", 98)):
        a, b = quantiles(mine, n=100)[part], quantiles(floor, n=100)[part]
        row(
            f"answer durable, next chosen, {name} of {ANSWERS}",
            ms(a),
            ms(b),
            a / b,
            "2x of append + fsync",
        )


def bench_replay(folder: Path) -> None:
    from interview_cli.store.history import History
    from interview_cli.store.index import Index

    home = Home(folder / "replay", 10_000, 200, 100_000)

    def replay() -> None:
        place = folder / "replay.sqlite"
        place.unlink(missing_ok=True)
        index = Index(place)
        History(index, home.folder / "reviews").refresh()
        index.close()

    (mine,) = alternately(lambda: seconds_of(replay))
    row("full replay of 100 000 reviews", f"{mine:.2f} s", "", None, "under 2 s")
