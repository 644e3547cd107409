"""The judge's child: whatever it does, the answer is one line, and nothing is left of it."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from interview_cli.errors import JudgeError, TimeLimit
from interview_cli.judge import child as module
from interview_cli.judge.child import MAX_OUTPUT, Child, Raised

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="process groups")
linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

GOOD = "def f(x):\n    return 2 * x"
DEADLINE_MS = 20_000


def group(pgid):
    """The living processes of a group."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, leader = place.read_text().rpartition(")")[2].split()[:3]
            if int(leader) == pgid and state not in "ZX":
                found.append(int(place.parent.name))
    return found


def has_ended(pidfds):
    """Waits until every process has ended; a pidfd becomes readable then."""
    for fd in pidfds:
        poll = select.poll()
        poll.register(fd, select.POLLIN)
        ended = poll.poll(DEADLINE_MS)
        os.close(fd)
        if not ended:
            return False
    return True


@contextlib.contextmanager
def a_child(source):
    """A child with a source; afterwards nothing of it may be left, and the next one works."""
    source = textwrap.dedent(source)
    child = Child()
    try:
        child.load(source)
        yield child
    finally:
        pidfds = [os.pidfd_open(pid) for pid in group(child.process.pid)]
        child.close()
        assert has_ended(pidfds)
        assert child.process.returncode is not None  # it was waited for: no zombie
        assert group(child.process.pid) == []
        assert not Path(child.folder.name).exists()


def outcome(source, limit_s=20.0, **arguments):
    """What a call of `f` gives: results, or the error it ended with."""
    try:
        with a_child(source) as child:
            return child.call("f", arguments, limit_s)
    except (Raised, JudgeError) as error:
        text = str(error)
        assert "\n" not in text
        assert text.isprintable()
        assert 0 < len(text) <= 400
        return error


# What it answers.


def test_a_call_returns_arrays():
    changed, (found,) = outcome(GOOD, x=np.arange(3.0))
    assert changed == []
    assert found.tolist() == [0, 2, 4]


def test_many_calls_go_to_one_child():
    with a_child("n = 0\ndef f(x):\n    global n; n += 1\n    return x + n") as child:
        found = [child.call("f", {"x": np.zeros(())})[1][0].item() for _ in range(50)]
    assert found == list(range(1, 51))


def test_large_arrays_go_there_and_back():
    x = np.random.default_rng(0).normal(size=(1000, 2000))
    _, (found,) = outcome(GOOD, x=x)
    assert np.array_equal(found, 2 * x)


@pytest.mark.parametrize(
    ("returned", "right"),
    [
        ("x, x + 1", [[1.0, 2.0], [2.0, 3.0]]),
        ("[x[0], x[1]]", [[1.0, 2.0]]),
        ("x.sum()", [3.0]),
        ("float(x[0])", [1.0]),
        ("3", [3]),
        ("True", [True]),
        ("x.astype('float32')", [[1.0, 2.0]]),
        ("x > 1", [[False, True]]),
        ("()", []),
    ],
)
def test_numbers_of_every_kind_are_returned(returned, right):
    _, found = outcome(f"def f(x):\n    return {returned}", x=np.array([1.0, 2.0]))
    assert [a.tolist() for a in found] == right


def test_arguments_that_are_not_arrays_arrive_as_they_are():
    source = """
        def f(betas, eps, training, x):
            assert betas == (0.9, 0.999) and type(betas) is tuple
            assert eps == 1e-5 and training is True
            assert x.shape == () and x.dtype == "float32"
            return x
    """
    arguments = {"betas": (0.9, 0.999), "eps": 1e-5, "training": True, "x": np.float32(3)}
    _, (found,) = outcome(source, **arguments)
    assert found == 3


def test_inputs_that_were_changed_are_named():
    source = """
        def f(x, y, z):
            x += 1
            z[0] = float("nan")
            return y
    """
    x, y, z = np.zeros(2), np.array([np.nan]), np.ones(2)
    changed, _ = outcome(source, x=x, y=y, z=z)
    assert changed == ["x", "z"]
    assert x.tolist() == [0, 0]  # ours are never touched


