"""The wall around judged code: what is refused behind it, and what works as before."""

import errno
import json
import os
import re
import shutil
import struct
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wall is Linux's")

if sys.platform == "linux":
    from interview_cli.judge import syscalls

REPOSITORY = Path(__file__).parents[2]
WALL = REPOSITORY / "interview_cli" / "judge" / "wall.py"

# A warm process, a first child that only steps behind the wall, and a second that tries things.
WARM = """
import json, os, sys
from importlib.util import module_from_spec, spec_from_file_location

spec = spec_from_file_location("wall", sys.argv[1])
wall = sys.modules["wall"] = module_from_spec(spec)
spec.loader.exec_module(wall)
task = json.load(sys.stdin)
exec(task["warm"])
prepared = wall.Wall()
if (first := os.fork()) == 0:
    os._exit(prepared.close_in(wall.Limits())["limits"] != "on")
assert os.waitpid(first, 0)[1] == 0
if (second := os.fork()) != 0:
    sys.exit(os.waitpid(second, 0)[1])

def tried(source):
    try:
        exec(source, {"wall": wall, "os": os})
        return "done"
    except BaseException as error:
        return f"{type(error).__name__}: {error}"

wall.die_with_parent(os.getppid())
exec(task["inside"])
report = prepared.close_in(wall.Limits())
outcomes = {name: tried(source) for name, source in task["tries"].items()}
sys.stderr.flush()
print()
print(json.dumps({"report": report, "outcomes": outcomes}), flush=True)
os._exit(0)
"""


def behind(tries, folder, warm="", inside="", wall=WALL):
    """The wall's report, and what came of each program tried behind it."""
    (folder / "mine").write_text("a file of the learner")
    ran = subprocess.run(
        [sys.executable, "-I", "-c", WARM, wall],
        input=json.dumps({"tries": tries, "warm": warm, "inside": inside}),
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=120,
        start_new_session=True,
    )
    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout.splitlines()[-1])
    return answer["report"], answer["outcomes"]


def some(folder):
    """A file of ours that no learner's code may read."""
    return str(next((REPOSITORY / folder).rglob("*.*")))


