"""Eight processes that answer at once into one file, each with its own desk and one index."""

import os
import traceback
from pathlib import Path
from random import Random

from interview_cli.cli import desk as desks
from interview_cli.cli.desk import Desk, Outbox
from interview_cli.cli.paths import Paths
from interview_cli.domain.review import Review
from interview_cli.store.files import logs
from interview_cli.store.history import History
from interview_cli.store.index import Index
from interview_cli.store.line import load
from interview_cli.store.log import System
from interview_cli.store.shelf import Selection
from tests.store.material import a_rating, counted, home, memories, scratch
from tests.torture import promise

PROCESSES = 8
ANSWERS = 500
CARDS = 40


def run(folder: Path, share: float, seed: int) -> str:
    answers = max(10, round(ANSWERS * share))
    where, root = home(folder, CARDS)
    waiting, starting = os.pipe()
    children = []
    for number in range(PROCESSES):
        child = os.fork()
        if child == 0:
            os.close(starting)
            os.read(waiting, 1)  # until all are there
            os._exit(answering(where, root, number, answers, Random(f"{seed} {number}")))
        children.append(child)
    os.close(waiting)
    os.close(starting)
    statuses = [os.waitpid(child, 0)[1] for child in children]
    promise(not any(statuses), "no process fails")
    lines = check(where, answers)
    return f"{PROCESSES} processes of {answers} answers: {lines} lines in one file, all valid"


def answering(where: Paths, root: Path, number: int, answers: int, rng: Random) -> int:
    """One process; 0 if nothing went wrong. It reads what the others wrote now and then."""
    try:
        desk = Desk(where, root)
        if number % 2:
            desk.log.system = System(write=in_two)
        outbox = Outbox(desk)
        cards = desk.shelf.cards(Selection())
        for answer in range(answers):
            event = desks.review_of(
                rng.choice(cards), a_rating(rng), desks.now(), answer, is_cram=False
            )
            outbox.send(event._replace(id=f"p{number}-{answer:04d}"))
            if answer % 50 == number:
                desk.read_reviews()
        desk.close()
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def in_two(fd: int, data: bytes) -> int:
    """A write that a system may cut short, so that only the lock keeps a line in one piece."""
    return os.write(fd, data[: (len(data) + 1) // 2])


def check(where: Paths, answers: int) -> int:
    """The file holds every answer once, each process's in its order; how many lines."""
    (log,) = logs(where.reviews)
    lines = Path(log.path).read_bytes().split(b"\n")[:-1]
    events = [load(line) for line in lines]
    for number in range(PROCESSES):
        own = [e for e in events if isinstance(e, Review) and e.id.startswith(f"p{number}-")]
        promise([e.elapsed_ms for e in own] == list(range(answers)), "each answer stands once")
    promise(len(lines) == PROCESSES * answers, "nothing else is in the file")
    kept = History(Index(where.cache), where.reviews)
    promise(not kept.index.in_memory, "the index is readable")
    kept.refresh()
    again = scratch(where.reviews)
    promise(sorted(counted(kept)) == sorted(e.id for e in events), "the index has each once")
    of_log = [row[:13] for row in memories(kept)]  # without the topic, which is the bank's
    promise(of_log == [row[:13] for row in memories(again)], "the memories are those of a replay")
    kept.index.close()
    return len(lines)
