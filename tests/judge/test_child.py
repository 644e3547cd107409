"""The judge's child: whatever it does, the answer is one line, and the next answer is its own."""

import contextlib
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


# What goes there and comes back.


def test_large_arrays_go_there_and_back(outcome):
    """They are larger than a pipe, and than what is read at once."""
    x = np.random.default_rng(0).normal(size=(500, 1000))
    assert np.array_equal(outcome(GOOD, x=x).arrays[0], 2 * x)


def test_arguments_that_do_not_travel_are_refused_and_the_child_goes_on(a_child):
    with a_child() as child:
        with pytest.raises(JudgeError, match="cannot send an array of <U4 instead of numbers"):
            child.call(F, {"x": np.array(["text"])})
        assert child.call(F, {"x": np.ones(1)}).arrays == [2]


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


@pytest.mark.parametrize("source", ["while True: pass", "def f():\n    while True: pass"])
def test_an_endless_loop_runs_into_the_time_limit(outcome, source):
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
        (head(b"[" * 60_000), "the header is not JSON"),
        (head(b'{"arrays": [["<f8", [0, 2147483647, 2147483647]]]}'), "an empty array with huge"),
        (head(b'{"arrays": [["<f8", [1000000000]]]}'), "8000000000 bytes of arrays; at most"),
    ],
)
def test_a_frame_that_lies_breaks_the_protocol(puppet, written, words):
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
        os.write(puppet.theirs[2], b"last words\n")
        os.close(puppet.theirs.pop(1))
        with pytest.raises(Gone, match=f"^{EXITED}: last words$"):
            child.call(F, {})


def test_a_child_that_takes_no_request_is_gone(puppet):
    with Child(puppet) as child:
        os.close(puppet.theirs.pop(0))
        with pytest.raises(Gone, match=f"^{EXITED}$"):
            child.call(F, {})


def test_a_call_after_the_time_limit_gives_no_old_answer(puppet):
    with Child(puppet, limit_s=0.05) as child:
        with pytest.raises(TimeLimit):
            child.call(F, {"x": np.ones(1)})
        with contextlib.suppress(BrokenPipeError):  # nobody listens any more
            puppet.answers({"kinds": ["array"]}, np.ones(1))
        with pytest.raises(JudgeError):
            child.call(F, {"x": np.ones(1)})


def test_a_call_after_the_protocol_was_broken_gives_no_answer(puppet):
    with Child(puppet, limit_s=0.05) as child:
        puppet.writes(b"garbage!")
        puppet.answers({"kinds": ["array"]}, np.ones(1))
        for _ in range(2):
            with pytest.raises(JudgeError):
                child.call(F, {"x": np.ones(1)})


def raised(puppet, **claims):
    """The exception that is made of what a child claims."""
    with Child(puppet) as child:
        puppet.answers(claims)
        with pytest.raises(Raised) as caught:
            child.call(F, {})
    return caught.value


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("two\nlines", "E: two lines"),
        ("\x1b[2J\x1b]0;title\x07", "E: [2J]0;title"),
        ("\u202eright to left", "E: right to left"),
        ("\ud800", "E"),
        ("\r\n ", "E"),
        ("x" * 5000, "E: " + "x" * 300),
        (["\n"], "E: ['\\n']"),
    ],
    ids=["lines", "escape", "bidi", "surrogate", "blank", "long", "list"],
)
def test_a_message_is_one_printable_line(puppet, message, told):
    assert str(raised(puppet, raised="E", message=message)) == told


def test_the_name_of_an_exception_is_short_and_its_line_a_number(puppet):
    error = raised(puppet, raised="\x1b[2J" * 999, line="7")
    assert (error.name, error.line) == ("[2J" * 20, None)


def test_what_was_refused_is_a_printable_line_too(puppet):
    assert raised(puppet, raised="E", refused="\x1b[2J").refused == "[2J"


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


# What becomes of it.


def test_it_ends_by_itself_when_the_judge_lets_go_of_it(numpy_nursery):
    with Child(numpy_nursery) as child:
        child.load(GOOD)
        os.dup2(child.pipes.answers, child.pipes.requests)
        assert has_ended(os.pidfd_open(child.pid))
    assert child.status == 0


def test_it_ends_with_the_block_that_it_was_born_in(numpy_nursery):
    with contextlib.suppress(ZeroDivisionError), Child(numpy_nursery) as child:
        pidfd = os.pidfd_open(child.pid)
        raise ZeroDivisionError
    assert has_ended(pidfd)


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