REFUSED = {
    "reading the list of users": "open('/etc/passwd').read()",
    "listing the root": "import os; os.listdir('/')",
    "reading a solution": f"open({some('solutions')!r}).read()",
    "reading a card": f"open({some('cards')!r}).read()",
    "listing the solutions": f"import os; os.listdir({str(REPOSITORY / 'solutions')!r})",
    "reading the package": f"open({str(WALL)!r}).read()",
    "importing the package": f"""
import sys
sys.path.insert(0, {str(REPOSITORY)!r})
try:
    import interview_cli
except ModuleNotFoundError as error:  # its folder could not even be listed
    raise PermissionError from error
""",
    "looking into the parent's memory": "import os; open(f'/proc/{os.getppid()}/mem', 'rb')",
    "reading the parent's command": "import os; open(f'/proc/{os.getppid()}/cmdline')",
    "reading the network's tables": "open('/proc/self/net/tcp')",
    "writing here": "open('new', 'w')",
    "writing to its own file": "open('mine', 'a')",
    "writing to the temporary folder": "open('/tmp/interview-wall', 'w')",
    "writing to shared memory": """
from multiprocessing.shared_memory import SharedMemory
SharedMemory(create=True, size=8)
""",
    "making a link": "import os; os.link('mine', 'other')",
    "making a symbolic link": "import os; os.symlink('mine', 'other')",
    "making a folder": "import os; os.mkdir('folder')",
    "renaming its own file": "import os; os.rename('mine', 'other')",
    "removing its own file": "import os; os.unlink('mine')",
    "cutting its own file": "import os; os.truncate('mine', 0)",
    "changing the mode of its own file": "import os; os.chmod('mine', 0o777)",
    "changing the time of its own file": "import os; os.utime('mine', (0, 0))",
    "forking": "import os; os.fork() or os._exit(0)",
    "starting a program": "import subprocess; subprocess.run(['/bin/true'])",
    "becoming a program": "import os; os.execv('/bin/true', ['true'])",
    "a file in memory to execute": "import os; os.memfd_create('program')",
    "opening a socket": "import socket; socket.socket()",
    "a pair of sockets that reach others": """
import socket
socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
""",
    "killing its parent": "import os; os.kill(os.getppid(), 9)",
    "killing its group": "import os; os.kill(0, 9)",
    "killing all": "import os; os.kill(-1, 9)",
    "asking whether its parent lives": "import os; os.kill(os.getppid(), 0)",
    "opening its parent": "import os; os.pidfd_open(os.getppid())",
    "tracing its parent": "import os; wall.checked(wall.libc().ptrace(16, os.getppid(), 0, 0))",
    "leaving its session": "import os; os.setsid()",
    "leaving its group": "import os; os.setpgid(0, 0)",
    "pinning itself to a processor": "import os; os.sched_setaffinity(0, {0})",
    "changing its priority": "import os; os.setpriority(os.PRIO_PROCESS, 0, 5)",
    "outliving its parent": "wall.prctl(1, 0)",
    "becoming dumpable": "wall.prctl(4, 1)",
    "typing into its terminal": "import fcntl; fcntl.ioctl(1, 0x5412, b'x')",
    "signals of a pipe to others": "import fcntl, os; fcntl.fcntl(1, fcntl.F_SETOWN, os.getppid())",
    "being spared when memory is short": "open('/proc/self/oom_score_adj', 'w').write('0')",
}
ERRORS = {  # where it is not PermissionError
    "raising its memory": (
        "ValueError",
        "from resource import *; setrlimit(RLIMIT_AS, (RLIM_INFINITY, RLIM_INFINITY))",
    ),
    "raising its processor time": (
        "ValueError",
        "from resource import *; setrlimit(RLIMIT_CPU, (9999, 9999))",
    ),
    "50 GB of memory": ("MemoryError", "bytearray(50 << 30)"),
    "2 GB of memory in numpy": ("MemoryError", "import numpy; numpy.ones(1 << 28)"),
    "a hundred open files": ("OSError: [Errno 24]", "import os; [os.dup(1) for _ in range(100)]"),
}
WORKS = {
    "a module not loaded yet": "import decimal, sqlite3, statistics, xml.dom.minidom, lzma, uuid",
    "a package not loaded yet": "import numpy.fft, numpy.ma, numpy.polynomial, numpy.testing",
    "linear algebra": """
import numpy as np
a = np.random.default_rng(0).normal(size=(64, 64))
u, s, v = np.linalg.svd(a)
assert np.allclose(u * s @ v, a)
np.linalg.inv(a); np.linalg.eigh(a + a.T); np.fft.fft(a); np.einsum("ij,jk->ik", a, a)
""",
    "random numbers": "import random, os; random.SystemRandom().random(); os.urandom(8)",
    "threads": """
import threading
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool:
    assert list(pool.map(abs, [-1, -2, -3])) == [1, 2, 3]
""",
    "asynchronous code": """
import asyncio
async def main():
    return await asyncio.gather(asyncio.sleep(0, 1), asyncio.to_thread(abs, -2))
assert asyncio.run(main()) == [1, 2]
""",
    "a callback from C": """
import ctypes
compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda a, b: 0)
ctypes.CDLL(None).qsort((ctypes.c_int * 2)(2, 1), 2, 4, compare)
""",
    "printing": "import sys; print('γ'); print('to stderr', file=sys.stderr); sys.stdout.isatty()",
    "printing to nowhere": "import os; print('x', file=open(os.devnull, 'w'))",
    "the time": """
import time, datetime, zoneinfo
time.perf_counter(), time.time(), time.sleep(0), datetime.datetime.now()
zoneinfo.ZoneInfo('Asia/Shanghai')
""",
    "its own signals": """
import signal, os
seen = []
signal.signal(signal.SIGUSR1, lambda *_: seen.append(1))
signal.raise_signal(signal.SIGUSR1); os.kill(os.getpid(), signal.SIGUSR1)
signal.pthread_kill(__import__("threading").get_ident(), signal.SIGUSR1)
assert seen == [1, 1, 1]
signal.setitimer(signal.ITIMER_REAL, 0)
""",
    "its own limits, read": """
from resource import *
assert getrlimit(RLIMIT_CORE) == getrlimit(RLIMIT_FSIZE) == (0, 0)
assert getrlimit(RLIMIT_NOFILE) == (64, 64)
assert 20 <= getrlimit(RLIMIT_CPU)[1] < 30
""",
    "its own privileges, read": """
pr_get_dumpable, pr_get_no_new_privs = 3, 39
assert wall.prctl(pr_get_dumpable) == 0
assert wall.prctl(pr_get_no_new_privs) == 1
held = [line.split()[1] for line in open('/proc/self/status') if line.startswith('Cap')]
inherited, permitted, effective, bound, ambient = (int(word, 16) for word in held)
assert inherited == permitted == effective == ambient == 0
assert bound == 0 or os.getuid() != 0
""",
    "its own numbers": "open('/proc/self/status').read(); open('/proc/self/maps').read()",
    "processors counted": "import os; os.cpu_count(); open('/proc/cpuinfo').read()",
    "sources shown": "import inspect, textwrap; inspect.getsource(textwrap)",
    "memory below its limit": "import numpy; numpy.ones(1 << 26)",
    "pipes": "import os; a, b = os.pipe(); os.write(b, b'x'); os.set_blocking(a, False)",
    "where it is": "import os; os.getcwd(); os.stat('mine')",
}
TORCH = {
    "a backward pass": """
import torch
x = torch.randn(8, 8, requires_grad=True)
y = torch.softmax(x @ x.T, -1)
y.backward(torch.randn(8, 8))
assert x.grad.isfinite().all()
""",
    "an optimiser": """
import torch
m = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.LayerNorm(4), torch.nn.GELU())
o = torch.optim.AdamW(m.parameters()); m(torch.randn(2, 4)).sum().backward(); o.step()
""",
    "attention and convolution": """
import torch, torch.nn.functional as F
q = torch.randn(1, 2, 8, 4)
F.scaled_dot_product_attention(q, q, q, is_causal=True)
F.conv2d(torch.randn(1, 3, 16, 16), torch.randn(4, 3, 3, 3))
torch.nn.LSTM(4, 4)(torch.randn(3, 2, 4))
""",
    "linear algebra of torch": """
import torch
a = torch.randn(16, 16, dtype=torch.float64)
u, s, v = torch.linalg.svd(a); torch.testing.assert_close(u * s @ v, a)
torch.fft.fft(a); torch.linalg.solve(a, a)
""",
    "lazy parts of torch": """
import torch, torch.fx, torch.func, io
torch.fx.symbolic_trace(torch.nn.ReLU())
torch.func.vmap(torch.func.grad(lambda x: x.sin()))(torch.ones(3))
torch.save(torch.ones(2), f := io.BytesIO()); f.seek(0); torch.load(f)
torch.autograd.gradcheck(torch.sin, torch.ones(2, dtype=torch.float64, requires_grad=True))
""",
    "threads of torch": """
import torch
torch.set_num_threads(2)
a = torch.randn(512, 512); (a @ a).sum(); torch.randn(10_000_000).exp().sum()
""",
}


