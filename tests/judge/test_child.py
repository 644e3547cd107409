"""The judge's child: whatever it does, the answer is one line, and the next answer is its own."""

import contextlib
import json
import os
import signal
import sys
import textwrap

import numpy as np
import pytest

from interview_cli.errors import JudgeError, TimeLimit
from interview_cli.judge import wire
from interview_cli.judge.child import MAX_OUTPUT, Child, Gone, Raised
from interview_cli.judge.nursery import End, pipes

from .processes import descriptors, group, has_ended

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="pidfds and the zygote")

GOOD = "def f(x):\n    return 2 * x"
F = {"function": "f"}


@pytest.fixture
def a_child(numpy_nursery):
    """Makes a child with a source; afterwards nothing of it may be left."""

    @contextlib.contextmanager
    def made(source=GOOD, limit_s=20.0):
        child = Child(numpy_nursery, limit_s=limit_s)
        try:
            child.load(textwrap.dedent(source))
            yield child
        finally:
            pidfds = [os.pidfd_open(pid) for pid in group(child.pid)]
            child.close()
            assert has_ended(*pidfds)
            assert group(child.pid) == []

    return made


@pytest.fixture
def outcome(a_child):
    """What a call of `f` gives: what it returned, or the error it ended with."""

    def found(source, limit_s=20.0, **arguments):
        try:
            with a_child(source, limit_s) as child:
                return child.call(F, arguments)
        except (Raised, JudgeError) as error:
            told = error
        assert str(told).isprintable()
        assert 0 < len(str(told)) <= 400
        return told

    return found


# What it answers.


def test_a_call_returns_arrays(outcome):
    found = outcome(GOOD, x=np.arange(3.0))
    assert found.kinds == ["array"]
    assert found.arrays[0].tolist() == [0, 2, 4]
    assert found.changed == []


def test_many_calls_go_to_one_child(a_child):
    with a_child("n = 0\ndef f(x):\n    global n; n += 1\n    return x + n") as child:
        found = [child.call(F, {"x": np.zeros(())}).arrays[0].item() for _ in range(50)]
    assert found == list(range(1, 51))


def test_large_arrays_go_there_and_back(outcome):
    x = np.random.default_rng(0).normal(size=(500, 1000))
    assert np.array_equal(outcome(GOOD, x=x).arrays[0], 2 * x)


TOO_LARGE = pytest.mark.xfail(
    raises=AttributeError, reason="an int that no array holds is told as the judge's own BadFrame"
)


@pytest.mark.parametrize(
    ("returned", "kinds", "right"),
    [
        ("x, x + 1", ["array", "array"], [[1.0, 2.0], [2.0, 3.0]]),
        ("x.sum()", ["array"], [3.0]),
        ("x.astype('float32')", ["array"], [[1.0, 2.0]]),
        ("x > 1", ["array"], [[False, True]]),
        ("float(x[0])", ["scalar"], [1.0]),
        ("3, True", ["scalar", "scalar"], [3, True]),
        ("()", [], []),
        ("None", ["NoneType"], []),
        ("[x, x]", ["list"], []),
        ("{'y': x}, x", ["dict", "array"], [[1.0, 2.0]]),
        ("x.astype(complex)", ["an array of complex128"], []),
        ("x.astype('float16')", ["an array of float16"], []),
        ("np.array('text')", ["an array of <U4"], []),
        ("np.broadcast_to(x, (2**40, 2))", ["an array that is far too large"], []),
        pytest.param("10**400", ["int"], [], marks=TOO_LARGE),
        pytest.param("2**63, x", ["int", "array"], [[1.0, 2.0]], marks=TOO_LARGE),
    ],
)
def test_every_result_has_a_kind_and_numbers_travel(outcome, returned, kinds, right):
    source = f"import numpy as np\ndef f(x):\n    return {returned}"
    found = outcome(source, x=np.array([1.0, 2.0]))
    assert found.kinds == kinds
    assert [a.tolist() for a in found.arrays] == right


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        ("(x,) * 33", "33 arrays; at most 32"),
        ("x.reshape([1] * 9)", "an array of a kind that does not travel"),
    ],
)
def test_what_cannot_travel_is_an_exception(outcome, returned, words):
    error = outcome(f"def f(x):\n    return {returned}", x=np.ones(1))
    assert isinstance(error, Raised)
    assert error.message == words


