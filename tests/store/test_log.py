"""An event is on the disk before it counts, and a failure says what to do."""

import errno
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from interview_cli.errors import StoreError
from interview_cli.store import log as logs
from interview_cli.store.line import dump
from interview_cli.store.log import ReviewLog, System, mend_tail

from .material import counted, review, scratch, write

ONE, TWO, THREE = review("r1"), review("r2", 1), review("r3", 2)


class Watched:
    """The system, with its calls written down; a call of `fails` raises, once each."""

    def __init__(self, **fails: int) -> None:
        self.calls: list[str] = []
        self.fails = fails
        self.names: dict[int, str] = {}

    @property
    def system(self) -> System:
        return System(self.open, self.write, self.fsync)

    def called(self, name: str, what: str) -> None:
        self.calls.append(f"{name} {what}")
        if code := self.fails.pop(name, 0):
            raise OSError(code, os.strerror(code))

    def open(self, path: Path, *rest: Any) -> int:
        self.called("open", Path(path).name)
        fd = os.open(path, *rest)
        self.names[fd] = Path(path).name
        return fd

    def write(self, fd: int, data: bytes) -> int:
        self.called("write", self.names[fd])
        return os.write(fd, data)

    def fsync(self, fd: int) -> None:
        self.called("fsync", self.names[fd])
        os.fsync(fd)


def a_log(tmp_path: Path, watched: Watched | None = None) -> ReviewLog:
    return ReviewLog(tmp_path / "reviews", "m", watched.system if watched else None)


def test_an_event_is_a_line_of_this_machines_file(tmp_path: Path) -> None:
    log = a_log(tmp_path)
    log.append(ONE)
    log.append(TWO)
    log.close()
    assert (tmp_path / "reviews" / "m.jsonl").read_bytes() == dump(ONE) + dump(TWO)


def test_a_line_is_written_and_synced_before_append_returns(tmp_path: Path) -> None:
    watched = Watched()
    log = a_log(tmp_path, watched)
    log.append(ONE)
    watched.calls.clear()
    log.append(TWO)
    assert watched.calls == ["write m.jsonl", "fsync m.jsonl"]
    log.close()


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be synced there")
def test_the_name_of_a_new_file_is_safe_before_its_first_line(tmp_path: Path) -> None:
    watched = Watched()
    log = a_log(tmp_path, watched)
    log.append(ONE)
    log.close()
    assert watched.calls[:5] == [
        "open m.jsonl", "open reviews", "fsync reviews", f"open {tmp_path.name}",
        f"fsync {tmp_path.name}",
    ]  # fmt: skip
    assert watched.calls[-2:] == ["write m.jsonl", "fsync m.jsonl"]


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be synced there")
def test_a_folder_that_could_not_be_synced_is_synced_by_the_next_try(tmp_path: Path) -> None:
    watched = Watched(fsync=errno.EIO)
    log = a_log(tmp_path, watched)
    with pytest.raises(StoreError):
        log.append(ONE)
    watched.calls.clear()
    log.append(ONE)
    log.close()
    assert "fsync reviews" in watched.calls


def test_a_file_system_that_cannot_sync_folders_is_good_enough(tmp_path: Path) -> None:
    watched = Watched(fsync=errno.EINVAL)
    log = a_log(tmp_path, watched)
    log.append(ONE)
    log.close()
    assert counted(scratch(log.folder)) == ["r1"]


def test_a_folder_above_that_may_not_be_read_is_not_ours_to_sync(tmp_path: Path) -> None:
    watched = Watched()

    def guarded(path: Path, *rest: Any) -> int:
        if Path(path) == tmp_path:
            raise PermissionError(errno.EACCES, "Permission denied")
        return watched.open(path, *rest)

    log = ReviewLog(tmp_path / "reviews", "m", System(guarded, watched.write, watched.fsync))
    log.append(ONE)
    log.close()
    assert counted(scratch(log.folder)) == ["r1"]


@pytest.mark.parametrize(
    ("call", "code"),
    [("open", errno.EROFS), ("write", errno.ENOSPC), ("write", errno.EIO), ("fsync", errno.EIO)],
)
def test_a_failure_is_one_sentence_and_the_next_try_saves_it(
    tmp_path: Path, call: str, code: int
) -> None:
    log = a_log(tmp_path)
    log.append(ONE)
    log.close()
    log.system = Watched(**{call: code}).system
    with pytest.raises(StoreError) as error:
        log.append(TWO)
    place = tmp_path / "reviews" / "m.jsonl"
    reason = os.strerror(code)
    assert str(error.value) == f"{place}: not saved: {reason}; make room or allow writing"
    log.append(TWO)
    log.append(THREE)
    log.close()
    assert counted(scratch(log.folder)) == ["r1", "r2", "r3"]