@pytest.fixture(scope="module")
def closed_in(tmp_path_factory):
    """Everything without torch, tried in one process."""
    tries = {**WORKS, **REFUSED, **{name: source for name, (_, source) in ERRORS.items()}}
    tries["every call of the table"] = """
import errno, os
answers = {}
column = wall.syscalls.MACHINES[os.uname().machine].column
for name, number in wall.syscalls.numbers(",".join(wall.syscalls.REFUSED.values()), column).items():
    try:
        answers[name] = wall.syscall(number, *[-1] * 6)
    except OSError as error:
        answers[name] = error.errno
assert (others := {n: a for n, a in answers.items() if a != errno.EPERM}) == {}, others
"""
    folder = tmp_path_factory.mktemp("behind")
    return (*behind(tries, folder, warm="import numpy"), folder)


def test_all_is_on_here(closed_in):
    report, _, _ = closed_in
    if report["landlock"].startswith("off") or report["seccomp"].startswith("off"):
        pytest.skip(f"this kernel does not have it all: {report}")
    assert report == {
        "limits": "on",
        "privileges": "dropped",
        "landlock": report["landlock"],
        "seccomp": "on",
    }
    assert re.fullmatch("ABI [1-7]", report["landlock"])


@pytest.fixture
def outcomes(closed_in):
    report, outcomes, _ = closed_in
    if any(line.startswith("off") for line in report.values()):
        pytest.skip(f"this kernel does not have it all: {report}")
    return outcomes