def test_only_our_own_names_are_repeated():
    source = """
        import sys
        def f(x):
            wire = sys._getframe(1).f_locals["wire"]
            pack = wire.pack
            wire.pack = lambda header, arrays: pack({"changed": ["x", "\\x1b[2J", 3, []]}, arrays)
            return x
    """
    assert outcome(source, x=np.ones(1))[0] == ["x"]


# What it raises.


def raised(source, **arguments):
    error = outcome(source, **arguments)
    assert isinstance(error, Raised), error
    return error


def test_an_exception_comes_back_with_its_line():
    error = raised("def f(x):\n    y = x\n    raise ValueError('no γ')", x=np.ones(1))
    assert (error.name, error.message, error.line) == ("ValueError", "no γ", 3)
    assert str(error) == "ValueError: no γ"


def test_an_exception_in_numpy_has_the_line_that_called_it():
    error = raised("import numpy as np\ndef f(x):\n    return np.ones(2) + x", x=np.ones(3))
    assert error.line == 3
    assert str(error).startswith("ValueError: operands could not be broadcast together")


def test_an_exception_without_a_message_is_its_name():
    assert str(raised("def f():\n    raise KeyError")) == "KeyError"


def test_a_module_that_raises_says_so_when_it_is_loaded():
    error = raised("x = 1\n1 / 0")
    assert (str(error), error.line) == ("ZeroDivisionError: division by zero", 2)


def test_a_syntax_error_has_its_line():
    error = raised("x = 1\ndef f(:\n")
    assert (error.name, error.line) == ("SyntaxError", 2)


@pytest.mark.parametrize("source", ["", "f = 1", "def g():\n    pass"], ids=["empty", "int", "g"])
def test_a_function_that_is_missing_is_named(source):
    assert str(raised(source)) == "NameError: there is no function f"


def test_sys_exit_is_an_exception_like_any_other():
    assert str(raised("import sys\ndef f():\n    sys.exit(0)")) == "SystemExit: 0"
    assert str(raised("import sys\nsys.exit(3)")) == "SystemExit: 3"
    assert raised("def f():\n    raise KeyboardInterrupt").name == "KeyboardInterrupt"


def test_endless_recursion_is_an_exception():
    error = raised("def f():\n    return f()")
    assert (error.name, error.line) == ("RecursionError", 2)


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        ("None", "None instead of an array"),
        ("x, None", "None instead of an array"),
        ("object()", "an array of object instead of numbers"),
        ("'text'", "an array of <U4 instead of numbers"),
        ("[x, 'text']", "an array of <U32 instead of numbers"),
        ("{'y': x}", "an array of object instead of numbers"),
        ("x.astype('float16')", "an array of float16 instead of numbers"),
        ("x.astype(complex)", "an array of complex128 instead of numbers"),
        ("x.astype('int8')", "an array of int8 instead of numbers"),
        ("(x,) * 33", "33 arrays; at most 32"),
        ("x.reshape([1] * 9)", "an array of a kind that does not travel"),
    ],
)
def test_what_is_no_array_of_numbers_is_a_type_error(returned, words):
    error = raised(f"def f(x):\n    return {returned}", x=np.float64(1))
    assert str(error) == f"TypeError: returned {words}"


def test_a_ragged_list_is_an_exception():
    assert raised("def f():\n    return [[1, 2], [3]]").name == "ValueError"


@pytest.mark.parametrize(
    "message",
    [
        "two\nlines",
        "\x1b[2J\x1b]0;title\x07",
        "\u202eright to left",
        "\ud800",
        "x" * 5000,
        "\r\n\t ",
    ],
    ids=["lines", "escape", "bidi", "surrogate", "long", "blank"],
)
def test_a_message_is_one_printable_line(message):
    assert raised(f"def f():\n    raise ValueError({message!r})").name == "ValueError"


def test_a_name_is_one_printable_line():
    assert raised("def f():\n    raise type('A\\x1b\\nB', (Exception,), {})('c')")


def test_an_exception_that_cannot_be_printed_is_still_one():
    source = """
        class Odd(Exception):
            lineno = object()
            def __str__(self):
                raise RuntimeError("no words")
        def f():
            raise Odd
    """
    assert raised(source).name == "Odd"


# How it ends without an answer.


def failed(source, limit_s=20.0, **arguments):
    error = outcome(source, limit_s, **arguments)
    assert isinstance(error, JudgeError), error
    return error


EXITED = "the judge's child exited without an answer"


