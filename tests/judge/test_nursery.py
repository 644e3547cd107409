"""Where children come from: each is on its own, and nothing is left of any of them."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from interview_cli.errors import JudgeError, MissingExtra
from interview_cli.judge import nursery as module
from interview_cli.judge import zygote as zygote_module
from interview_cli.judge.child import Child, Gone, Raised
from interview_cli.judge.nursery import Limits, Spares, Zygote, nursery, require

from .processes import children, descriptors, group, has_ended

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="pidfds and the zygote")

REPOSITORY = Path(__file__).parents[2]
COUNTS = "n = {}\ndef f(x):\n    global n; n += 1\n    return x + n"
LOOPS = "def f(x):\n    print('at work', flush=True)\n    while True: pass"
F = {"function": "f"}
ZERO = {"x": np.float64(0)}
BOTH = pytest.mark.parametrize("kind", [Zygote, Spares])  # they promise the same


@pytest.fixture(scope="module", params=[Zygote, Spares])
def born(request):
    if request.param is Zygote:
        yield request.getfixturevalue("numpy_nursery")
    else:
        with Spares("numpy") as made:
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


def at_work(born):
    """A child in the middle of a call that does not end."""
    child = loaded(born, LOOPS)
    child.send({"do": "call", **F, "arguments": {"x": {"value": 0}}}, [], 20)
    assert select.select([child.pipes.output], [], [], 20)[0]
    return child


def told(born, expression):
    """What an expression is in a child."""
    source = f"import json, os, sys\ndef f(x):\n    print(json.dumps({expression}))"
    with loaded(born, source) as child:
        child.call(F, ZERO)
        child.keep_output()
        return json.loads(child.output)


# Whatever the system.


@pytest.mark.parametrize(("system", "kind"), [("linux", "Zygote"), ("darwin", "Spares")])
def test_the_system_decides_which(monkeypatch, system, kind):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(module, kind, lambda language: (kind, language))
    assert nursery("numpy") == (kind, "numpy")


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


@pytest.mark.parametrize(
    ("what", "limits", "grown"),
    [
        ("CPU", (Limits(cpu_s=100), Limits(cpu_s=200)), 100),
        ("AS", (Limits(1 << 29), Limits(1 << 30)), 1 << 29),
    ],
)
def test_limits_reach_a_child(born, what, limits, grown):
    """On top of what it has used, which is never twice the same."""
    source = f"import resource as r\ndef f(x):\n    return r.getrlimit(r.RLIMIT_{what})[0]"
    found = []
    for limit in limits:
        with loaded(born, source, limit) as child:
            found.append(answer(child))
    assert abs(found[1] - found[0] - grown) <= grown // 8


def test_a_child_is_behind_walls(born):
    with loaded(born) as child:
        assert set(child.walls) == {"limits", "privileges", "landlock", "seccomp"}
        assert child.walls["limits"] == "on"


def test_a_child_can_write_nowhere_not_even_in_its_own_folder(born):
    with loaded(born, "def f(x):\n    open('here', 'w')") as child, pytest.raises(Raised):
        answer(child)
    assert list(Path(born.folder.name).iterdir()) == []


def test_a_child_has_an_empty_environment(born):
    """Nothing but what environment() says, whatever we have."""
    assert os.environ.keys() > {"PATH"}
    assert set(told(born, "dict(os.environ)")) <= {
        "PATH", "LD_LIBRARY_PATH", "LANG", "LC_CTYPE", "PYTHONDONTWRITEBYTECODE",
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TORCHINDUCTOR_CACHE_DIR",
    }  # fmt: skip


def test_a_child_has_nothing_of_the_judge_to_import(born):
    path, modules = told(born, "[sys.path, [m for m in sys.modules if 'interview' in m]]")
    assert modules == []
    assert "" not in path
    assert not any("interview" in place for place in path if "site-packages" not in place)


def test_a_child_leads_its_own_session(born):
    found = told(born, "[os.getpid(), os.getsid(0), os.getpgid(0)]")
    assert len(set(found)) == 1
    assert found[0] not in (os.getsid(0), os.getpgid(0))


def test_a_child_runs_in_the_empty_folder_of_its_nursery(born):
    number = told(born, "os.stat('.').st_ino")
    assert number == Path(born.folder.name).stat().st_ino
    assert list(Path(born.folder.name).iterdir()) == []


def test_a_child_has_no_descriptor_but_its_pipes(born):
    source = """
import os, stat
def f(x):
    found = []
    for fd in range(1024):
        try:
            found += [fd, stat.S_ISFIFO(os.fstat(fd).st_mode)]
        except OSError:
            pass
    return tuple(found)
"""
    with loaded(born, source) as child:
        found = [a.item() for a in child.call(F, ZERO).arrays]
    is_pipe = dict(zip(found[::2], found[1::2], strict=True))
    assert is_pipe.pop(0) is False  # /dev/null
    assert list(is_pipe.values()) == [True] * 4  # output twice, requests and answers


@BOTH
def test_a_child_has_no_standard_input_whatever_ours_is(kind):
    kept, (reader, writer) = os.dup(0), os.pipe()
    os.write(writer, b"ours")
    os.close(writer)
    os.dup2(reader, 0)
    try:
        with kind("numpy") as made:
            assert told(made, "sys.stdin.read()") == ""
    finally:
        os.dup2(kept, 0)
        os.close(kept)
        os.close(reader)


@pytest.mark.parametrize(("deed", "status"), [("os._exit(3)", 3), ("os.abort()", -signal.SIGABRT)])
def test_how_a_child_ended_is_known(born, deed, status):
    child = loaded(born, f"import os\ndef f(x):\n    {deed}")
    with pytest.raises(Gone):
        answer(child)
    assert child.status == status


@pytest.mark.parametrize("deed", ["os._exit(1)", "os.closerange(0, 100)", "print(10**6 * 'y')"])
def test_whatever_a_child_did_the_next_one_works(born, deed):
    child = loaded(born, f"import os\ndef f(x):\n    {deed}\n    return x")
    with child, contextlib.suppress(Raised, JudgeError):
        answer(child)
    assert is_alive(born)


def test_a_child_that_is_killed_at_work_leaves_no_process(born):
    child = at_work(born)
    child.close()
    assert child.status == -signal.SIGKILL
    assert group(child.pid) == []
    assert not Path(f"/proc/{child.pid}").exists()  # it was waited for: no zombie


LEADER = """
import os, signal
if (kin := os.fork()):
    print(kin, flush=True)