@pytest.mark.parametrize("act", REFUSED)
def test_it_is_refused(outcomes, act):
    assert outcomes[act].startswith("PermissionError"), outcomes[act]


@pytest.mark.parametrize("act", ERRORS)
def test_it_is_beyond_a_limit(outcomes, act):
    assert outcomes[act].startswith(ERRORS[act][0]), outcomes[act]


@pytest.mark.parametrize("act", WORKS)
def test_it_works_as_before(outcomes, act):
    assert outcomes[act] == "done"


def test_every_call_of_the_table_is_refused(outcomes):
    assert outcomes["every call of the table"] == "done"


def test_nothing_is_left_of_what_was_tried(closed_in):
    _, _, folder = closed_in
    assert [place.name for place in folder.iterdir()] == ["mine"]
    assert (folder / "mine").read_text() == "a file of the learner"


@pytest.mark.skipif(find_spec("torch") is None, reason="torch is not installed")
def test_torch_works_as_before(tmp_path):
    warm = """
import torch
torch.set_num_threads(1)
torch.optim.SGD([torch.ones(1, requires_grad=True)])  # its imports make a folder in /tmp
"""
    _, outcomes = behind(TORCH, tmp_path, warm)
    assert outcomes == dict.fromkeys(TORCH, "done")


# Where the kernel lacks something.

WITHOUT = """
real = wall.syscall
def syscall(number, *arguments):
    if number in {missing}:
        raise OSError(38, "Function not implemented")
    return real(number, *arguments)
wall.syscall = syscall
"""
READ, WRITE, FORK = (
    "open('/etc/passwd')",
    "open('mine', 'w')",
    "import os; os.fork() or os._exit(0)",
)
DEGRADED = {"read": READ, "write": WRITE, "fork": FORK, "read mine": "open('mine')"}
SECCOMP = {317, 277}
NO_FILTERS = (
    WITHOUT.format(missing=SECCOMP)
    + """
prctl = wall.prctl
def no_filter(option, *arguments):
    if option == 22:
        raise OSError(22, "Invalid argument")
    return prctl(option, *arguments)
wall.prctl = no_filter
"""
)


def test_without_landlock_the_rest_is_on_and_files_are_opened_only_to_read(tmp_path):
    tries = {**DEGRADED, "first": "assert open('/proc/self/oom_score_adj').read() == '1000\\n'"}
    report, outcomes = behind(tries, tmp_path, WITHOUT.format(missing={444}))
    assert report == {
        "limits": "on",
        "privileges": "dropped",
        "landlock": "off: Function not implemented",
        "seccomp": "on",
    }
    assert outcomes["read"] == outcomes["read mine"] == outcomes["first"] == "done"
    assert outcomes["write"].startswith("PermissionError")
    assert outcomes["fork"].startswith("PermissionError")
    assert (tmp_path / "mine").read_text() == "a file of the learner"


