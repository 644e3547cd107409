"""`kill -9` at random moments of sessions that answer as fast as they can.

The sessions are real processes with the program's own Desk, Outbox and Quiz. Each writes to a pipe
what was acknowledged; after every kill the store is opened, and all of that has to be there.
"""

import contextlib
import os
import signal
import time
from io import StringIO
from pathlib import Path
from random import Random

from rich.console import Console

from interview_cli.cli import desk as desks
from interview_cli.cli.desk import Desk, Outbox
from interview_cli.cli.keys import Keys
from interview_cli.cli.paths import Paths
from interview_cli.cli.quiz import Quiz
from interview_cli.cli.view.look import look
from interview_cli.domain.review import Event, Review
from interview_cli.store.files import logs
from interview_cli.store.history import History
from interview_cli.store.index import Index
from interview_cli.store.shelf import Selection
from tests.store.material import a_rating, counted, home, memories, scratch
from tests.torture import promise

KILLS = 1000
KILLS_PER_STORE = 50
CARDS = 300
# Every fifth session is a whole quiz; the others come to more answers without its screens.
QUIZ_SHARE = 0.2
# Half of the kills fall into the opening of the store, half into the answers.
OPENING_S, ANSWERS_S = 0.012, 0.04


def run(folder: Path, share: float, seed: int) -> str:
    rng = Random(seed)
    kills = max(4, round(KILLS * share))
    acknowledged = torn = silent = 0
    for start in range(0, kills, KILLS_PER_STORE):
        where, root = home(folder / f"store-{start}", CARDS)
        Desk(where, root).close()
        safe: list[str] = []
        for _ in range(min(KILLS_PER_STORE, kills - start)):
            new = killed(where, root, rng)
            silent += not new
            safe += new
            torn += look_after(where, new)
        check_all(where, safe)
        acknowledged += len(safe)
    promise(acknowledged > kills, "the sessions acknowledge more than a review each")
    return (
        f"{kills} kill -9 ({silent} before the first answer), {acknowledged} acknowledged, 0 lost, "
        f"0 unreadable stores, {torn} torn lines set aside"
    )


def killed(where: Paths, root: Path, rng: Random) -> list[str]:
    """What a session acknowledged before it was killed."""
    session = quizzing if rng.random() < QUIZ_SHARE else answering
    seed = rng.getrandbits(32)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with contextlib.suppress(BaseException):
            session(where, root, writing, Random(seed))
        os._exit(1)  # a session that ends before it is killed has failed
    os.close(writing)
    with open(reading, "rb") as pipe:  # noqa: PTH123
        first = b""
        if rng.random() < 0.5:
            time.sleep(rng.uniform(0, OPENING_S))
        else:
            first = pipe.readline()
            time.sleep(rng.uniform(0, ANSWERS_S))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        promise(os.WIFSIGNALED(status), "a session works until it is killed")
        lines = (first + pipe.read()).split(b"\n")
    return [line.decode() for line in lines[:-1]]


def acknowledge(pipe: int, event: Event) -> None:
    what = event.id if isinstance(event, Review) else f"undo {event.review}"
    os.write(pipe, f"{what}\n".encode())


class Acknowledging(Outbox):
    """An outbox that tells what is safe."""

    def __init__(self, desk: Desk, pipe: int) -> None:
        super().__init__(desk)
        self.pipe = pipe

    def send(self, event: Event) -> bool:
        others_wrote = super().send(event)
        acknowledge(self.pipe, event)
        return others_wrote


def answering(where: Paths, root: Path, pipe: int, rng: Random) -> None:
    """Answers for ever; takes one of thirty back."""
    desk = Desk(where, root)
    outbox = Acknowledging(desk, pipe)
    cards = desk.shelf.cards(Selection())
    while True:
        outbox.send(
            desks.review_of(rng.choice(cards), a_rating(rng), desks.now(), 1, is_cram=False)
        )
        if rng.random() < 1 / 30:
            desk.read_reviews()
            newest = desk.history.newest()
            assert newest is not None
            outbox.send(desks.undo_of(newest.id, desks.now()))


class Typing(Keys):
    """A learner who types as fast as the program reads."""

    def __init__(self, rng: Random) -> None:
        super().__init__(is_interactive=False)
        self.rng = rng

    def line(self) -> str:
        return self.rng.choices(("", "1", "3", "4", "u", "s", "l"), (40, 8, 30, 5, 4, 2, 1))[0]


def quizzing(where: Paths, root: Path, pipe: int, rng: Random) -> None:
    """One quiz after another, in lines."""
    while True:
        desk = Desk(where, root)
        quiz = Quiz(
            desk, look("en"), Console(file=StringIO()), Typing(rng), rng, Selection(),
            new_per_day=10**6, is_cram=rng.random() < 0.5,
        )  # fmt: skip
        quiz.outbox = Acknowledging(desk, pipe)
        quiz.run()
        desk.close()


def look_after(where: Paths, new: list[str]) -> int:
    """Opens the store after a kill; how many lines were torn."""
    history = History(Index(where.cache), where.reviews)
    promise(not history.index.in_memory, "the index is readable after a kill")
    read = history.refresh()
    promise(read.newer == 0, "no line is mistaken for a newer one")
    check(history, new)
    history.index.close()
    return read.damaged


def check(history: History, safe: list[str]) -> None:
    for name in safe:
        words = name.split()
        table, column = ("undone", "review") if words[0] == "undo" else ("reviews", "id")
        query = f"SELECT count(*) FROM {table} WHERE {column} = ?"
        found = history.index.db.execute(query, (words[-1],)).fetchone()[0]
        promise(found == 1, f"{name} was acknowledged and is there")


def check_all(where: Paths, safe: list[str]) -> None:
    """Without the index everything is there as well, and adds up to the same."""
    kept = History(Index(where.cache), where.reviews)
    kept.refresh()
    again = scratch(where.reviews)
    check(again, safe)
    promise(len(list(logs(where.reviews))) == 1, "one machine writes one log")
    promise(counted(kept) == counted(again), "the index has every review once, in order")
    of_log = [row[:13] for row in memories(kept)]  # without the topic, which is the bank's
    promise(of_log == [row[:13] for row in memories(again)], "the memories are those of a replay")
    kept.index.close()
