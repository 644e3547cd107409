"""A small share of `make torture`; figures and times are for the whole."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.torture import Broken, cuts, faults, merges, million, promise

SEED = 20261121
ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the sessions are forked")
@pytest.mark.parametrize(
    ("name", "share", "figure"),
    [("kills", 0.04, "40 kill -9"), ("crowd", 0.05, "200 lines in one file, all valid")],
)
def test_processes_that_are_killed_or_crowd_lose_nothing(
    name: str, share: float, figure: str
) -> None:
    """In a process of its own: one without threads can be forked."""
    command = [sys.executable, "-m", "tests.torture", "--share", str(share), name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert figure in done.stdout


def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    assert "0 lost" in cuts.run(tmp_path, 0.3, SEED)


def test_an_io_error_anywhere_is_told_and_loses_nothing(tmp_path: Path) -> None:
    assert "0 acknowledged lost" in faults.run(tmp_path, 0.2, SEED)


def test_logs_merge_to_one_memory_in_any_order(tmp_path: Path) -> None:
    assert "from scratch each time" in merges.run(tmp_path, 0.1, SEED)


def test_a_long_log_is_replayed_whole(tmp_path: Path) -> None:
    million.replay(tmp_path, 2000, SEED)


def test_a_broken_promise_is_an_error() -> None:
    with pytest.raises(Broken, match="nothing is lost"):
        promise([], "nothing is lost")