def test_without_seccomp_the_rest_is_on(tmp_path):
    tries = {
        **DEGRADED,
        "connect": "import socket; socket.create_connection(('127.0.0.1', 9))",
        "signal": "os.kill(os.getppid(), 0)",
        "root": "pr_get_securebits = 27; assert wall.prctl(pr_get_securebits) == 0b11101111",
    }
    report, outcomes = behind(tries, tmp_path, NO_FILTERS)
    assert (report["limits"], report["privileges"]) == ("on", "dropped")
    assert report["seccomp"].startswith("off: Invalid argument")
    abi = int(report["landlock"].removeprefix("ABI "))
    refused = {"read", "read mine", "write"} | {
        act for act, since in (("connect", 4), ("signal", 6)) if abi >= since
    }
    assert {act for act in outcomes if outcomes[act].startswith("PermissionError")} >= refused
    assert outcomes["root"] == "done" or os.getuid() != 0


def test_without_seccomp_an_ordinary_user_starts_no_process(tmp_path):
    ordinary = "os.getuid() or os.setresuid(65534, 65534, 65534)"
    report, outcomes = behind(DEGRADED, tmp_path, NO_FILTERS, ordinary)
    assert report["seccomp"] == ("off: Invalid argument; no process and no thread can be started")
    assert outcomes["fork"].startswith("BlockingIOError")


def test_without_the_call_of_seccomp_its_older_form_is_used(tmp_path):
    report, outcomes = behind(DEGRADED, tmp_path, WITHOUT.format(missing=SECCOMP))
    assert report["seccomp"] == "on"
    assert outcomes["fork"].startswith("PermissionError")


def test_on_a_machine_without_a_table_the_rest_is_on(tmp_path):
    report, _ = behind({}, tmp_path, "wall.syscalls.MACHINES = {}")
    assert report["seccomp"].startswith("off: no system call is known by its number on")


def test_the_filter_binds_a_thread_that_runs_already(tmp_path):
    inside = """
import queue, threading
questions, answers = queue.Queue(), queue.Queue()
def leave():
    questions.get()
    try:
        answers.put(os.setsid())
    except PermissionError as error:
        answers.put(error)
threading.Thread(target=leave, daemon=True).start()
wall.questions, wall.answers = questions, answers
"""
    leaving = "wall.questions.put(1); assert isinstance(wall.answers.get(), PermissionError)"
    report, outcomes = behind({"leaving": leaving}, tmp_path, inside=inside)
    assert outcomes["leaving"] == "done" or report["seccomp"].startswith("off")


def test_landlock_is_not_called_on_where_another_thread_runs(tmp_path):
    inside = """
import threading
threading.Thread(target=threading.Event().wait, daemon=True).start()
"""
    report, _ = behind({}, tmp_path, inside=inside)
    assert report["landlock"] == "off: it does not bind the 1 other threads"


# Where the package lies.


def planted(package, site, folder):
    """A copy of the wall in a package, secrets around it, and a library that is none."""
    (package / "judge").mkdir(parents=True)
    for name in ("wall.py", "syscalls.py"):
        shutil.copy(WALL.with_name(name), package / "judge" / name)
    site.mkdir(parents=True, exist_ok=True)
    (site / "friend.py").write_text("x = 1")
    secrets = [package / "_bank" / "solutions" / "s.py", package.parent / "solutions" / "s.py"]
    secrets += [package.parent / "cards" / "c.yaml", package.parent / ".git" / "HEAD"]
    secrets += [site / "interview_cli-0.1.0.dist-info" / "RECORD", site / "editable.pth"]
    for secret in secrets:
        secret.parent.mkdir(parents=True, exist_ok=True)
        secret.write_text("secret")
    (site / "link").symlink_to(package.parent)
    tries = {str(s.relative_to(folder)): f"open({str(s)!r}).read()" for s in secrets}
    tries["through the link"] = f"open({str(site / 'link' / 'solutions' / 's.py')!r}).read()"
    return tries, f"sys.path.append({str(site)!r})"