def test_arguments_that_are_not_arrays_arrive_as_they_are(outcome):
    source = """
        def f(betas, sizes, training, x):
            assert betas == (0.9, 0.999) and type(betas) is tuple
            assert sizes == [3, (1, 2)] and training is True
            assert x.shape == () and x.dtype == "float32"
            return x
    """
    arguments = {"betas": (0.9, 0.999), "sizes": [3, (1, 2)], "training": True, "x": np.float32(3)}
    assert outcome(source, **arguments).arrays == [3]


def test_inputs_that_were_changed_are_named_also_inside_of_lists(outcome):
    source = """
        def f(x, y, z, rows):
            x += 1
            z[0] = float("nan")
            rows[1][0] = 7
            return y
    """
    x, y, z, rows = np.zeros(2), np.array([np.nan]), np.ones(2), [np.ones(1), np.ones(1)]
    assert outcome(source, x=x, y=y, z=z, rows=rows).changed == ["x", "z", "rows"]
    assert x.tolist() == [0, 0]  # ours are never touched
    assert rows[1].tolist() == [1]


def test_a_class_is_made_and_its_methods_are_called(a_child):
    source = """
        class Sum:
            def __init__(self, start):
                self.total = start
            def add(self, x):
                self.total = self.total + x
                return self.total
    """
    with a_child(source) as child:
        made = child.call({"function": "Sum", "makes": True}, {"start": np.float64(1)})
        found = [child.call({"method": "add"}, {"x": np.float64(2)}).arrays[0] for _ in range(2)]
    assert (made.kinds, made.arrays) == ([], [])
    assert found == [3, 5]


@pytest.mark.xfail(reason="what the making of an object changes is not looked at")
def test_a_class_that_changes_what_it_is_made_of_is_told(a_child):
    source = "class Layer:\n    def __init__(self, w):\n        w *= 0"
    with a_child(source) as child:
        made = child.call({"function": "Layer", "makes": True}, {"w": np.ones(2)})
    assert made.changed == ["w"]


def test_loading_tells_the_signatures_of_what_is_defined(numpy_nursery):
    source = "def f(x, eps=1e-5, *, axes=(0, 1), key=None): pass\ndef g(*a, **k): pass\nh = 3"
    with Child(numpy_nursery) as child:
        found = child.load(source, ["f", "g", "h", "missing"])
    assert found == {
        "f": [["x", False, None], ["eps", True, 1e-5], ["axes", True, [0, 1]], ["key", True, None]],
        "g": [["*a", False, None], ["*k", False, None]],
    }


def test_a_script_runs_as_a_program_and_its_traceback_is_printed(numpy_nursery):
    with Child(numpy_nursery) as child:
        printed = child.script("print(__name__)\n1 / 0\n")
    first, *_, last = printed.splitlines()
    assert first == "__main__"
    assert last == "ZeroDivisionError: division by zero"


# What it raises.


def test_an_exception_comes_back_with_its_line(outcome):
    error = outcome("def f(x):\n    y = x\n    raise ValueError('no γ')", x=np.ones(1))
    assert (error.name, error.message, error.line) == ("ValueError", "no γ", 3)
    assert str(error) == "ValueError: no γ"


def test_an_exception_in_numpy_has_the_line_that_called_it(outcome):
    error = outcome("import numpy as np\ndef f(x):\n    return np.ones(2) + x", x=np.ones(3))
    assert error.line == 3
    assert str(error).startswith("ValueError: operands could not be broadcast together")


