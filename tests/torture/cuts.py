"""Power cuts, simulated: a disk that knows what was synced, and loses or spoils the rest.

The log and the outbox are the program's own; only the calls to the system are watched. The power
goes at a random call, before, within or after it. Then the file is made anew from what a disk
must have kept, and read.
"""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

from interview_cli.cli.desk import Outbox
from interview_cli.domain.review import Event, Review
from interview_cli.errors import StoreError
from interview_cli.store.history import History
from interview_cli.store.line import Damaged, load
from interview_cli.store.log import ReviewLog, System, mend_tail
from tests.store.material import (
    a_rating,
    counted,
    due,
    history,
    memories,
    review,
    scratch,
    stored,
    undo,
)
from tests.torture import promise

CUTS = 1000
CUTS_PER_STORE = 5
PAGES = (1, 16, 64, 512, 4096)
FAULTS = (errno.ENOSPC, errno.EIO, errno.EROFS)
FAULT_SHARE = 0.04
CARDS = 8
FOR_EVER = 10**9


class PowerCut(BaseException):
    """Not an Exception: nothing may catch it."""


class Disk:
    """Passes calls on, and keeps what a power cut would leave: the pages that were synced.

    A sync that fails drops some of the pages it should have written, as Linux does: they are taken
    for clean, and stay as they were on the disk until somebody writes to them again.
    """

    def __init__(self, root: Path, rng: Random, page: int) -> None:
        self.root, self.rng, self.page = root, rng, page
        self.paths: dict[int, Path] = {}
        self.kept = b""
        self.dirty: set[int] = set()
        self.safe_names: set[Path] = set()
        self.reader: Callable[[], None] = lambda: None
        self.calls_left = FOR_EVER
        self.fault_share = 0.0
        self.has_failed = self.has_dropped = False

    @property
    def system(self) -> System:
        return System(self.open, self.write, self.fsync)

    def begin(self, safe: bytes, calls_left: int, fault_share: float) -> None:
        """Everything so far is safe; the power goes at a call from now."""
        self.kept, self.dirty = safe, set()
        self.calls_left, self.fault_share = calls_left, fault_share
        self.has_failed = self.has_dropped = False

    def fails(self) -> bool:
        """Whether this call fails. Raises PowerCut when it is the last one."""
        self.calls_left -= 1
        failing = self.rng.random() < self.fault_share
        self.has_failed |= failing
        return failing

    def cut(self) -> None:
        if self.calls_left <= 0:
            raise PowerCut

    def open(self, path: Path, flags: int, mode: int = 0o777) -> int:
        if self.fails():
            self.cut()
            raise OSError(self.rng.choice(FAULTS), "fault", str(path))
        fd = os.open(path, flags, mode)
        self.paths[fd] = Path(path)
        try:
            self.cut()
        except PowerCut:
            os.close(fd)
            raise
        return fd

    def write(self, fd: int, data: bytes) -> int:
        fails = self.fails()
        share = len(data)
        if fails or self.calls_left == 0 or self.rng.random() < 0.05:
            share = self.rng.randrange(len(data) + 1) or 1
        start = os.fstat(fd).st_size
        if not fails or self.rng.random() < 0.7:
            os.write(fd, data[:share])
            end = start + share
            self.dirty.update(range(start // self.page, (end - 1) // self.page + 1))
            if self.rng.random() < 0.03:
                self.reader()  # another process, in between
        self.cut()
        if fails:
            raise OSError(self.rng.choice(FAULTS), "fault")
        return share

    def fsync(self, fd: int) -> None:
        fails = self.fails()
        is_too_late = self.calls_left == 0 and self.rng.random() < 0.5
        if not is_too_late:
            if self.paths[fd].is_dir():
                if not fails:
                    self.safe_names.update(self.paths[fd].iterdir())
            else:
                self.sync_pages(fd, fails)
        self.cut()
        if fails:
            raise OSError(self.rng.choice(FAULTS), "fault")

    def fsync_of_reader(self, fd: int) -> None:
        """Another process syncs the log."""
        (path,) = {p for p in self.paths.values() if p.is_file()}
        promise(os.path.samestat(os.fstat(fd), path.stat()), "readers sync logs only")
        self.paths[fd] = path
        self.sync_pages(fd, fails=False)

    def sync_pages(self, fd: int, fails: bool) -> None:
        data = self.paths[fd].read_bytes()
        written = {n for n in self.dirty if not fails or self.rng.random() < 0.3}
        self.keep(data, written, len(data))
        self.has_dropped |= written != self.dirty
        self.dirty.clear()

    def keep(self, data: bytes, pages: set[int], size: int) -> None:
        kept = bytearray(self.kept.ljust(size, b"\0"))
        for number in pages:
            part = slice(number * self.page, min((number + 1) * self.page, size))
            kept[part] = data[part]
        self.kept = bytes(kept)

    def is_safe(self, path: Path) -> bool:
        """Whether a file's name survives, and those of the folders that were made for it."""
        made = (p for p in (path, *path.parents) if p.is_relative_to(self.root) and p != self.root)
        return self.safe_names.issuperset(made)

    def after_cut(self, path: Path) -> bytes | None:
        """What is found when the power is back; None if there is no such file."""
        rng = self.rng
        if not self.is_safe(path) and rng.random() < 0.7:
            return None
        data, safe = path.read_bytes(), self.kept
        match rng.choice(
            ("nothing", "some", "some", "zeros", "garbage", "changed", "pages", "all")
        ):
            case "nothing":
                pass
            case "some":
                self.keep(data, self.dirty, rng.randint(len(safe), max(len(safe), len(data))))
            case "zeros":
                self.kept = safe.ljust(len(safe) + rng.randint(0, 300), b"\0")
            case "garbage":
                self.kept = safe + rng.randbytes(rng.randint(0, 300))
            case "changed":
                self.keep(data, self.dirty, len(data))
                self.kept = safe + changed(self.kept[len(safe) :], rng)
            case "pages":
                self.keep(data, {n for n in self.dirty if rng.random() < 0.5}, len(data))
            case _:
                self.keep(data, self.dirty, len(data))
        return self.kept


def run(folder: Path, share: float, seed: int) -> str:
    rng = Random(seed)
    cuts = max(5, round(CUTS * share))
    totals = {"acknowledged": 0, "rejected": 0, "failed calls": 0, "gone": 0}
    for start in range(0, cuts, CUTS_PER_STORE):
        store = Store(folder, f"store-{start}", rng)
        for _ in range(min(CUTS_PER_STORE, cuts - start)):
            store.session_until_cut()
            store.look_after()
        totals["acknowledged"] += len(store.safe)
        lines, bad = events_of(store.path)
        totals["rejected"] += len(bad)
        totals["gone"] += len(set(store.sent) - set(lines))
        totals["failed calls"] += store.failures
        shutil.rmtree(store.folder.parent)
    promise(totals["acknowledged"] > cuts, "more than a review is acknowledged before a cut")
    promise(totals["rejected"] > 0, "some lines are damaged")
    return (
        f"{cuts} power cuts, {totals['acknowledged']} acknowledged, 0 lost, 0 unreadable stores, "
        f"{totals['rejected']} damaged lines set aside, {totals['failed calls']} failed calls "
        f"before them, {totals['gone']} unacknowledged gone"
    )


class Store:
    """One log through several power cuts, and what was acknowledged of it."""

    def __init__(self, root: Path, name: str, rng: Random) -> None:
        self.rng = rng
        self.disk = Disk(root, rng, rng.choice(PAGES))
        self.disk.reader = self.read
        self.folder = root / name / "reviews"
        self.path = self.folder / "m.jsonl"
        self.index = root / f"{name}.sqlite"
        self.sent: list[Event] = []
        self.safe: list[Event] = []
        self.failures = self.events = 0

    def session_until_cut(self) -> None:
        """Programs start, answer and end, until the power goes."""
        rng = self.rng
        calls_left = rng.choice((rng.randint(1, 12), rng.randint(1, 120)))
        share = FAULT_SHARE if rng.random() < 0.5 else 0.0
        self.disk.begin(bytes_of(self.path), calls_left, share)
        try:
            while True:
                self.program()
        except PowerCut:
            pass

    def program(self) -> None:
        """One start of the program. Another one comes after a failure only where a page is as
        large as it is: one in 4 096 lines ends with its page, and then nobody could know that
        its newline never reached the disk."""
        rng = self.rng
        if rng.random() < 0.5:
            mend_tail(self.path)
        log = ReviewLog(self.folder, "m", self.disk.system)
        outbox = Outbox(cast(Any, SimpleNamespace(log=log)))
        pending: list[Event] = []
        answers = rng.randint(1, 30)
        try:
            while answers > 0 or (self.disk.has_failed and self.disk.page < 4096):
                answers -= 1
                event = self.an_event()
                self.sent.append(event)
                pending.append(event)
                try:
                    outbox.send(event)
                except StoreError as error:
                    self.failures += 1
                    promise(str(self.path) in str(error), "the sentence names the file")
                count = len(pending) - len(outbox.waiting)
                self.safe += pending[:count]
                del pending[:count]
        finally:
            log.close()

    def an_event(self) -> Event:
        rng = self.rng
        self.events = number = self.events + 1
        if self.sent and rng.random() < 0.1:
            target = rng.choice(self.sent)
            return undo(f"u{number}", target.id, number)
        card = f"card-{rng.randrange(CARDS)}"
        if rng.random() < 0.1:
            return due(f"d{number}", number, card)
        return review(f"r{number}", number, card, rating=a_rating(rng))

    def read(self) -> None:
        """The index reads along, and makes safe what it reads."""
        kept = history(self.folder, self.index)
        with patch.object(os, "fsync", self.disk.fsync_of_reader):
            kept.refresh()
        kept.index.close()

    def look_after(self) -> None:
        """Puts the disk's content in place and checks every promise."""
        if self.path.exists():
            found = self.disk.after_cut(self.path)
            self.path.unlink()
            if found is not None:
                self.path.write_bytes(found)
                self.disk.safe_names.update((self.path, *self.path.parents))
        if self.rng.random() < 0.5:
            mend_tail(self.path)
        kept = history(self.folder, self.index)
        kept.refresh()
        again = scratch(self.folder)
        self.check(again)
        if self.disk.has_dropped:
            # Until the cut everybody could read what was not saved; who did may still know it.
            kept.index.close()
            self.index.unlink(missing_ok=True)
            kept = history(self.folder, self.index)
            kept.refresh()
        promise(memories(kept) == memories(again), "the index knows what the cut took back")
        self.append_works(kept)
        kept.index.close()

    def check(self, again: History) -> None:
        lines, bad = events_of(self.path)
        for event in self.safe:
            promise(event in lines, f"{event.id} was acknowledged and is there")
        promise(all(e in self.sent for e in lines), "nothing is there that nobody sent")
        ids = sorted({e.id for e in lines if isinstance(e, Review)})
        promise(sorted(row.id for row in stored(again)) == ids, "each counts once")
        if bad:
            aside = self.path.with_name("m.jsonl.rejected").read_bytes().split(b"\n")
            promise(all(line in aside for line in bad), "damaged lines are set aside")

    def append_works(self, kept: History) -> None:
        """The next program's first answer, without an incident."""
        event = self.an_event()
        log = ReviewLog(self.folder, "m", self.disk.system)
        found = bytes_of(self.path)
        self.disk.begin(found, FOR_EVER, 0.0)
        log.append(event)
        log.close()
        is_torn = found != b"" and not found.endswith(b"\n")
        promise(kept.refresh().damaged <= is_torn, "nothing new is damaged")
        promise(memories(kept) == memories(scratch(self.folder)), "and the memories agree")
        promise(event in events_of(self.path)[0], "the next append works")
        self.sent.append(event)
        self.safe.append(event)
        if isinstance(event, Review):
            promise(counted(kept).count(event.id) == 1, "the next append counts")


def changed(data: bytes, rng: Random) -> bytes:
    """One digit is another."""
    digits = [place for place, byte in enumerate(data) if chr(byte).isdigit()]
    if not digits:
        return data
    place = rng.choice(digits)
    return data[:place] + str((data[place] + 3) % 10).encode() + data[place + 1 :]


def bytes_of(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def events_of(path: Path) -> tuple[list[Event], list[bytes]]:
    """The events of a log, and the lines that are none."""
    events, bad = [], []
    for line in bytes_of(path).split(b"\n")[:-1]:
        try:
            if line:
                events.append(load(line))
        except Damaged:
            bad.append(line)
    return events, bad