signal.pause()
"""


@contextlib.contextmanager
def family():
    """A process that leads a session, and pidfds of it and of its kin."""
    leader = subprocess.Popen(
        [sys.executable, "-c", LEADER], stdout=subprocess.PIPE, start_new_session=True
    )
    with leader:
        kin = int(leader.stdout.readline())
        try:
            yield leader, [os.pidfd_open(pid) for pid in (leader.pid, kin)]
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(leader.pid, signal.SIGKILL)


def test_a_zygote_ends_a_child_with_all_its_kin():
    """Here by the function: behind a filter no child has kin."""
    with family() as (leader, pidfds):
        assert zygote_module.end(leader.pid, {leader.pid})["status"] == -signal.SIGKILL
        assert has_ended(*pidfds)


def test_spares_end_a_child_with_all_its_kin():
    with Spares("numpy") as made, family() as (leader, pidfds):
        made.processes[leader.pid] = leader
        assert made.end(leader.pid).status == -signal.SIGKILL
        assert has_ended(*pidfds)


@BOTH
def test_a_child_may_be_closed_after_its_nursery(kind):
    """As the generator `judge` does, when nobody has read it to its end."""
    with kind("numpy") as made:
        child = loaded(made)
    child.close()


@BOTH
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


@BOTH
def test_a_nursery_that_bore_nobody_leaves_nothing(kind):
    open_, alive = descriptors(), children()
    with kind("numpy") as made:
        folder = Path(made.folder.name)
    assert not folder.exists()
    assert (descriptors(), children()) == (open_, alive)


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
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", source],
        cwd=REPOSITORY,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert ran.stdout.startswith("the judge's helper process could not be started: ")
    assert ran.stderr == ""
    assert list(tmp_path.iterdir()) == []


@BOTH
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


@pytest.mark.parametrize("noticed", [True, False])
def test_a_zygote_that_died_is_started_again(zygote, noticed):
    assert is_alive(zygote)
    first = zygote.process
    first.kill()
    if noticed:
        first.wait()
    assert is_alive(zygote)
    assert zygote.process is not first


@pytest.mark.parametrize("child_of", [loaded, at_work], ids=["idle", "at work"])
def test_children_end_when_their_zygote_is_killed(zygote, child_of):
    child = child_of(zygote)
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


def test_a_question_that_was_interrupted_spoils_no_later_one(zygote, monkeypatch):
    assert is_alive(zygote)

    def interrupted():
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(zygote, "received", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Child(zygote)
    with loaded(zygote, "import os\ndef f(x):\n    return os.getpid()") as child:
        assert answer(child) == child.pid


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
    assert is_alive(zygote)
    process = zygote.process
    process.send_signal(signal.SIGINT)
    assert is_alive(zygote)
    assert zygote.process is process


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


# The spares.


def test_two_spares_are_ready_before_they_are_needed():
    with Spares("numpy") as made:
        ready = [pid for pid, _ in made.waiting]
        with Child(made) as first, Child(made) as second:
            assert [first.pid, second.pid] == ready
        assert len(made.waiting) == 2


def test_a_spare_that_died_is_not_given_out():
    with Spares("numpy") as made:
        pidfd = os.pidfd_open(made.waiting[0][0])
        os.kill(made.waiting[0][0], signal.SIGKILL)
        assert has_ended(pidfd)
        assert is_alive(made)


# When the judge itself is killed.

PARENT = """
import json, sys
from interview_cli.judge.nursery import Spares, Zygote
from tests.judge.test_nursery import at_work, loaded
with {kind}("numpy") as born:
    child = {child_of}(born)
    helpers = [born.process.pid] if "{kind}" == "Zygote" else list(born.processes)
    print(json.dumps([child.pid, *helpers]), flush=True)
    {then}
"""


@pytest.mark.parametrize("child_of", ["loaded", "at_work"])
@pytest.mark.parametrize("kind", ["Zygote", "Spares"])
def test_when_the_judge_is_killed_everything_ends(kind, child_of, tmp_path):
    """Also what is stopped, and could not end by itself."""
    program = PARENT.format(kind=kind, child_of=child_of, then="sys.stdin.read()")
    judge = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=REPOSITORY,
        env={**os.environ, "TMPDIR": str(tmp_path)},  # nobody is left to remove its folder
    )
    with judge:
        pids = json.loads(judge.stdout.readline())
        pidfds = [os.pidfd_open(pid) for pid in pids]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        judge.kill()
    assert len(pids) >= 2
    assert has_ended(*pidfds)
    assert [member for pid in pids for member in group(pid)] == []


def test_when_the_judge_leaves_orderly_its_folder_is_gone_too(tmp_path):
    program = PARENT.format(kind="Zygote", child_of="loaded", then="child.close()")
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY,
        capture_output=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        check=True,
    )
    assert [member for pid in json.loads(ran.stdout) for member in group(pid)] == []
    assert list(tmp_path.iterdir()) == []