@pytest.mark.parametrize(
    ("source", "text", "line"),
    [
        ("x = 1\n1 / 0", "ZeroDivisionError: division by zero", 2),
        ("x = 1\ndef f(:\n", "SyntaxError: invalid syntax (<submission>, line 2)", 2),
        ("def f():\n    raise KeyError", "KeyError", 2),
        ("import sys\ndef f():\n    sys.exit(0)", "SystemExit: 0", 3),
        ("def f():\n    raise KeyboardInterrupt", "KeyboardInterrupt", 2),
        ("def g():\n    pass", "KeyError: 'f'", None),
    ],
)
def test_whatever_is_raised_is_told_in_its_own_words(outcome, source, text, line):
    error = outcome(source)
    assert isinstance(error, Raised)
    assert (str(error), error.line) == (text, line)


@pytest.mark.parametrize(
    "message",
    ["two\nlines", "\x1b[2J\x1b]0;title\x07", "\u202eright to left", "\ud800", "x" * 5000, "\r\n "],
    ids=["lines", "escape", "bidi", "surrogate", "long", "blank"],
)
def test_a_message_is_one_printable_line(outcome, message):
    """`outcome` looks."""
    assert outcome(f"def f():\n    raise ValueError({message!r})").name == "ValueError"


# How it ends without an answer.

EXITED = "the judge's child exited without an answer"


@pytest.mark.parametrize(
    ("deed", "text"),
    [
        ("os._exit(0)", EXITED),
        ("os._exit(1)", EXITED),
        ("os.abort()", "the judge's child was ended by SIGABRT"),
        ("os.kill(os.getpid(), signal.SIGKILL)", EXITED),
    ],
)
@pytest.mark.parametrize("when", ["loaded", "called"])
def test_a_child_that_is_gone_says_how(outcome, deed, text, when):
    body = deed if when == "loaded" else f"def f():\n    {deed}"
    error = outcome(f"import os, signal\n{body}")
    assert isinstance(error, Gone)
    assert str(error) == text


def test_its_last_words_are_repeated_as_one_printable_line(outcome):
    source = """
        import os
        def f():
            os.write(1, b"first\\n\\x1b[2Jlast \\xff words\\r\\n\\n")
            os._exit(0)
    """
    assert str(outcome(source)).removeprefix(EXITED) == ": [2Jlast \ufffd words"


def test_an_endless_loop_runs_into_the_time_limit(outcome):
    for source in ("while True: pass", "def f():\n    while True: pass"):
        error = outcome(source, limit_s=0.1)
        assert isinstance(error, TimeLimit)
        assert str(error) == "no answer within 0.1 s"


def test_a_child_that_does_not_read_runs_into_the_time_limit(a_child):
    """More is sent than a pipe holds, to a child that is stopped."""
    with a_child() as child:
        os.kill(child.pid, signal.SIGSTOP)
        child.limit_s = 0.1
        with pytest.raises(TimeLimit):
            child.call(F, {"x": np.zeros(1 << 20)})


def test_arguments_that_do_not_travel_are_refused_and_the_child_goes_on(a_child):
    with a_child() as child:
        with pytest.raises(JudgeError, match="cannot send an array of <U4 instead of numbers"):
            child.call(F, {"x": np.array(["text"])})
        assert child.call(F, {"x": np.ones(1)}).arrays == [2]


@pytest.mark.xfail(raises=OSError, reason="asks through descriptors that are closed")
def test_a_call_after_the_child_is_gone_says_so_too(a_child):
    with a_child() as child:
        pidfd = os.pidfd_open(child.pid)
        os.kill(child.pid, signal.SIGKILL)
        assert has_ended(pidfd)
        for _ in range(2):
            with pytest.raises(Gone, match=f"^{EXITED}$"):
                child.call(F, {"x": np.zeros(1 << 20)})


# What comes through the pipe, from whoever writes there: nobody's word is believed.


