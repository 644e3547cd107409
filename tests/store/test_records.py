"""What attempts came to: files that `attempts` writes, read back; old, torn and strange ones."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest

from interview_cli.errors import StoreError
from interview_cli.store.attempts import Attempt, begin
from interview_cli.store.records import Record, records

from .material import START


def attempted(folder: Path, name: str = "softmax", after_min: float = 0) -> Attempt:
    at = START + timedelta(minutes=after_min)
    with begin(folder, name, "", at, language="numpy", limit_s=900) as attempt:
        return attempt


def judged(attempt: Attempt, after_s: float, kind: str = "mistake", **fields: object) -> None:
    with attempt:
        at = START + timedelta(seconds=after_s)
        attempt.record("verdict", at, **{"kind": kind, "mistakes": [], "save": 1, **fields})


def only(folder: Path) -> Record:
    (found,) = records(folder)
    return found


def test_where_nothing_was_written_by_hand_there_is_no_record(tmp_path: Path) -> None:
    assert records(tmp_path) == []
    attempted(tmp_path)
    assert records(tmp_path) == []


def test_a_record_tells_how_far_an_attempt_came(tmp_path: Path) -> None:
    attempt = attempted(tmp_path)
    judged(attempt, 60, mistakes=["a", "b"], passed=4, stages=7)
    with attempt:
        attempt.record("hint", START + timedelta(seconds=70), number=1)
    judged(attempt, 100, mistakes=["b"], passed=2, stages=7)
    judged(attempt, 130, "raised", passed=0, stages=7)
    with attempt:
        attempt.record("ended", START + timedelta(seconds=200), rating=1, is_accepted=False)
    assert only(tmp_path) == Record("softmax", START, 200, False, "raised", 4, 7, 1, ("a", "b"))


def test_the_time_of_an_accepted_attempt_ends_with_the_verdict(tmp_path: Path) -> None:
    attempt = attempted(tmp_path)
    judged(attempt, 300, "accepted", passed=7, stages=7)
    with attempt:
        attempt.record("ended", START + timedelta(seconds=900), rating=3, is_accepted=True)
    assert (only(tmp_path).used_s, only(tmp_path).is_accepted) == (300, True)


def test_the_pause_between_two_sittings_takes_no_time(tmp_path: Path) -> None:
    attempt = attempted(tmp_path)
    judged(attempt, 60, passed=1, stages=7)
    with attempt:
        attempt.record("resumed", START + timedelta(days=2))
    judged(attempt, 2 * 86_400 + 30, "accepted", passed=7, stages=7)
    assert only(tmp_path).used_s == 90


def test_an_attempt_up_to_one_stage_is_not_the_whole(tmp_path: Path) -> None:
    judged(attempted(tmp_path), 60, "accepted", passed=2, stages=7)
    assert not only(tmp_path).is_accepted


def test_files_from_before_stages_were_counted_are_read(tmp_path: Path) -> None:
    judged(attempted(tmp_path), 60, "mistake", mistakes=["a"])
    judged(attempted(tmp_path, "adam", 1), 90, "accepted")
    old, right = records(tmp_path)
    assert (old.is_accepted, old.passed, old.stages, old.mistakes) == (False, None, None, ("a",))
    assert (right.is_accepted, right.used_s) == (True, 30)


def test_the_oldest_attempt_comes_first_of_whichever_solution(tmp_path: Path) -> None:
    for name, after_min in (("softmax", 3), ("adam", 2), ("softmax", 1), ("adam", 20)):
        judged(attempted(tmp_path, name, after_min), 60 * after_min + 1)
    assert [record.solution for record in records(tmp_path)] == [
        "softmax", "adam", "softmax", "adam",
    ]  # fmt: skip


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "a torn line": lambda data: data + b'{"at":"2026-11-21T08:49:00Z","event":"ver',
    "bytes that are no text": lambda data: data + b"\xff\x00\n",
    "a moment without a zone": lambda data: b'{"at":"2026-11-21T08:40:00","event":"save"}\n' + data,
    "no moment": lambda data: b'{"event":"hint"}\n' + data,
    "mistakes that are no names": lambda data: (
        data + b'{"at":"2026-11-21T08:49:00Z","event":"verdict","kind":"mistake","mistakes":[1]}\n'
    ),
    "a number in the place of an object": lambda data: b"3\n" + data,
    "deep brackets": lambda data: data + b"[" * 100_000 + b"\n",
    "an event of a newer version": lambda data: data.replace(
        b"\n", b'\n{"at":"2026-11-21T08:46:40Z","event":"sang","words":{"a":1}}\n', 1
    ),
    "empty lines": lambda data: data.replace(b"\n", b"\n\n"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_strange_line_is_passed_over(damage: str, tmp_path: Path) -> None:
    attempt = attempted(tmp_path)
    judged(attempt, 60, mistakes=["a"], passed=3, stages=7)
    judged(attempt, 90, "accepted", passed=7, stages=7)
    wanted = only(tmp_path)
    path = attempt.folder / "attempt.jsonl"
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    assert only(tmp_path) == wanted


def test_foreign_files_and_folders_are_no_attempts(tmp_path: Path) -> None:
    judged(attempted(tmp_path), 60)
    (tmp_path / "practice" / "notes.txt").write_text("mine")
    copy = tmp_path / "practice" / "softmax" / "a copy"
    copytree(next((tmp_path / "practice" / "softmax").iterdir()), copy)
    (tmp_path / "practice" / "softmax" / "2026-11-21-084700").write_text("a file")
    (tmp_path / "practice" / "adam" / "2026-11-21-084700").mkdir(parents=True)  # never begun
    assert only(tmp_path).solution == "softmax"


def test_what_cannot_be_read_is_told_with_its_path(tmp_path: Path) -> None:
    attempt = attempted(tmp_path)
    path = attempt.folder / "attempt.jsonl"
    path.unlink()
    path.mkdir()
    with pytest.raises(StoreError, match=r"attempt\.jsonl: cannot be read"):
        records(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "practice").write_text("a file")
    with pytest.raises(StoreError, match="practice: cannot be read"):
        records(tmp_path / "other")
