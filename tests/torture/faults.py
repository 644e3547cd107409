"""An I/O error at every n-th open, write and fsync, for every n until nothing fails any more."""

import errno
import os
from itertools import count
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast

from interview_cli.cli.desk import Outbox
from interview_cli.domain.review import Event, Review
from interview_cli.errors import StoreError
from interview_cli.store.log import ReviewLog, System
from tests.store.material import START, counted, review, scratch, stored
from tests.torture import promise

CALLS = ("open", "write", "fsync")
ERRORS = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT, errno.EINTR)
# once: the next call works again. until repaired: none does. short: a part is written before.
KINDS = ("once", "until repaired", "short")
ANSWERS = 6


class Faulty:
    """The system, until the n-th call of one name; from then on it fails, or once."""

    def __init__(self, name: str, number: int, error: int, kind: str) -> None:
        self.name, self.number, self.error, self.kind = name, number, error, kind
        self.calls = self.failures = 0
        self.synced: set[int] = set()

    @property
    def system(self) -> System:
        return System(self.open, self.write, self.fsync)

    def check(self, name: str) -> bool:
        """Whether this call fails."""
        if name != self.name or self.number < 0:
            return False
        self.calls += 1
        fails = self.calls == self.number or (
            self.kind == "until repaired" and self.calls > self.number
        )
        self.failures += fails
        return fails

    def repair(self) -> None:
        self.number = -1

    def oops(self) -> OSError:
        return OSError(self.error, os.strerror(self.error))

    def open(self, *arguments: Any) -> int:
        if self.check("open"):
            raise self.oops()
        return os.open(*arguments)

    def write(self, fd: int, data: bytes) -> int:
        if self.check("write"):
            if self.kind == "short":
                os.write(fd, data[: 1 + self.calls * 37 % len(data)])
            raise self.oops()
        # All writes are short ones, as system calls may be.
        return os.write(fd, data[: 1 + len(data) // 2])

    def fsync(self, fd: int) -> None:
        if self.check("fsync"):
            raise self.oops()
        os.fsync(fd)


def run(folder: Path, share: float, seed: int) -> str:
    rng = Random(seed)
    sessions = sentences = 0
    for name in CALLS:
        for error in ERRORS if share == 1 else rng.sample(ERRORS, 2):
            for kind in KINDS:
                for number in count(1):
                    place = folder / f"{name}-{error}-{kind}-{number}".replace(" ", "-")
                    told = session(place, Faulty(name, number, error, kind))
                    if not told:
                        break
                    sessions += 1
                    sentences += told
                promise(number > 1, f"a {name} that fails is noticed")
    return (
        f"{sessions} sessions with an I/O error at every n-th open, write and fsync, {sentences} "
        "sentences, 0 acknowledged lost, everything saved exactly once by a later retry"
    )


def session(folder: Path, faulty: Faulty) -> int:
    """Answers, and tries again in the end; how many sentences the learner read."""
    log = ReviewLog(folder / "reviews", "m", faulty.system)
    outbox = Outbox(cast(Any, SimpleNamespace(log=log)))
    sent: list[Event] = []
    taken_back: set[str] = set()
    told = 0
    for number in range(ANSWERS):
        event = review(f"r{number}", number, f"card-{number % 3}")
        sent.append(event)
        told += not is_sent(outbox, event, log.path)
        if number == 2 and (undone := outbox.take_back(START)):
            taken_back.add(undone.id)
        there = {row.id for row in stored(scratch(log.folder))}
        safe = {e.id for e in sent if e not in outbox.waiting} - taken_back
        promise(safe <= there, "what was acknowledged is there after a failure")
    faulty.repair()
    outbox.flush()
    log.close()
    history = scratch(log.folder)
    expected = [e.id for e in sent if isinstance(e, Review) and e.id not in taken_back]
    promise(counted(history) == expected, "a later retry saves everything exactly once")
    promise(bool(told) == bool(faulty.failures), "each failure is told, and nothing else")
    return told


def is_sent(outbox: Outbox, event: Event, path: Path) -> bool:
    """Whether it was acknowledged; if not, by a sentence that helps."""
    try:
        outbox.send(event)
    except StoreError as error:
        sentence = str(error)
        promise("\n" not in sentence, "an error is one line")
        promise(sentence.startswith(f"{path}: not saved: "), "it says where and what")
        promise(sentence.endswith("; make room or allow writing"), "it says what to do")
        promise(event in outbox.waiting, "what was not saved waits")
        return False
    promise(not outbox.waiting, "an acknowledged answer does not wait")
    return True
