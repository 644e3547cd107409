"""The review log: append-only JSON Lines, one file per machine, safe on disk before it counts.

Several programs may append to one file: each takes the file's lock, writes whole lines and calls
fsync. Bytes once written are never changed; what a power cut tore stays where it is, closed by a
newline, and readers set it aside.
"""

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from interview_cli.errors import StoreError
from interview_cli.store.line import dump
from interview_cli.domain.review import Event

SUFFIX = ".jsonl"

if os.name == "nt":  # pragma: no cover
    import msvcrt

    def lock(fd: int) -> None:
        os.lseek(fd, 0, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_LOCK, 1)

    def unlock(fd: int) -> None:
        os.lseek(fd, 0, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def lock(fd: int) -> None:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
        except OSError as error:
            # Some network file systems have no locks; O_APPEND still keeps short lines whole.
            if error.errno not in (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS):
                raise

    def unlock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_UN)


@dataclass(frozen=True)
class System:
    """The calls that can fail, so that a test can make them fail."""

    open: Callable[..., int] = os.open
    write: Callable[[int, bytes], int] = os.write
    fsync: Callable[[int], None] = os.fsync


class ReviewLog:
    """This machine's file, open for appending. Errors are StoreError and lose nothing: what was
    acknowledged is on disk, and what was not may be appended again (ids make it count once)."""

    def __init__(self, folder: Path, machine: str, system: System | None = None) -> None:
        """`size` is how much of the file its user has read; an append says when there is more."""
        self.folder = folder
        self.path = folder / f"{machine}{SUFFIX}"
        self.system = system or System()
        self.fd = -1
        self.size = 0

    def append(self, event: Event) -> bool:
        """Writes one event and returns when it is safe. True if somebody else wrote in between.

        Raises StoreError; then the event does not count.
        """
        try:
            fd = self.opened()
            lock(fd)
            try:
                return self.write(fd, dump(event))
            finally:
                unlock(fd)
        except OSError as error:
            self.close()
            raise StoreError(
                f"{self.path}: not saved: {error.strerror or error}; make room or allow writing"
            ) from None

    def write(self, fd: int, line: bytes) -> bool:
        size = os.fstat(fd).st_size
        others_wrote = size != self.size
        if size and os.pread(fd, 1, size - 1) != b"\n":
            line = b"\n" + line  # a torn line from a power cut: close it, set it aside when reading
        written = 0
        while written < len(line):
            written += self.system.write(fd, line[written:])
        self.system.fsync(fd)
        self.size = size + len(line)
        return others_wrote

    def opened(self) -> int:
        if self.fd >= 0 and os.fstat(self.fd).st_nlink:
            return self.fd
        self.close()  # the file was deleted or replaced under us
        self.folder.mkdir(parents=True, exist_ok=True)
        is_new = not self.path.exists()
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        self.fd = self.system.open(self.path, flags, 0o600)
        if is_new and os.name != "nt":
            for folder in (self.folder, self.folder.parent):
                self.sync_folder(folder)
        return self.fd

    def sync_folder(self, folder: Path) -> None:
        """A new file's name is safe only when its folder is."""
        fd = self.system.open(folder, os.O_RDONLY)
        try:
            self.system.fsync(fd)
        finally:
            os.close(fd)

    def close(self) -> None:
        if self.fd >= 0:
            with contextlib.suppress(OSError):
                os.close(self.fd)
        self.fd = -1


def logs(folder: Path) -> Iterator[os.DirEntry[str]]:
    """All machines' files in a folder, by name; none if there is no folder."""
    try:
        with os.scandir(folder) as entries:
            found = [e for e in entries if e.name.endswith(SUFFIX) and e.is_file()]
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(f"{folder}: cannot be read: {error.strerror or error}") from None
    yield from sorted(found, key=lambda entry: entry.name)


def set_aside(path: Path, lines: list[bytes]) -> Path | None:
    """Copies damaged lines to `<log>.rejected`, each once; None where that cannot be written."""
    rejected = path.with_name(path.name + ".rejected")
    try:
        known = set(rejected.read_bytes().split(b"\n")) if rejected.exists() else set()
        new = [line for line in dict.fromkeys(lines) if line not in known]
        if new:
            with rejected.open("ab") as file:
                file.write(b"".join(line + b"\n" for line in new))
    except OSError:
        return None
    return rejected