class Puppet:
    """A nursery whose children are the test itself."""

    def __init__(self):
        self.theirs, self.has_ended = [], False

    def bear(self, limits):
        self.theirs, ours = pipes()
        return 0, ours

    def end(self, pid):
        self.has_ended = True
        return End(None)

    def close(self):
        for fd in self.theirs:
            os.close(fd)

    def writes(self, data):
        os.write(self.theirs[1], data)

    def answers(self, header, *arrays):
        self.writes(wire.pack(header, list(arrays)))


@pytest.fixture
def puppet():
    before = descriptors()
    born = Puppet()
    yield born
    born.close()
    assert born.has_ended
    assert descriptors() == before


def head(text):
    return wire.PREFIX.pack(wire.MAGIC, len(text)) + text


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (b"garbage" * 100, "not a frame"),
        (b"IVW1" + b"\xff" * 100, "not a frame"),
        (head(b"nope"), "the header is not JSON"),
        (head(b"[]"), "the header is not an object"),
        (head(b"{}"), "the header does not list its arrays"),
        (head(b'{"arrays": [["|O", [1]]]}'), "an array of a kind that does not travel"),
        (head(b'{"arrays": [["<f8", [1000000000]]]}'), "8000000000 bytes of arrays; at most"),
    ],
)
def test_garbage_in_its_pipe_breaks_the_protocol(puppet, written, words):
    with Child(puppet) as child:
        puppet.writes(written)
        with pytest.raises(JudgeError) as caught:
            child.call(F, {})
    assert str(caught.value).startswith(f"the judge's child broke the protocol: {words}")


def test_half_a_frame_and_silence_runs_into_the_time_limit(puppet):
    with Child(puppet, limit_s=0.05) as child:
        puppet.writes(b"IVW1" + bytes([200, 0, 0, 0]) + b"{")
        with pytest.raises(TimeLimit):
            child.call(F, {})


def test_half_a_frame_and_the_end_is_no_answer(puppet):
    with Child(puppet) as child:
        puppet.writes(b"IVW1" + bytes([200, 0, 0, 0]) + b"{")
        os.close(puppet.theirs.pop(1))
        with pytest.raises(Gone):
            child.call(F, {})


@pytest.mark.xfail(reason="the answer that came too late is taken for the next one")
def test_a_call_after_the_time_limit_gives_no_old_answer(puppet):
    with Child(puppet, limit_s=0.05) as child:
        with pytest.raises(TimeLimit):
            child.call(F, {"x": np.ones(1)})
        puppet.answers({"kinds": ["array"]}, np.ones(1))
        with pytest.raises(JudgeError):
            child.call(F, {"x": np.ones(1)})


@pytest.mark.xfail(reason="it goes on reading behind the garbage")
def test_a_call_after_the_protocol_was_broken_gives_no_answer(puppet):
    with Child(puppet, limit_s=0.05) as child:
        puppet.writes(b"garbage!")
        puppet.answers({"kinds": ["array"]}, np.ones(1))
        for _ in range(2):
            with pytest.raises(JudgeError):
                child.call(F, {"x": np.ones(1)})


def test_a_forged_exception_is_cleaned_like_any_other(puppet):
    with Child(puppet) as child:
        puppet.answers({"raised": "\x1b[2J" * 999, "line": "7", "message": ["\n\x07"]})
        with pytest.raises(Raised) as caught:
            child.call(F, {})
    assert caught.value.line is None
    assert str(caught.value).isprintable()
    assert len(caught.value.name) == 60


def test_forged_facts_are_nothing_but_text(puppet):
    """Of the inputs only our own names are repeated."""
    with Child(puppet) as child:
        claims = {"kinds": ["\x1b[2J", 3, []], "changed": ["x", "\x1b", 3], "gradients": {"a": 1}}
        puppet.answers(claims)
        found = child.call(F, {"x": np.ones(1), "y": np.ones(1)})
        puppet.answers({"kinds": 7, "changed": None})
        empty = child.call(F, {"x": np.ones(1)})
    assert found.kinds == ["[2J", "3", "[]"]
    assert found.changed == ["x"]
    assert found.gradients == []
    assert (empty.kinds, empty.changed) == ([], [])