@pytest.mark.parametrize(
    "deed",
    [
        "os._exit(0)",
        "os._exit(1)",
        "os.abort()",
        "os.kill(os.getpid(), signal.SIGKILL)",
        "os.kill(os.getpid(), signal.SIGTERM)",
        "os.killpg(0, signal.SIGKILL)",
    ],
)
@pytest.mark.parametrize("when", ["loaded", "called"])
def test_a_child_that_is_gone_is_said_to_have_exited(deed, when):
    body = deed if when == "loaded" else f"def f():\n    {deed}"
    assert str(failed(f"import os, signal\n{body}")) == EXITED


def test_its_last_words_are_repeated_as_one_printable_line():
    source = """
        import os
        def f():
            os.write(1, b"first\\n\\x1b[2Jlast \\xff words\\r\\n\\n")
            os._exit(0)
    """
    assert str(failed(source)).removeprefix(EXITED) == ": [2Jlast \ufffd words"


def test_an_endless_loop_runs_into_the_time_limit():
    error = failed("def f():\n    while True: pass", limit_s=0.2)
    assert isinstance(error, TimeLimit)
    assert str(error) == "no answer within 0.2 s"


def test_an_endless_loop_while_loading_runs_into_the_time_limit(monkeypatch):
    monkeypatch.setattr(module, "CALL_LIMIT_S", 0.2)
    error = failed("while True: pass")
    assert isinstance(error, TimeLimit)


def test_a_child_that_ignores_signals_and_prints_for_ever_runs_into_the_time_limit():
    source = """
        import signal
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU):
            signal.signal(number, signal.SIG_IGN)
        def f():
            while True:
                print("still here", flush=True)
    """
    assert isinstance(failed(source, limit_s=0.3), TimeLimit)


def test_a_child_that_does_not_read_runs_into_the_time_limit():
    """More is sent than a pipe holds, to a child that is stopped."""
    with a_child(GOOD) as child:
        os.kill(child.process.pid, signal.SIGSTOP)
        with pytest.raises(TimeLimit):
            child.call("f", {"x": np.zeros(1 << 20)}, limit_s=0.2)


def test_a_child_that_stops_itself_runs_into_the_time_limit():
    source = "import os, signal\ndef f():\n    os.kill(os.getpid(), signal.SIGSTOP)"
    assert isinstance(failed(source, limit_s=0.2), TimeLimit)


PIPE = """
    import os, sys
    SINK = int(sys.argv[2])
"""


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("b'garbage' * 100", "not a frame"),
        ("b'IVW1' + b'\\xff' * 100", "not a frame"),
        ("b'IVW1' + b'\\x04\\0\\0\\0' + b'nope'", "the header is not JSON"),
        ("b'IVW1' + b'\\x02\\0\\0\\0' + b'[]'", "the header is not an object"),
        ("b'IVW1' + b'\\x02\\0\\0\\0' + b'{}'", "the header does not list its arrays"),
    ],
)
def test_garbage_in_its_pipe_breaks_the_protocol(written, words):
    source = f"{PIPE}\n    def f():\n        os.write(SINK, {written})\n        return 1"
    assert str(failed(source)) == f"the judge's child broke the protocol: {words}"


def test_half_a_frame_is_no_answer():
    source = f"""{PIPE}
    def f():
        os.write(SINK, b"IVW1" + bytes([200, 0, 0, 0]) + b"{{")
        os._exit(0)
    """
    assert str(failed(source)) == EXITED


def test_half_a_frame_and_silence_runs_into_the_time_limit():
    source = f"""{PIPE}
    import signal
    def f():
        os.write(SINK, b"IVW1" + bytes([200, 0, 0, 0]) + b"{{")
        signal.pause()
    """
    assert isinstance(failed(source, limit_s=0.2), TimeLimit)


def test_a_forged_exception_is_cleaned_like_any_other():
    source = f"""{PIPE}
    import json, struct
    def f():
        head = json.dumps({{"arrays": [], "raised": "\\x1b[2J" * 999, "line": "7", "message": [1]}})
        os.write(SINK, struct.pack("<4sI", b"IVW1", len(head)) + head.encode())
        return 1
    """
    error = raised(source)
    assert error.line is None


