"""Calls are by name: which signatures take them, and what is said of the others."""

import inspect

import pytest

from interview_cli.judge.signature import changed, signature_of
from interview_cli.judge.worker import signature

from .toys import SQUARE, SQUARE_SPEC, edited, judged

RIGHT = "def f(x, gamma, momentum=0.1, axes=(0, 1), rng=None): pass"


def function_of(source):
    namespace = {}
    exec(source, namespace)
    return namespace["f"]


def told(mine, right=RIGHT):
    """What is said of a signature, as the child sends it."""
    return changed("f", signature_of(function_of(right)), signature(function_of(mine)))


@pytest.mark.parametrize(
    "mine",
    [
        RIGHT,
        "def f(gamma, x, axes=(0, 1), rng=None, momentum=0.1): pass",  # called by name
        "def f(*, x, gamma, momentum=0.1, axes=(0, 1), rng=None): pass",
        "def f(x, gamma, momentum=0.1, axes=(0, 1), rng=None, more=3): pass",
        "def f(x, gamma=None, momentum=0.1, axes=(0, 1), rng=None): pass",
        "def f(x: float, gamma: float, momentum: float=0.1, axes=(0, 1), rng=None) -> int: pass",
        "def f(x, gamma, momentum=None, axes=None, rng=None): pass",  # it may fill them in
        "def f(x, gamma, momentum=.10, axes=(0, 1), rng=None): pass",
        "def f(*args, **kwargs): pass",
        "def f(**kwargs): pass",
        "def f(x, gamma, **options): pass",
        "f = lambda x, gamma, momentum=0.1, axes=(0, 1), rng=None: x",
        "class f:\n    def __init__(self, x, gamma, momentum=0.1, axes=(0, 1), rng=None): pass",
        "class F:\n    def __call__(self, x, gamma, momentum=0.1, axes=(0, 1), rng=None): pass\n"
        "f = F()",
    ],
)
def test_a_signature_that_takes_every_call_is_right(mine):
    assert told(mine) == ""


NAMES = "f(x, gamma, momentum, axes, rng)"


@pytest.mark.parametrize(
    ("mine", "words"),
    [
        (
            "def f(x, g, momentum=0.1, axes=(0, 1), rng=None): pass",
            f"f(x, g, momentum, axes, rng) instead of {NAMES}",
        ),
        (
            "def f(x, momentum=0.1, axes=(0, 1), rng=None): pass",
            f"f(x, momentum, axes, rng) instead of {NAMES}",
        ),
        (
            "def f(x, gamma, momentum=0.1, axes=(0, 1)): pass",
            f"f(x, gamma, momentum, axes) instead of {NAMES}",
        ),
        (
            "def f(x, gamma, beta, momentum=0.1, axes=(0, 1), rng=None): pass",
            f"f(x, gamma, beta, momentum, axes, rng) instead of {NAMES}",
        ),
        ("def f(): pass", f"f() instead of {NAMES}"),
        (
            "def f(x, gamma, momentum, axes=(0, 1), rng=None): pass",
            "f: momentum has lost its default 0.1",
        ),
        (
            "def f(x, gamma, momentum=0.1, axes=(0, 1), *, rng): pass",
            "f: rng has lost its default None",
        ),
        (
            "def f(x, gamma, momentum=0.9, axes=(0, 1), rng=None): pass",
            "f: momentum=0.9 instead of momentum=0.1",
        ),
        (
            "def f(x, gamma, momentum=0.1, axes=(0,), rng=None): pass",
            "f: axes=(0,) instead of axes=(0, 1)",
        ),
        (
            "def f(x, gamma, momentum=0.1, axes=(0, 1), rng=0): pass",
            "f: rng=0 instead of rng=None",
        ),
        (
            "class f:\n    def __init__(self, x): pass",
            f"f(x) instead of {NAMES}",
        ),
    ],
)
def test_another_signature_is_told_in_words(mine, words):
    assert told(mine) == words


@pytest.mark.parametrize("mine", [None, "x", 3, ["x"], [["x", False]], [[]], {"x": 1}])
def test_a_forged_signature_is_none(mine):
    assert changed("f", signature_of(function_of(RIGHT)), mine) == "f has no signature"


def test_a_tuple_that_came_as_a_list_is_the_same_default():
    right = signature_of(function_of("def f(axes=(0, 1)): pass"))
    assert changed("f", right, [["axes", True, [0, 1]]]) == ""
    assert changed("f", right, [["axes", True, [0, 2]]]) != ""


def test_a_function_without_arguments_has_a_signature():
    assert signature_of(function_of("def f(): pass")) == []
    assert told("def f(): pass", "def f(): pass") == ""


def test_the_child_and_the_parent_read_a_signature_alike():
    function = function_of(RIGHT)
    assert [tuple(p) for p in signature(function)] == [tuple(p) for p in signature_of(function)]
    assert len(inspect.signature(function).parameters) == len(signature_of(function))


# Before the judge.


@pytest.mark.parametrize(
    ("old", "new", "detail"),
    [
        ("square(x, s=2.0)", "square(z, s=2.0)", "square(z, s) instead of square(x, s)"),
        ("square(x, s=2.0)", "square(x, s)", "square: s has lost its default 2.0"),
        ("square(x, s=2.0)", "square(x, s=1.0)", "square: s=1.0 instead of s=2.0"),
        (
            "square_backward(dy, x, s=2.0)",
            "square_backward(dout, x, s=2.0)",
            "square_backward(dout, x, s) instead of square_backward(dy, x, s)",
        ),
    ],
)
def test_a_submission_with_another_signature_is_told_before_it_is_run(
    old, new, detail, numpy_nursery
):
    verdict = judged(SQUARE, SQUARE_SPEC, edited(SQUARE, (old, new)), numpy_nursery)
    assert (verdict.kind, verdict.detail) == ("signature", detail)
    assert verdict.stage is None
    assert {s.state for s in verdict.stages} == {"open"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("square(x, s=2.0)", "square(s=2.0, x=None)"),
        ("square(x, s=2.0)", "square(x, s=2.0, verbose=False)"),
        ("square(x, s=2.0):", "square(**given):\n    x, s = given['x'], given.get('s', 2.0)"),
        ("square_backward(dy, x, s=2.0)", "square_backward(x, dy, s=2.0)"),
        (
            "square_backward(dy, x, s=2.0):",
            "square_backward(dy, **given):\n    x, s = given['x'], given.get('s', 2.0)",
        ),
    ],
)
def test_a_submission_that_takes_the_same_calls_is_accepted(old, new, numpy_nursery):
    verdict = judged(SQUARE, SQUARE_SPEC, edited(SQUARE, (old, new)), numpy_nursery)
    assert verdict.is_accepted, verdict


def test_a_torch_submission_needs_no_signature_of_the_way_back(torch_nursery):
    source = "import torch\ndef square(x, s=2.0):\n    return s * x * x\nsquare_backward = None\n"
    assert judged(SQUARE, SQUARE_SPEC, source, torch_nursery, "torch").is_accepted


@pytest.mark.parametrize("name", ["squared", "_square"])
def test_a_function_of_another_name_is_missing(name, numpy_nursery):
    source = edited(SQUARE, ("def square(", f"def {name}("))
    verdict = judged(SQUARE, SQUARE_SPEC, source, numpy_nursery)
    assert (verdict.kind, verdict.detail) == ("missing", "square")


def test_a_name_that_is_no_function_is_missing(numpy_nursery):
    verdict = judged(SQUARE, SQUARE_SPEC, "square = 3\n", numpy_nursery)
    assert (verdict.kind, verdict.detail) == ("missing", "square")
