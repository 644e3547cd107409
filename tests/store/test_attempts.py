"""What a learner wrote by hand is there: after a kill, on a full disk, beside another terminal."""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interview_cli.errors import StoreError
from interview_cli.store import log as logs
from interview_cli.store.attempts import Attempt, begin, resume
from interview_cli.store.log import System

START = datetime(2026, 11, 21, 8, 46, 37, 123456, UTC)
STUB = "def batch_norm(x):  # 你的代码\n    raise NotImplementedError\n"
NAME = "batch_norm"


def later(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def begun(folder: Path, at: datetime = START, system: System | None = None) -> Attempt:
    return begin(folder, NAME, STUB, at, language="numpy", limit_s=900, system=system)


def resumed(folder: Path, system: System | None = None) -> Attempt:
    found = resume(folder, NAME, system)
    assert found is not None
    return found


@pytest.fixture
def attempt(tmp_path: Path) -> Iterator[Attempt]:
    with begun(tmp_path) as found:
        yield found


def saved(attempt: Attempt) -> list[bytes]:
    return [path.read_bytes() for path in attempt.saves]


def names(attempt: Attempt) -> list[str]:
    """Every file of an attempt."""
    files = (path for path in attempt.folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(attempt.folder).as_posix() for path in files)


# Beginning and coming back.


def test_an_attempt_begins_with_the_stub(tmp_path: Path, attempt: Attempt) -> None:
    assert attempt.folder == tmp_path / "practice" / NAME / "2026-11-21-084637"
    assert attempt.path == attempt.folder / "batch_norm.py"
    assert attempt.path.read_bytes() == STUB.encode()
    assert (attempt.language, attempt.limit_s) == ("numpy", 900)
    assert (attempt.saves, attempt.hints, attempt.used_s) == ([], 0, 0)
    assert names(attempt) == ["attempt.jsonl", "batch_norm.py"]


def test_an_event_is_a_line_of_json_in_utc(attempt: Attempt) -> None:
    at = START.astimezone(datetime.strptime("+0800", "%z").tzinfo)
    attempt.record("verdict", at, verdict="wrong", mistake="biased", number=3)
    assert (attempt.folder / "attempt.jsonl").read_text() == (
        '{"at":"2026-11-21T08:46:37.123456Z","event":"started","language":"numpy","limit_s":900}\n'
        '{"at":"2026-11-21T08:46:37.123456Z","event":"verdict","verdict":"wrong",'
        '"mistake":"biased","number":3}\n'
    )
    last = attempt.events()[-1]
    assert last == (START, "verdict", {"verdict": "wrong", "mistake": "biased", "number": 3})


def test_attempts_of_one_second_have_folders_of_their_own_and_an_order(tmp_path: Path) -> None:
    for number in range(1, 12):
        with begun(tmp_path, later(0.01 * number)) as found:
            suffix = f"-{number}" if number > 1 else ""
            assert found.folder.name == f"2026-11-21-084637{suffix}"
    for number in range(11, 0, -1):
        with resumed(tmp_path) as found:
            assert found.folder.name.endswith(f"-{number}" if number > 1 else "084637")
            found.record("ended", later(60))
    assert resume(tmp_path, NAME) is None


def test_the_newest_attempt_that_has_not_ended_is_resumed(tmp_path: Path) -> None:
    assert resume(tmp_path, NAME) is None
    for day in (3, 1, 2):
        begun(tmp_path, START + timedelta(days=day)).close()
    with resumed(tmp_path) as newest:
        assert newest.folder.name == "2026-11-24-084637"
        assert (newest.language, newest.limit_s) == ("numpy", 900)
        newest.record("ended", later(99))
        newest.record("shown", later(100))
    with resumed(tmp_path) as next_one:
        assert next_one.folder.name == "2026-11-23-084637"
    assert resume(tmp_path, "layer_norm") is None


def test_an_attempt_without_a_limit_stays_without_one(tmp_path: Path) -> None:
    begin(tmp_path, NAME, STUB, START, language="torch", limit_s=None).close()
    found = resumed(tmp_path)
    assert (found.language, found.limit_s) == ("torch", None)


def test_what_never_began_and_what_is_not_ours_is_not_resumed(tmp_path: Path) -> None:
    place = tmp_path / "practice" / NAME
    for name, line in {
        "2026-11-22-084637": b"",  # killed before its first line
        "2026-11-23-084637": b'{"at":"2026-11-23T08:46:37Z","event":"started","lan',
        "2026-11-24-084637": b'{"at":"2026-11-24T08:46:37Z","event":"started","language":"c"}\n',
        "backup of 2026": b'{"at":"2026-11-21T08:46:37Z","event":"started","language":"numpy",'
        b'"limit_s":900}\n',
    }.items():
        (place / name).mkdir(parents=True)
        (place / name / "attempt.jsonl").write_bytes(line)
    (place / "2026-11-25-084637").mkdir()
    (place / "notes.txt").write_text("")
    assert resume(tmp_path, NAME) is None
    with begun(tmp_path) as found:
        assert resumed(tmp_path).folder == found.folder


def test_a_resumed_attempt_has_what_was_saved_and_written_down(tmp_path: Path) -> None:
    with begun(tmp_path) as first:
        first.path.write_bytes(b"mine")
        first.keep(b"mine")
        first.record("hint", later(9))
    with resumed(tmp_path) as again:
        assert again.path.read_bytes() == b"mine"
        assert (saved(again), again.hints) == ([b"mine"], 1)
        assert again.keep(b"mine") == 1
        assert again.keep(b"more") == 2


# Saves.


def test_saves_are_kept_in_order_as_bytes(attempt: Attempt) -> None:
    sources = [b"x = 1\r\n", b"\xff\xfe\0", b"", b"x = 1\r\n"]
    assert [attempt.keep(source) for source in sources] == [1, 2, 3, 4]
    assert [path.name for path in attempt.saves] == ["0001.py", "0002.py", "0003.py", "0004.py"]
    assert saved(attempt) == sources


@settings(deadline=None)
@given(st.lists(st.sampled_from([b"", b"a", b"b", b"a" * 9000]), max_size=12))
def test_the_same_bytes_are_never_saved_twice_in_a_row(sources: list[bytes]) -> None:
    with TemporaryDirectory() as folder, begun(Path(folder)) as attempt:
        numbers = [attempt.keep(source) for source in sources]
        assert saved(attempt) == [source for source, _ in groupby(sources)]
        assert [saved(attempt)[number - 1] for number in numbers] == sources


def test_the_ten_thousandth_save_comes_after_the_one_before(attempt: Attempt) -> None:
    attempt.keep(b"first")
    attempt.saves[0].rename(attempt.folder / "saves" / "9999.py")
    assert attempt.keep(b"next") == 10_000
    assert attempt.keep(b"last") == 10_001
    assert saved(attempt) == [b"first", b"next", b"last"]


def test_other_files_among_the_saves_are_none(attempt: Attempt) -> None:
    attempt.keep(b"mine")
    for name in ("notes.py", "0007.py.part", "0002.txt"):
        (attempt.folder / "saves" / name).write_bytes(b"other")
    assert attempt.keep(b"mine") == 1
    assert saved(attempt) == [b"mine"]


class Watched:
    """The system, with its calls written down."""

    def __init__(self, before: Callable[[str, Path | None], None] = lambda name, path: None):
        self.calls: list[str] = []
        self.before = before
        self.names: dict[int, str] = {}

    @property
    def system(self) -> System:
        return System(self.open, self.write, self.fsync, self.rename)

    def called(self, name: str, what: str, path: Path | None = None) -> None:
        self.calls.append(f"{name} {what}")
        self.before(name, path)

    def open(self, path: Path, flags: int, mode: int = 0o777) -> int:
        self.called("open", path.name, path)
        fd = os.open(path, flags, mode)
        self.names[fd] = path.name
        return fd

    def write(self, fd: int, data: bytes) -> int:
        try:
            self.called("write", self.names[fd])
        except Killed:
            os.write(fd, data[: len(data) // 2])  # what reached the disk before
            raise
        return os.write(fd, data)

    def fsync(self, fd: int) -> None:
        self.called("fsync", self.names[fd])
        os.fsync(fd)

    def rename(self, old: Path, new: Path) -> None:
        self.called("rename", new.name, new)
        old.replace(new)


class Killed(BaseException):
    """Not an Exception: nothing may catch it."""


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be synced there")
def test_a_save_is_on_the_disk_with_its_name_when_it_counts(tmp_path: Path) -> None:
    watched = Watched()
    with begun(tmp_path, system=watched.system) as attempt:
        watched.calls.clear()
        attempt.keep(b"mine")
    assert watched.calls == [
        "open 0001.py.part", "write 0001.py.part", "fsync 0001.py.part", "rename 0001.py",
        "open saves", "fsync saves", f"open {attempt.folder.name}", f"fsync {attempt.folder.name}",
    ]  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be synced there")
def test_a_save_whose_name_was_not_safe_is_made_safe_by_the_next_try(tmp_path: Path) -> None:
    failing = [errno.EIO]

    def fail(name: str, path: Path | None) -> None:
        if name == "open" and path is not None and path.name == "saves" and failing:
            raise OSError(failing.pop(), "fault")

    watched = Watched(fail)
    with begun(tmp_path, system=watched.system) as attempt:
        with pytest.raises(StoreError):
            attempt.keep(b"mine")
        watched.calls.clear()
        assert attempt.keep(b"mine") == 1
    assert "fsync saves" in watched.calls


# Reset.


def test_a_reset_keeps_what_stood_there_first(attempt: Attempt) -> None:
    attempt.path.write_bytes(b"half a thought, never saved")
    attempt.reset("other stub\n", later(60))
    assert attempt.path.read_bytes() == b"other stub\n"
    assert saved(attempt) == [b"half a thought, never saved"]
    assert attempt.events()[-1] == (later(60), "reset", {"number": 1})


def test_a_reset_shows_the_whole_stub_or_the_old_code(tmp_path: Path) -> None:
    watched = Watched()
    with begun(tmp_path, system=watched.system) as attempt:
        watched.calls.clear()
        attempt.reset("other stub", later(60))
    replaced = ["open", "write", "fsync"]
    name = "batch_norm.py"
    calls = [f"{call} {name}.part" for call in replaced] + [f"rename {name}"]
    assert [call for call in watched.calls if name in call] == calls


def test_a_reset_saves_nothing_twice(attempt: Attempt) -> None:
    attempt.path.write_bytes(b"mine")
    attempt.keep(b"mine")
    attempt.reset(STUB, later(60))
    assert saved(attempt) == [b"mine"]
    assert attempt.events()[-1].fields == {"number": 1}


def test_a_reset_brings_back_a_file_that_was_deleted(attempt: Attempt) -> None:
    attempt.path.unlink()
    attempt.reset(STUB, later(60))
    assert attempt.path.read_bytes() == STUB.encode()
    assert attempt.events()[-1].fields == {"number": None}


def test_a_reset_that_cannot_keep_what_stands_there_leaves_it(tmp_path: Path) -> None:
    watched = Watched()
    with begun(tmp_path, system=watched.system) as attempt:
        attempt.path.write_bytes(b"mine")

        def full(name: str, path: Path | None) -> None:
            if name == "write":
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        watched.before = full
        with pytest.raises(StoreError):
            attempt.reset(STUB, later(60))
        assert attempt.path.read_bytes() == b"mine"


# Events and the clock.


def test_a_torn_line_is_left_out_and_the_next_one_is_whole(tmp_path: Path) -> None:
    with begun(tmp_path) as attempt:
        attempt.record("hint", later(1), text="形状")
    path = attempt.folder / "attempt.jsonl"
    whole = path.read_bytes()
    for size in range(whole.index(b"\n") + 1, len(whole)):
        path.write_bytes(whole[:size])
        with resumed(tmp_path) as again:
            found = [event.event for event in again.events()]
            assert found == (["started", "hint"] if size == len(whole) - 1 else ["started"])
            again.record("save", later(2), number=1)
            assert [event.event for event in again.events()] == [*found, "save"]


@pytest.mark.parametrize(
    "line",
    [b"\0" * 99, b"\xff", b"[]", b"{}", b'{"at":"2026-11-21T08:46:37Z"}', b'{"at":' + b"[" * 10**5,
     b'{"at":"2026-11-21T08:46:37","event":"hint"}', b'{"at":7,"event":"hint"}',
     b'{"at":"2026-11-21T08:46:37Z","event":7}'],
)  # fmt: skip
def test_garbage_between_events_loses_none(attempt: Attempt, line: bytes) -> None:
    with (attempt.folder / "attempt.jsonl").open("ab") as file:
        file.write(line + b"\n")
    attempt.record("hint", later(1))
    assert [event.event for event in attempt.events()] == ["started", "hint"]


def test_hints_are_counted(attempt: Attempt) -> None:
    for event in ("hint", "save", "hint", "verdict"):
        attempt.record(event, later(1))  # type: ignore[arg-type]
    assert attempt.hints == 2


def test_the_clock_runs_from_a_beginning_to_the_last_event_of_each_sitting(
    tmp_path: Path,
) -> None:
    with begun(tmp_path) as attempt:
        attempt.record("save", later(30))
        attempt.record("verdict", later(31.5))
    with resumed(tmp_path) as again:
        assert again.used_s == 31.5
        again.record("resumed", later(86_400))
        assert again.used_s == 31.5
        again.record("hint", later(86_410))
        assert again.used_s == 41.5


happened = st.tuples(
    st.sampled_from(["resumed", "save", "hint", "verdict", "ended"]), st.integers(-900, 900)
)


@settings(deadline=None)
@given(st.lists(happened, max_size=12))
def test_time_that_was_used_is_never_given_back_whatever_the_clock_does(
    told: list[tuple[str, int]],
) -> None:
    with TemporaryDirectory() as folder, begun(Path(folder)) as attempt:
        at, before = 0.0, 0.0
        for event, seconds in told:
            at += seconds
            attempt.record(event, later(at))  # type: ignore[arg-type]
            assert attempt.used_s >= before
            before = attempt.used_s
        if all(seconds >= 0 for _, seconds in told) and all(e != "resumed" for e, _ in told):
            assert attempt.used_s == at


# Two terminals.


def test_two_terminals_do_not_overwrite_each_others_saves(tmp_path: Path) -> None:
    with begun(tmp_path) as one, resumed(tmp_path) as two:
        assert [one.keep(b"a"), two.keep(b"b"), one.keep(b"c"), two.keep(b"c")] == [1, 2, 3, 3]
        assert saved(one) == saved(two) == [b"a", b"b", b"c"]
        one.record("save", later(1), number=1)
        two.record("save", later(2), number=2)
        assert one.events() == two.events()
        assert len(one.events()) == 3


@pytest.fixture(params=["with locks", "without locks"])
def locks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network file systems have none."""
    if request.param == "without locks":
        monkeypatch.setattr(logs, "lock", lambda fd: None)


@pytest.mark.usefixtures("locks")
def test_terminals_that_save_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    begun(tmp_path).close()
    wanted = {
        terminal: [b"%d %d" % (terminal, number) for number in range(25)] for terminal in range(4)
    }

    def saving(terminal: int) -> None:
        with resumed(tmp_path) as attempt:
            for source in wanted[terminal]:
                attempt.keep(source)
                attempt.record("save", later(1), source=source.decode())

    threads = [Thread(target=saving, args=(terminal,)) for terminal in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    attempt = resumed(tmp_path)
    found = saved(attempt)
    for sources in wanted.values():
        assert [source for source in found if source in sources] == sources
    assert len(found) == 100
    assert len(attempt.events()) == 101
    assert not list((attempt.folder / "saves").glob("*.part"))


@pytest.mark.skipif(sys.platform == "win32", reason="flock")
@pytest.mark.parametrize("action", ["keep", "reset"])
def test_a_terminal_that_saves_keeps_others_waiting(tmp_path: Path, action: str) -> None:
    """Else both could save the same bytes, one after the other."""
    tries = []

    def other(name: str, path: Path | None) -> None:
        if name == "rename" and tries:
            with tries.pop().open() as file, pytest.raises(BlockingIOError):
                logs.fcntl.flock(file, logs.fcntl.LOCK_EX | logs.fcntl.LOCK_NB)

    with begun(tmp_path, system=Watched(other).system) as attempt:
        tries.append(attempt.folder / "attempt.jsonl")
        if action == "keep":
            attempt.keep(b"mine")
        else:
            attempt.path.unlink()
            attempt.reset(STUB, later(1))
        assert not tries


@pytest.mark.parametrize("call", ["open", "write", "rename"])
def test_without_locks_a_save_in_the_middle_of_another_gets_a_number_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    monkeypatch.setattr(logs, "lock", lambda fd: None)
    begun(tmp_path).close()
    others = [resumed(tmp_path)]

    def other_first(name: str, path: Path | None) -> None:
        if name == call and others:
            with others.pop() as other:
                other.keep(b"other")

    with resumed(tmp_path, Watched(other_first).system) as attempt:
        number = attempt.keep(b"mine")
        assert attempt.folder.joinpath("saves", f"{number:04d}.py").read_bytes() == b"mine"
        assert sorted(saved(attempt)) == [b"mine", b"other"]


# Kills and failures.

SOURCES = [b"one" * 500, b"two" * 500, b"three" * 500]


class Sitting:
    """A learner's work, and what was acknowledged of it."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self.told: list[str] = []

    def work(self, folder: Path, system: System) -> None:
        with begun(folder, system=system) as attempt:
            self.told.append("started")
            for source in SOURCES:
                attempt.path.write_bytes(source)  # the editor's doing
                attempt.keep(source)
                self.kept.append(source)
                attempt.record("save", later(1))
                self.told.append("save")
            attempt.path.write_bytes(b"never saved")
            attempt.reset("stub, again\n", later(2))
            self.told.append("reset")


def test_a_kill_at_any_call_loses_nothing_and_leaves_no_half_file(tmp_path: Path) -> None:
    for last in count(1):
        folder, sitting = tmp_path / str(last), Sitting()
        left = iter(range(last))

        def dying(name: str, path: Path | None, left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise Killed

        try:
            sitting.work(folder, Watched(dying).system)
        except Killed:
            look_after(folder, sitting)
        else:
            break
    assert last > 40
    look_after(folder, sitting)


def look_after(folder: Path, sitting: Sitting) -> None:
    """Everything that was acknowledged is there, every file is whole, and the work goes on."""
    found = resume(folder, NAME)
    if found is None:
        assert not sitting.told
        found = begun(folder, later(9))
    with found as attempt:
        told = [event.event for event in attempt.events()]
        assert told[0] == "started"
        assert told[: len(sitting.told)] == sitting.told
        whole = saved(attempt)
        assert whole[: len(sitting.kept)] == sitting.kept
        assert all(source in (*SOURCES, b"never saved") for source in whole)
        code = attempt.path.read_bytes()
        assert code in (STUB.encode(), *SOURCES, b"never saved", b"stub, again\n")
        if code == b"stub, again\n":
            assert b"never saved" in whole
        attempt.keep(b"go on")
        attempt.record("hint", later(10))
        attempt.reset(STUB, later(11))
        assert saved(attempt)[: len(whole)] == whole
        assert b"go on" in saved(attempt)
        told = [event.event for event in attempt.events()]
        assert told[-2:] == ["hint", "reset"]
        assert attempt.path.read_bytes() == STUB.encode()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_a_failure_at_any_call_is_one_sentence_and_loses_nothing(tmp_path: Path, code: int) -> None:
    for last in count(1):
        folder, sitting = tmp_path / str(last), Sitting()
        left = iter(range(last))

        def failing(name: str, path: Path | None, left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise OSError(code, os.strerror(code))

        try:
            sitting.work(folder, Watched(failing).system)
        except StoreError as error:
            sentence = str(error)
            assert sentence.startswith(str(folder / "practice" / NAME))
            assert sentence.endswith(
                f": not saved: {os.strerror(code)}; make room or allow writing"
            )
            assert "\n" not in sentence
            look_after(folder, sitting)
            assert not list(folder.rglob("*.part"))
        else:
            break
    assert last > 40


def test_a_failure_passes_and_the_same_attempt_goes_on(tmp_path: Path) -> None:
    watched = Watched()
    with begun(tmp_path, system=watched.system) as attempt:
        attempt.keep(b"one")

        def full(name: str, path: Path | None) -> None:
            if name == "write":
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        watched.before = full
        for _ in range(2):
            with pytest.raises(StoreError):
                attempt.keep(b"two")
            with pytest.raises(StoreError):
                attempt.record("hint", later(1))
        watched.before = lambda name, path: None
        assert attempt.keep(b"two") == 2
        attempt.record("hint", later(2))
        assert saved(attempt) == [b"one", b"two"]
        assert attempt.events()[-1].at == later(2)
        assert attempt.hints == 1


@pytest.mark.parametrize("action", ["keep", "reset"])
def test_a_file_that_failed_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    """A network share that was away gives a handle that stays stale."""

    def stale(fd: int) -> None:
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))

    watched = Watched()
    with begun(tmp_path, system=watched.system) as attempt:
        work = (
            (lambda: attempt.keep(b"x")) if action == "keep" else lambda: attempt.reset("", START)
        )
        with monkeypatch.context() as patch:
            patch.setattr(logs, "lock", stale)
            with pytest.raises(StoreError):
                work()
        watched.calls.clear()
        work()
    assert watched.calls[0] == "open attempt.jsonl"


def test_short_writes_are_continued(tmp_path: Path) -> None:
    system = System()._replace(write=lambda fd, data: os.write(fd, data[:7]))
    with begun(tmp_path, system=system) as attempt:
        attempt.keep(SOURCES[0])
        assert saved(attempt) == [SOURCES[0]]
        assert attempt.path.read_bytes() == STUB.encode()


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="the administrator may write everywhere"
)
def test_a_folder_that_may_not_be_written_is_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="not saved: Permission denied; make room or allow"):
        begun(tmp_path)
    tmp_path.chmod(0o700)


def test_a_file_in_the_place_of_the_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "practice").write_text("")
    with pytest.raises(StoreError, match=r"batch_norm: not saved: .*; make room or allow writing"):
        begun(tmp_path)
    with pytest.raises(StoreError, match=r"batch_norm: cannot be read: .*; allow reading it"):
        resume(tmp_path, NAME)


def test_events_that_cannot_be_read_are_a_sentence(attempt: Attempt) -> None:
    path = attempt.folder / "attempt.jsonl"
    attempt.close()
    path.unlink()
    path.mkdir()
    with pytest.raises(StoreError, match=r"attempt.jsonl: cannot be read: "):
        attempt.events()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_only_the_learner_can_read_it(attempt: Attempt) -> None:
    attempt.keep(b"mine")
    for name in names(attempt):
        assert (attempt.folder / name).stat().st_mode & 0o077 == 0