@pytest.mark.parametrize("which", ["0, 100", "3, 100", "0, 3"])
def test_a_child_that_closes_its_descriptors_is_answered_for(which):
    error = outcome(f"import os\ndef f():\n    os.closerange({which})\n    return 1")
    if which == "0, 3":
        assert not isinstance(error, Exception)  # it needs none of these
    else:
        assert isinstance(error, JudgeError)
        assert str(error).startswith(EXITED)


def test_a_call_after_the_child_is_gone_is_an_error_too():
    with a_child(GOOD) as child:
        os.kill(child.process.pid, signal.SIGKILL)
        for _ in range(3):
            with pytest.raises(JudgeError, match=f"^{EXITED}$"):
                child.call("f", {"x": np.zeros(1 << 20)})


def test_a_call_after_the_protocol_was_broken_gives_no_old_answer():
    source = f"""{PIPE}
    import struct
    def f(x):
        if x == 1:
            os.write(SINK, b"garbage")
        return x
    """
    with a_child(textwrap.dedent(source)) as child:
        with pytest.raises(JudgeError, match="broke the protocol"):
            child.call("f", {"x": np.float64(1)})
        with pytest.raises(JudgeError, match="broke the protocol"):
            child.call("f", {"x": np.float64(2)})


# What it prints.


def test_what_it_prints_is_kept_up_to_a_cap():
    with a_child("def f(n):\n    print('y' * n)\n    return n") as child:
        assert child.call("f", {"n": 3})[1][0] == 3
        for _ in range(3):
            _, (found,) = child.call("f", {"n": 1_000_000})
            assert found == 1_000_000
        assert len(child.output) == MAX_OUTPUT
        assert bytes(child.output[:5]) == b"yyy\ny"


def test_a_megabyte_and_then_an_exit_is_still_one_line():
    source = """
        import os
        def f():
            print("y" * 1_000_000)
            print("\\n" * 1_000_000, flush=True)
            os._exit(0)
    """
    assert str(failed(source)).startswith(f"{EXITED}: yyy")


# Where it runs.


def printed(source):
    """What a source prints as JSON while it is loaded."""
    with a_child(source) as child:
        child.call("f", {})
        return json.loads(child.output)


def test_it_has_an_empty_environment(monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "s3cr3t")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("INTERVIEW_HOME", "/nowhere")
    found = printed("""
        import json, os
        def f():
            print(json.dumps(dict(os.environ)), flush=True)
            return 1
    """)
    assert "s3cr3t" not in str(found)
    assert set(found) <= {
        "PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG",
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
    }  # fmt: skip
    assert found["OPENBLAS_NUM_THREADS"] == "1"


def test_its_folder_is_private_empty_and_not_on_its_path():
    found = printed("""
        import json, os, stat, sys
        def f():
            mode = stat.S_IMODE(os.stat(".").st_mode)
            print(json.dumps([os.getcwd(), mode, os.listdir(), sys.path]), flush=True)
            return 1
    """)
    folder, mode, files, path = found
    assert folder != str(Path.cwd())
    assert mode == 0o700
    assert files == []
    assert folder not in path
    assert "" not in path
    assert not any("interview" in place for place in path if "site-packages" not in place)


def test_what_it_leaves_in_its_folder_is_removed():
    source = """
        import os
        os.makedirs("a/b")
        for name in ("x", "a/y", "a/b/z"):
            open(name, "w").write("left behind")
        os.chmod("a/b", 0)
        os.symlink("/", "root")
        def f():
            return 1
    """
    outcome(source)  # a_child looks


def test_a_folder_that_it_removed_itself_is_no_trouble():
    outcome("import os\nos.rmdir(os.getcwd())\ndef f():\n    return 1")


def test_it_has_no_standard_input():
    kept, (reader, writer) = os.dup(0), os.pipe()
    os.write(writer, b"ours")
    os.close(writer)
    os.dup2(reader, 0)
    try:
        found = printed("""
            import json, sys
            def f():
                print(json.dumps([sys.stdin.read()]), flush=True)
                return 1
        """)
    finally:
        os.dup2(kept, 0)
        os.close(kept)
        os.close(reader)
    assert found == [""]