@pytest.mark.parametrize("place", ["wheel", "repository around it", "repository within it"])
def test_a_library_is_read_and_what_is_ours_is_not(tmp_path, place):
    here = tmp_path / "here"
    site = here / ".venv" / "lib" / "python3" / "site-packages"
    homes = {"wheel": site, "repository around it": here, "repository within it": site / "src"}
    package = homes[place] / "interview_cli"
    tries, warm = planted(package, site, tmp_path)
    if place == "wheel":
        tries = {name: source for name, source in tries.items() if ".git" not in name}
    wall = package / "judge" / "wall.py"
    report, outcomes = behind({**tries, "friend": "import friend"}, tmp_path, warm, wall=wall)
    if report["landlock"].startswith("off"):
        pytest.skip(report["landlock"])
    assert outcomes.pop("friend") == "done"
    assert {o.partition(":")[0] for o in outcomes.values()} == {"PermissionError"}, outcomes


# The end of a parent.

FAMILY = """
import os, signal, sys
from importlib.util import module_from_spec, spec_from_file_location

spec = spec_from_file_location("wall", sys.argv[1])
wall = sys.modules["wall"] = module_from_spec(spec)
spec.loader.exec_module(wall)
parent = os.getpid()
if os.fork() == 0:
    wall.die_with_parent(parent if sys.argv[2] == "its own" else 1)
    os.write(1, b"alive")
signal.pause() if sys.argv[2] == "its own" else os.wait()
"""


def family(parent):
    return subprocess.Popen([sys.executable, "-I", "-c", FAMILY, WALL, parent], stdout=-1)


def test_a_child_ends_with_its_parent():
    with family("its own") as process:
        assert process.stdout.read(5) == b"alive"
        process.kill()
        assert process.communicate(timeout=20) == (b"", None)  # no one holds the pipe any more


def test_a_child_whose_parent_ended_before_ends_at_once():
    with family("gone") as process:
        assert process.communicate(timeout=20) == (b"", None)


# The filter, step by step, also for the machine that this is not.

MACHINES = ["x86_64", "aarch64"]
PID = 4242
EPERM, ENOSYS = 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS


def verdict(machine, name, *arguments, audit=None, writing=False):
    """What the filter answers, by a machine of five instructions."""
    of, column = syscalls.MACHINES[machine], syscalls.MACHINES[machine].column
    tables = ",".join([*syscalls.REFUSED.values(), syscalls.MISSING, syscalls.CONDITIONAL])
    number = name if isinstance(name, int) else syscalls.numbers(tables, column)[name]
    words = [a >> shift & 0xFFFFFFFF for a in (*arguments, *[0] * 6)[:6] for shift in (0, 32)]
    data = struct.pack("16I", number, audit or of.audit, 0, 0, *words)
    steps = syscalls.program(machine, PID, writing)
    at = held = 0
    while True:
        code, so, otherwise, value = struct.unpack("HBBI", steps[at])
        at += 1
        match code:
            case 0x20:
                (held,) = struct.unpack_from("I", data, value)
            case 0x54:
                held &= value
            case 0x15:
                at += so if held == value else otherwise
            case 0x35:
                at += so if held >= value else otherwise
            case 0x06:
                return value