def test_forged_signatures_and_walls_are_none(puppet):
    with Child(puppet) as child:
        puppet.answers({"ready": "on"})
        puppet.answers({"signatures": [1]})
        assert child.load("") == {}
        assert child.walls == {}


# What it prints.


def test_what_it_prints_is_kept_up_to_a_cap_and_counted(a_child):
    with a_child("def f(n):\n    print('y' * n)\n    return n") as child:
        assert child.call(F, {"n": 3}).arrays == [3]
        for _ in range(3):
            assert child.call(F, {"n": 1_000_000}).arrays == [1_000_000]
        child.keep_output()
        assert len(child.output) == MAX_OUTPUT
        assert bytes(child.output[:5]) == b"yyy\ny"
        assert child.printed == 4 + 3 * 1_000_001


def test_a_megabyte_and_then_an_exit_is_still_one_line(outcome):
    source = """
        import os
        def f():
            print("y" * 1_000_000)
            print("\\n" * 1_000_000, flush=True)
            os._exit(0)
    """
    assert str(outcome(source)).startswith(f"{EXITED}: yyy")


# Where it runs.


@pytest.fixture
def told(a_child):
    """What an expression is in the child."""

    def found(expression):
        source = (
            f"import json, os, sys\ndef f():\n    print(json.dumps({expression}))\n    return 1"
        )
        with a_child(source) as child:
            child.call(F, {})
            child.keep_output()
            return json.loads(child.output)

    return found


def test_it_has_an_empty_environment(told):
    """Nothing but what environment() says, whatever we have."""
    assert os.environ.keys() > {"PATH"}
    assert set(told("dict(os.environ)")) <= {
        "PATH", "LD_LIBRARY_PATH", "LANG", "LC_CTYPE", "PYTHONDONTWRITEBYTECODE",
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
    }  # fmt: skip


def test_neither_the_judge_nor_its_folder_can_be_imported(told):
    path, modules = told("[sys.path, [m for m in sys.modules if 'interview' in m]]")
    assert modules == []
    assert "" not in path
    assert not any("interview" in place for place in path if "site-packages" not in place)


def test_it_has_no_standard_input(told):
    assert told("sys.stdin.read()") == ""


def test_it_inherits_only_its_pipes(a_child):
    source = """
        import os, stat
        def f():
            found = []
            for fd in range(64):
                try:
                    found += [fd, stat.S_ISFIFO(os.fstat(fd).st_mode)]
                except OSError:
                    pass
            return tuple(found)
    """
    with a_child(source) as child:
        found = [a.item() for a in child.call(F, {}).arrays]
    is_pipe = dict(zip(found[::2], found[1::2], strict=True))
    assert is_pipe.pop(0) is False  # /dev/null
    assert list(is_pipe.values()) == [True] * 4  # output twice, requests and answers


def test_it_leads_its_own_session(told):
    found = told("[os.getpid(), os.getsid(0), os.getpgid(0)]")
    assert len(set(found)) == 1
    assert found[0] not in (os.getsid(0), os.getpgid(0))


# What becomes of it.


def test_closing_twice_is_closing_once(numpy_nursery):
    with Child(numpy_nursery) as child:
        child.load(GOOD)
        child.close()
        reader, writer = os.pipe()  # may get the numbers that the child's pipes had
        child.close()
    os.write(writer, b"still open")
    assert os.read(reader, 100) == b"still open"
    os.close(reader)
    os.close(writer)


def test_a_child_leaves_no_descriptor_open(numpy_nursery):
    before = descriptors()
    with Child(numpy_nursery):
        assert len(descriptors()) == len(before) + 3
    with pytest.raises(Raised), Child(numpy_nursery) as child:
        child.load("1 / 0")
    with pytest.raises(Gone), Child(numpy_nursery) as child:
        child.load("import os; os._exit(0)")
    assert descriptors() == before
