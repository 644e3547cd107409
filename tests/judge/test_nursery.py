"""Where children come from: each is on its own, and nothing is left of any of them."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from interview_cli.errors import JudgeError, MissingExtra
from interview_cli.judge import nursery as module
from interview_cli.judge.child import Child, Gone, Raised
from interview_cli.judge.nursery import Limits, Spares, Zygote, nursery, require

from .processes import children, descriptors, group, has_ended

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="pidfds and the zygote")

REPOSITORY = Path(__file__).parents[2]
COUNTS = "n = {}\ndef f(x):\n    global n; n += 1\n    return x + n"
F = {"function": "f"}
ZERO = {"x": np.float64(0)}


@pytest.fixture(scope="module", params=[Zygote, Spares])
def born(request):
    """Both kinds, whatever the system: they promise the same."""
    with request.param("numpy") as made:
        yield made


@pytest.fixture
def zygote():
    """One that a test may kill."""
    with Zygote("numpy") as made:
        yield made


def loaded(born, source=COUNTS.format(0), limits=Limits()):  # noqa: B008
    child = Child(born, limits)
    child.load(source)
    return child


def answer(child):
    return child.call(F, ZERO).arrays[0].item()


def is_alive(born):
    with loaded(born) as child:
        return answer(child) == 1


# Whatever the system.


def test_the_system_decides_which(numpy_nursery):
    assert isinstance(numpy_nursery, Zygote)
    assert all(hasattr(Spares, name) for name in ("bear", "end", "close", "__enter__", "__exit__"))


def test_two_sources_at_once_know_nothing_of_each_other(born):
    with loaded(born, COUNTS.format(10)) as ten, loaded(born, COUNTS.format(20)) as twenty:
        assert ten.pid != twenty.pid
        found = [answer(child) for child in (ten, twenty, twenty, ten)]
    assert found == [11, 21, 22, 12]


def test_a_child_finds_nothing_of_the_one_before(born):
    with loaded(born, "import numpy as np\nnp.trace = None\ndef f(x):\n    return x") as child:
        answer(child)
    with loaded(born, "import numpy as np\ndef f(x):\n    return np.trace(np.eye(3))") as child:
        assert answer(child) == 3


def test_limits_reach_a_child(born):
    for what, limits in (("CPU", (Limits(cpu_s=100), Limits(cpu_s=200))),
                         ("AS", (Limits(1 << 29), Limits(1 << 30)))):  # fmt: skip
        source = f"import resource as r\ndef f(x):\n    return r.getrlimit(r.RLIMIT_{what})[0]"
        found = []
        for limit in limits:
            with loaded(born, source, limit) as child:
                found.append(answer(child))
        less = {"CPU": 100, "AS": 1 << 29}[what]
        assert abs(found[1] - found[0] - less) <= less // 8


def test_a_child_is_behind_walls(born):
    with loaded(born) as child:
        assert set(child.walls) == {"limits", "privileges", "landlock", "seccomp"}
        assert child.walls["limits"] == "on"


def test_a_child_can_write_nowhere_not_even_in_its_own_folder(born):
    with loaded(born, "def f(x):\n    open('here', 'w')") as child, pytest.raises(Raised):
        answer(child)
    assert list(Path(born.folder.name).iterdir()) == []


def test_how_a_child_ended_is_known(born):
    for deed, status in (("os._exit(3)", 3), ("os.abort()", -signal.SIGABRT)):
        child = loaded(born, f"import os\ndef f(x):\n    {deed}")
        with pytest.raises(Gone):
            answer(child)
        assert child.status == status
    child = loaded(born)
    child.close()
    assert child.status == -signal.SIGKILL


def test_whatever_a_child_did_the_next_one_works(born):
    for deed in ("os._exit(1)", "os.closerange(0, 100)", "print(10**6 * 'y')"):
        child = loaded(born, f"import os\ndef f(x):\n    {deed}\n    return x")
        with child, contextlib.suppress(Raised, JudgeError):
            answer(child)
        assert is_alive(born)


def test_a_child_that_is_killed_at_work_leaves_no_process(born):
    child = loaded(born, "def f(x):\n    while True: pass")
    child.limit_s = 0.05
    with pytest.raises(JudgeError, match="no answer"):
        answer(child)
    pidfd = os.pidfd_open(child.pid)
    child.close()
    assert has_ended(pidfd)
    assert group(child.pid) == []
    assert not Path(f"/proc/{child.pid}").exists()  # it was waited for: no zombie


@pytest.mark.parametrize("kind", [Zygote, Spares])
def test_a_nursery_that_is_closed_leaves_nothing(kind):
    open_, alive = descriptors(), children()
    with kind("numpy") as made:
        folder = Path(made.folder.name)
        assert folder.stat().st_mode & 0o777 == 0o700
        assert is_alive(made)
        assert children() > alive
    assert not folder.exists()
    assert descriptors() == open_
    assert children() == alive


@pytest.mark.parametrize("kind", [Zygote, Spares])
def test_a_nursery_that_bore_nobody_leaves_nothing(kind):
    open_, alive = descriptors(), children()
    with kind("numpy") as made:
        folder = Path(made.folder.name)
    assert not folder.exists()
    assert (descriptors(), children()) == (open_, alive)


@pytest.mark.xfail(reason="what was opened before the process could not start stays open")
@pytest.mark.parametrize("kind", ["Zygote", "Spares"])
def test_a_process_that_cannot_be_started_is_an_error_and_leaves_nothing(kind, tmp_path):
    """Run alone: what is left is told when it is collected."""
    source = f"""