@linux
def test_it_inherits_only_its_pipes():
    found = printed("""
        import contextlib, json, os
        def f():
            own = []
            for fd in range(256):
                with contextlib.suppress(OSError):
                    own.append(os.readlink(f"/proc/self/fd/{fd}"))
            print(json.dumps(own), flush=True)
            return 1
    """)
    kinds = sorted(place.partition(":")[0] for place in found)
    assert kinds == ["/dev/null", "pipe", "pipe", "pipe", "pipe"]


def test_it_has_limits():
    found = printed("""
        import json, resource as r
        def f():
            what = r.RLIMIT_CORE, r.RLIMIT_FSIZE, r.RLIMIT_CPU
            print(json.dumps([r.getrlimit(w)[1] for w in what]), flush=True)
            return 1
    """)
    assert found == [0, 1 << 20, module.CPU_LIMIT_S]


def test_it_leads_its_own_session():
    found = printed("""
        import json, os
        def f():
            print(json.dumps([os.getpid(), os.getsid(0), os.getpgid(0)]), flush=True)
            return 1
    """)
    assert len(set(found)) == 1
    assert found[0] not in (os.getsid(0), os.getpgid(0))


# What becomes of it.


@linux
def test_processes_that_it_forks_end_with_it():
    source = """
        import os, signal
        def f(x):
            for _ in range(3):
                if os.fork() == 0:
                    while True:
                        signal.pause()
            return x
    """
    with a_child(source) as child:
        child.call("f", {"x": np.ones(1)})
        assert len(group(child.process.pid)) == 4


@linux
def test_processes_that_it_leaves_behind_end_too():
    """The grandchild holds the pipes open, so that no end is seen until the time limit."""
    source = """
        import os, signal
        def f():
            if os.fork() == 0:
                while True:
                    signal.pause()
            os._exit(0)
    """
    error = outcome(source, limit_s=0.3)
    assert isinstance(error, TimeLimit)


@pytest.mark.parametrize(
    "deed",
    [
        "1 / 0",
        "os._exit(1)",
        "os.closerange(0, 100)",
        "os.fork()",
        "os.kill(0, 9)",
        "print(10**6 * 'y')",
    ],
)
def test_whatever_a_child_did_the_next_one_works(deed):
    outcome(f"import os\ndef f():\n    {deed}\n    return 1", limit_s=0.3)
    assert outcome(GOOD, x=np.arange(3.0))[1][0].tolist() == [0, 2, 4]


def test_closing_twice_is_closing_once():
    with Child() as child:
        child.load(GOOD)
        child.close()
        reader, writer = os.pipe()  # may get the numbers that the child's pipes had
        child.close()
    os.write(writer, b"still open")
    assert os.read(reader, 100) == b"still open"
    os.close(reader)
    os.close(writer)


def test_a_child_that_was_never_used_leaves_nothing():
    child = Child()
    child.close()
    assert child.process.returncode is not None
    assert not Path(child.folder.name).exists()


@linux
def test_a_child_that_cannot_be_started_leaves_nothing_open(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    monkeypatch.setattr(module.tempfile, "tempdir", str(tmp_path))
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(JudgeError, match=r"^the judge's child could not be started: "):
        Child()
    monkeypatch.undo()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("source", ["x" * 70_000, "# " + "归" * 12_000], ids=["ascii", "chinese"])
def test_a_source_that_is_too_long_is_refused(source):
    assert "bytes; at most" in str(failed(source))


def test_arguments_that_do_not_travel_are_refused():
    assert "instead of numbers" in str(failed(GOOD, x=np.array(["text"])))


PARENT = """
import sys
from interview_cli.judge.child import Child
child = Child()
child.load("import signal\\ndef f():\\n    signal.pause()")
print(child.process.pid, child.folder.name, flush=True)
{then}
"""


@linux
@pytest.mark.parametrize("then", ["sys.stdin.read()", "child.call('f', {})"], ids=["idle", "busy"])
def test_when_the_parent_is_killed_the_child_ends(then, tmp_path):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT.format(then=then)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "TMPDIR": str(tmp_path)},  # nobody is left to remove its folder
    )
    try:
        pid, folder = parent.stdout.readline().split()
        pidfd = os.pidfd_open(int(pid))
        assert Path(folder).parent == tmp_path
    finally:
        parent.kill()
        parent.wait()
        parent.stdin.close()
        parent.stdout.close()
    assert has_ended([pidfd])
    assert group(int(pid)) == []
