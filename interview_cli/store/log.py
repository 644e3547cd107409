"""The review log: append-only JSON Lines, one file per machine, safe on disk before it counts;
and what any such file needs.

Several programs may append to one file: each takes the file's lock, writes whole lines and calls
fsync. Bytes once written are never changed; what a power cut tore stays where it is, closed by a
newline, and readers set it aside.
"""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from interview_cli.domain.review import Event
from interview_cli.errors import StoreError
from interview_cli.store.files import SUFFIX, unsaved
from interview_cli.store.line import dump

if sys.platform == "win32":
    import msvcrt

    # Windows keeps others from reading what is locked: lock a byte that no log reaches.
    LOCK_AT = 2**30

    def lock(fd: int) -> None:
        os.lseek(fd, LOCK_AT, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_LOCK, 1)

    def unlock(fd: int) -> None:
        with suppress(OSError):
            os.lseek(fd, LOCK_AT, os.SEEK_SET)
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
        with suppress(OSError):  # no lock was taken; and closing the file lets go of it too
            fcntl.flock(fd, fcntl.LOCK_UN)


FLAGS = os.O_RDWR | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class System(NamedTuple):
    """The calls that can fail, so that a test can make them fail."""

    open: Callable[..., int] = os.open
    write: Callable[[int, bytes], int] = os.write
    fsync: Callable[[int], None] = os.fsync
    rename: Callable[[Path, Path], None] = os.replace


class Lines:
    """A file that only grows, by whole lines, open for appending. Errors are StoreError and lose
    nothing: what was acknowledged is on disk, and what was not may be appended again."""

    def __init__(self, folder: Path, name: str, system: System | None = None) -> None:
        """`size` is how much of the file its user has read; an append says when there is more."""
        self.folder = folder
        self.path = folder / f"{name}{SUFFIX}"
        self.system = system or System()
        self.fd = -1
        self.size = 0
        self.has_failed = False

    def add(self, line: bytes) -> bool:
        """Writes one line and returns when it is safe. True if somebody else wrote in between.

        Raises StoreError; then the line does not count.
        """
        try:
            with self.locked() as fd:
                return self.write(fd, line)
        except OSError as error:
            self.close()
            raise StoreError(unsaved(self.path, error)) from None

    @contextmanager
    def locked(self) -> Iterator[int]:
        """The open file, while nobody else writes to it."""
        fd = self.opened()
        lock(fd)
        try:
            yield fd
        finally:
            unlock(fd)

    def write(self, fd: int, line: bytes) -> bool:
        size = os.fstat(fd).st_size
        others_wrote = size != self.size
        # A torn line is closed, to be set aside when it is read. After a failure even a newline
        # that can be read may never reach the disk.
        if size and (self.has_failed or last_byte(fd, size) != b"\n"):
            line = b"\n" + line
        self.has_failed = True
        written = 0
        while written < len(line):
            written += self.system.write(fd, line[written:])
        self.system.fsync(fd)
        self.has_failed = False
        self.size = size + len(line)
        return others_wrote

    def opened(self) -> int:
        if self.fd >= 0 and self.is_current():
            return self.fd
        self.close()
        self.folder.mkdir(parents=True, exist_ok=True)
        fd = self.system.open(self.path, FLAGS | os.O_CREAT, 0o600)
        try:
            # An empty file may be one whose name is not safe yet, whoever made it.
            if os.fstat(fd).st_size == 0:
                for folder in (self.folder, *self.folder.parents):
                    sync_folder(folder, self.system)
        except BaseException:
            os.close(fd)
            raise
        self.fd = fd
        return fd

    def is_current(self) -> bool:
        """False if the file was deleted or replaced under us."""
        try:
            return os.path.samestat(os.fstat(self.fd), self.path.stat())
        except OSError:
            return False

    def close(self) -> None:
        if self.fd >= 0:
            with suppress(OSError):
                os.close(self.fd)
        self.fd = -1


class ReviewLog(Lines):
    """This machine's log. An event that was appended again counts once, by its id."""

    def append(self, event: Event) -> bool:
        """Makes one event safe, as `add` does its line."""
        return self.add(dump(event))


def sync_folder(folder: Path, system: System) -> None:
    """A new file's name is safe only when its folder is, and the folder's when its own is."""
    if sys.platform == "win32":
        return  # folders cannot be synced there
    try:
        fd = system.open(folder, os.O_RDONLY)
    except PermissionError:
        return  # not ours to read, so we did not make it
    try:
        system.fsync(fd)
    except OSError as error:
        # Some network file systems cannot do it.
        if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS):
            raise
    finally:
        os.close(fd)


def last_byte(fd: int, size: int) -> bytes:
    os.lseek(fd, size - 1, os.SEEK_SET)  # appending goes to the end all the same
    return os.read(fd, 1)


def mend_tail(path: Path) -> bool:
    """Closes this machine's torn last line, so that it is set aside now and not at the next
    append. True if there was one."""
    try:
        fd = os.open(path, FLAGS)
    except OSError:
        return False
    try:
        lock(fd)
        try:
            size = os.fstat(fd).st_size
            torn = size > 0 and last_byte(fd, size) != b"\n"
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