import os, sys
from interview_cli.errors import JudgeError
from interview_cli.judge.nursery import Spares, Zygote
sys.executable = "no-python"
before = os.listdir("/proc/self/fd")
try:
    {kind}("numpy")
except JudgeError as error:
    print(error)
assert os.listdir("/proc/self/fd") == before
"""
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c", source],
        cwd=REPOSITORY,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert told.stdout.startswith("the judge's helper process could not be started: ")
    assert told.stderr == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", [Zygote, Spares])
def test_a_process_that_ends_at_once_is_an_error_and_leaves_nothing(kind, monkeypatch):
    """As where numpy is not installed."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    before = descriptors()
    with kind("numpy") as made, pytest.raises(JudgeError) as caught, Child(made) as child:
        child.load("")
    assert str(caught.value).startswith("the judge's ")
    assert descriptors() == before


def test_without_torch_the_command_that_installs_it_is_named(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"pip install 'torch>=2.6,<2.14'$"):
        nursery("torch")
    require("numpy")  # ... which needs none


def test_on_windows_it_says_what_to_do(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(JudgeError, match="use WSL"):
        nursery("numpy")


def test_the_environment_is_no_more_than_numeric_libraries_need(monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "s3cr3t")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("INTERVIEW_HOME", "/nowhere")
    found = module.environment()
    assert "s3cr3t" not in str(found)
    assert "/nowhere" not in str(found)
    assert found["OPENBLAS_NUM_THREADS"] == "1"


# The zygote.


def test_a_zygote_that_was_killed_comes_back(zygote):
    assert is_alive(zygote)
    first = zygote.process
    zygote.process.kill()
    zygote.process.wait()
    assert is_alive(zygote)
    assert zygote.process is not first
    first = zygote.process
    zygote.process.kill()  # ... also when nobody noticed yet
    assert is_alive(zygote)
    assert zygote.process is not first


@pytest.mark.parametrize("source", [COUNTS.format(0), "def f(x):\n    while True: pass"])
def test_children_end_when_their_zygote_is_killed(zygote, source):
    """While idle, and in the middle of a call."""
    child = loaded(zygote, source)
    if "while" in source:
        child.limit_s = 0.05
        with pytest.raises(JudgeError):
            answer(child)
    pidfd = os.pidfd_open(child.pid)
    zygote.process.kill()
    assert has_ended(pidfd)
    child.close()
    assert child.status is None  # nobody knows
    assert group(child.pid) == []


def test_a_call_while_the_zygote_is_killed_is_an_error(zygote):
    with loaded(zygote) as child:
        pidfd = os.pidfd_open(child.pid)
        zygote.process.kill()
        assert has_ended(pidfd)
        with pytest.raises(Gone):
            answer(child)


@pytest.mark.xfail(reason="a zygote that is asked to end what it did not bear dies of it")
def test_a_child_of_a_zygote_that_is_gone_is_ended_without_harm_to_the_next(zygote):
    old = loaded(zygote)
    zygote.process.kill()
    zygote.process.wait()
    with loaded(zygote):
        second = zygote.process
        old.close()
        assert is_alive(zygote)
        assert zygote.process is second


def test_children_are_answered_for_in_any_order(zygote):
    made = [loaded(zygote, COUNTS.format(n)) for n in range(5)]
    for n in (3, 0, 4):
        made[n].close()
    assert [answer(made[n]) for n in (1, 2)] == [2, 3]
    for child in made:
        child.close()
    assert is_alive(zygote)


def test_a_zygote_that_was_started_in_a_thread_comes_back_after_its_end():
    """On Linux the parent that it dies with is that thread."""
    made = []
    thread = Thread(target=lambda: made.append(Zygote("numpy")))
    thread.start()
    thread.join()
    (zygote,) = made
    with zygote:
        assert is_alive(zygote)


def test_ctrl_c_is_for_the_judge_and_not_for_the_zygote(zygote):
    with loaded(zygote) as child:
        os.kill(zygote.process.pid, signal.SIGINT)
        assert answer(child) == 1
        assert is_alive(zygote)


def test_a_zygote_does_not_grow_with_its_children(zygote):
    def open_in():
        return sorted(p.name for p in Path(f"/proc/{zygote.process.pid}/fd").iterdir())

    assert is_alive(zygote)
    before = open_in()
    for _ in range(20):
        assert is_alive(zygote)
    assert open_in() == before
    pid = zygote.process.pid
    assert Path(f"/proc/{pid}/task/{pid}/children").read_text() == ""


# When the judge itself is killed.

PARENT = """
import json, sys
from interview_cli.judge.child import Child
from interview_cli.judge.nursery import Spares, Zygote
with {kind}("numpy") as born:
    child = Child(born)
    child.load("def f():\\n    while True: pass")
    helpers = [born.process.pid] if "{kind}" == "Zygote" else list(born.processes)
    print(json.dumps([child.pid, *helpers]), flush=True)
    {then}
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize(
    "then", ["sys.stdin.read()", "child.call({'function': 'f'}, {})"], ids=["idle", "busy"]
)
@pytest.mark.parametrize("kind", ["Zygote", "Spares"])
def test_when_the_judge_is_killed_everything_ends(kind, then, number, tmp_path):
    judge = subprocess.Popen(
        [sys.executable, "-c", PARENT.format(kind=kind, then=then)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=REPOSITORY,
        env={**os.environ, "TMPDIR": str(tmp_path)},  # nobody is left to remove its folder
    )
    try:
        pids = json.loads(judge.stdout.readline())
        pidfds = [os.pidfd_open(pid) for pid in pids]
    finally:
        judge.send_signal(number)
        judge.wait()
        judge.stdin.close()
        judge.stdout.close()
    assert len(pids) >= 2
    assert has_ended(*pidfds)
    assert [member for pid in pids for member in group(pid)] == []


def test_when_the_judge_leaves_orderly_its_folder_is_gone_too(tmp_path):
    told = subprocess.run(
        [sys.executable, "-c", PARENT.format(kind="Zygote", then="child.close()")],
        cwd=REPOSITORY,
        capture_output=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        check=True,
    )
    assert [member for pid in json.loads(told.stdout) for member in group(pid)] == []
    assert list(tmp_path.iterdir()) == []
