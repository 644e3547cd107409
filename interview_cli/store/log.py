"""The review log: append-only JSON Lines, one file per machine, safe on disk before it counts.

Several programs may append to one file: each takes the file's lock, writes whole lines and calls
fsync. Bytes once written are never changed; what a power cut tore stays where it is, closed by a
newline, and readers set it aside.
"""

import contextlib
import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from interview_cli.domain.review import Event
from interview_cli.errors import StoreError
from interview_cli.store.files import SUFFIX
from interview_cli.store.line import dump

if sys.platform == "win32":
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


class System(NamedTuple):
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
        if is_new and sys.platform != "win32":
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


def mend_tail(path: Path) -> bool:
    """Closes this machine's torn last line, so that it is set aside now and not at the next
    append. True if there was one."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_APPEND)
    except OSError:
        return False
    try:
        lock(fd)
        try:
            size = os.fstat(fd).st_size
            torn = size > 0 and os.pread(fd, 1, size - 1) != b"\n"
            if torn:
                os.write(fd, b"\n")
                os.fsync(fd)
            return torn
        finally:
            unlock(fd)
    except OSError:
        return False
    finally:
        os.close(fd)