@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_decides_by_the_arguments(machine):
    allow, thread, fork = syscalls.ALLOW, 0x3D0F00, 0x1200011
    others = (1, 0, -1 & 0xFFFFFFFF, -PID & 0xFFFFFFFF)
    assert verdict(machine, "clone", thread) == allow
    assert verdict(machine, "clone", fork) == EPERM
    for name in ("kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"):
        assert verdict(machine, name, PID) == allow
        assert {verdict(machine, name, other) for other in others} == {EPERM}
    assert verdict(machine, "prlimit64", 0, 7, 0, 1) == allow
    assert verdict(machine, "prlimit64", 0, 7, 1) == EPERM
    assert verdict(machine, "prlimit64", 0, 7, 1 << 32) == EPERM
    assert verdict(machine, "socketpair", 1, 1 | 0x80000) == allow
    assert verdict(machine, "socketpair", 1, 2) == EPERM
    assert verdict(machine, "socketpair", 30, 1) == EPERM
    assert verdict(machine, "prctl", 16) == allow
    assert {verdict(machine, "prctl", option) for option in (1, 4, 22, 28, 35)} == {EPERM}
    assert verdict(machine, "ioctl", 0, 0x5413) == allow
    assert {verdict(machine, "ioctl", 0, kind) for kind in (0x5412, 0x541C)} == {EPERM}
    assert verdict(machine, "fcntl", 0, 3) == allow
    assert {verdict(machine, "fcntl", 0, kind) for kind in (8, 10, 15, 1024, 1026)} == {EPERM}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_refuses_what_other_protections_would_refuse_as_well(machine):
    gravest = "ptrace process_vm_writev mount unshare setns bpf perf_event_open userfaultfd"
    gravest += " execve execveat socket io_uring_setup keyctl unlinkat renameat fchmodat utimensat"
    assert {verdict(machine, name) for name in gravest.split()} == {EPERM}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_refuses_to_open_for_writing_when_asked(machine):
    for flags, answer in (
        (os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY, syscalls.ALLOW),
        (os.O_WRONLY, EPERM),
        (os.O_RDWR, EPERM),
        (os.O_CREAT, EPERM),
        (os.O_TRUNC, EPERM),
    ):
        assert verdict(machine, "openat", 0, 0, flags, writing=True) == answer
        assert verdict(machine, "openat", 0, 0, flags) == syscalls.ALLOW
    assert verdict(machine, "openat2") == ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_knows_its_machine(machine):
    other = syscalls.MACHINES["aarch64" if machine == "x86_64" else "x86_64"].audit
    assert verdict(machine, 63) == syscalls.ALLOW
    assert verdict(machine, 63, audit=other) == syscalls.KILL
    assert verdict(machine, 63, audit=0x40000003) == syscalls.KILL  # i386
    assert verdict(machine, 0x40000000 | 39) == syscalls.KILL  # x32
    assert verdict(machine, "clone3") == ENOSYS
    assert verdict(machine, syscalls.NEWEST + 1) == ENOSYS


HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_are_the_kernels(machine):
    if not HEADERS[machine].exists():
        pytest.skip("no headers of the kernel")
    define = r"#define __NR(?:3264)?_(\w+)\s+(\d+)"
    text = HEADERS[machine].read_text()
    known = {name: int(number) for name, number in re.findall(define, text)}
    known.pop("syscalls", None)
    of = syscalls.MACHINES[machine]
    tables = ",".join([*syscalls.REFUSED.values(), syscalls.MISSING, syscalls.CONDITIONAL])
    ours = {**syscalls.numbers(tables, of.column), "seccomp": of.seccomp}
    named = {row.split()[0] for row in tables.split(",")}
    older = {name: number for name, number in ours.items() if number <= max(known.values())}
    assert older == {name: known[name] for name in older}
    assert named & known.keys() <= ours.keys()  # a "-" only where there is none


def test_what_is_asked_of_files_has_its_number():
    import fcntl
    import termios

    for name, number in syscalls.IOCTLS.items():
        assert getattr(termios, name, number) == number
    for name, number in syscalls.FCNTLS.items():
        assert getattr(fcntl, name) == number