def test_a_file_that_failed_is_opened_again(tmp_path: Path) -> None:
    """A network share that was away gives a handle that stays stale."""
    watched = Watched(write=errno.ESTALE)
    log = a_log(tmp_path, watched)
    with pytest.raises(StoreError):
        log.append(ONE)
    watched.calls.clear()
    log.append(ONE)
    log.close()
    assert watched.calls[0] == "open m.jsonl"


def test_a_folder_that_is_a_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "reviews").write_text("")
    with pytest.raises(StoreError, match=r"not saved: .*; make room or allow writing"):
        a_log(tmp_path).append(ONE)


def test_a_torn_last_line_is_closed_before_the_next_one(tmp_path: Path) -> None:
    path = write(tmp_path / "reviews" / "m.jsonl", ONE, dump(TWO)[:40])
    log = a_log(tmp_path)
    log.append(THREE)
    log.close()
    assert path.read_bytes() == dump(ONE) + dump(TWO)[:40] + b"\n" + dump(THREE)


def test_a_line_after_a_failure_does_not_rely_on_what_failed(tmp_path: Path) -> None:
    """A newline that can be read now may never have reached the disk."""
    log = a_log(tmp_path)
    log.append(ONE)
    log.close()
    log.system = Watched(fsync=errno.EIO).system
    with pytest.raises(StoreError):
        log.append(TWO)
    log.append(TWO)
    log.append(THREE)
    log.close()
    expected = dump(ONE) + dump(TWO) + b"\n" + dump(TWO) + dump(THREE)
    assert log.path.read_bytes() == expected
    assert counted(scratch(log.folder)) == ["r1", "r2", "r3"]


def test_an_interrupted_append_leaves_a_log_that_goes_on(tmp_path: Path) -> None:
    def interrupted(fd: int, data: bytes) -> int:
        os.write(fd, data[:9])
        raise KeyboardInterrupt

    log = a_log(tmp_path)
    log.append(ONE)
    log.system = log.system._replace(write=interrupted)
    with pytest.raises(KeyboardInterrupt):
        log.append(TWO)
    log.system = System()
    log.append(TWO)
    log.close()
    history = scratch(log.folder)
    assert counted(history) == ["r1", "r2"]


def test_short_writes_are_continued(tmp_path: Path) -> None:
    log = a_log(tmp_path)
    log.system = log.system._replace(write=lambda fd, data: os.write(fd, data[:7]))
    log.append(ONE)
    log.close()
    assert log.path.read_bytes() == dump(ONE)


def test_an_append_says_whether_somebody_else_wrote_in_between(tmp_path: Path) -> None:
    one, other = a_log(tmp_path), a_log(tmp_path)
    assert not one.append(ONE)
    assert other.append(TWO)
    assert one.append(THREE)
    assert not one.append(review("r4", 3))
    one.close()
    other.close()


@pytest.mark.parametrize("how", ["deleted", "replaced", "replaced but kept under another name"])
def test_a_log_that_is_replaced_while_it_is_open_is_opened_again(tmp_path: Path, how: str) -> None:
    log = a_log(tmp_path)
    log.append(ONE)
    if how.endswith("name"):
        os.link(log.path, tmp_path / "backup")
    if how == "deleted":
        log.path.unlink()
    else:
        os.replace(write(tmp_path / "from-git", ONE, TWO), log.path)  # noqa: PTH105
    log.append(THREE)
    log.close()
    assert log.path.read_bytes().endswith(dump(THREE))
    assert counted(scratch(log.folder))[-1] == "r3"


@pytest.mark.skipif(sys.platform == "win32", reason="flock")
@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_good_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def no_locks(fd: int, operation: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(logs.fcntl, "flock", no_locks)
    log = a_log(tmp_path)
    log.append(ONE)
    log.append(TWO)
    log.close()
    assert counted(scratch(log.folder)) == ["r1", "r2"]


def test_mending_closes_a_torn_line_once(tmp_path: Path) -> None:
    path = write(tmp_path / "m.jsonl", ONE, dump(TWO)[:40])
    assert mend_tail(path)
    assert path.read_bytes() == dump(ONE) + dump(TWO)[:40] + b"\n"
    assert not mend_tail(path)


def test_mending_leaves_whole_empty_and_missing_files_alone(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.jsonl", ONE)
    empty = write(tmp_path / "empty.jsonl")
    assert not mend_tail(whole)
    assert not mend_tail(empty)
    assert not mend_tail(tmp_path / "missing.jsonl")
    assert whole.read_bytes() == dump(ONE)
    assert empty.read_bytes() == b""
    assert not (tmp_path / "missing.jsonl").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_only_the_learner_can_read_a_new_log(tmp_path: Path) -> None:
    log = a_log(tmp_path)
    log.append(ONE)
    log.close()
    assert log.path.stat().st_mode & 0o077 == 0
