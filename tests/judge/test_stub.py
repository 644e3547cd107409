"""What a learner starts from: what it says, and what it must not give away."""

import ast
import warnings

import pytest

from interview_cli.judge.stub import language_of, stub
from interview_cli.spec import Case, Spec

from .toys import SQUARE, SQUARE_SPEC, edited, judged

SOLUTION = '''"""Scaling.

    y = γ x
"""
import math

import numpy as np

SECRET = 42


def scale(x, gamma, *, eps=1e-5, axes=(0, 1), mode="mean", mask=None):
    """x (N, C), gamma (C,) -> y (N, C).

    With the secret factor.
    """
    factor = helper(gamma) * SECRET
    return x * factor


def helper(gamma):
    """gamma (C,) -> (C,)."""
    return np.abs(gamma)


def scale_backward(dy, gamma):
    """dy (N, C) -> dx (N, C)."""
    inner = dy * helper(gamma)
    return inner


def kept_number(p):
    return math.sqrt(p)
'''


class Reference:
    pass


SPEC = Spec(
    function="scale",
    outputs=("y",),
    reference=Reference,
    cases=(Case("plain", dict),),
    backward="scale_backward",
    gradients=("x",),
)

CLASS = '''"""A running average."""
import numpy as np


class Average:
    """Keeps an average.

    It is exponential.
    """

    def __init__(self, momentum=0.9):
        """momentum of the old value."""
        self.momentum, self.value = momentum, 0.0

    def update(self, x):
        """x () -> value ()."""
        self.value = self.momentum * self.value + (1 - self.momentum) * x
        return self.value


def helper(x):
    return x + 1
'''
CLASS_SPEC = Spec(function="Average", outputs=("value",), reference=Reference, cases=())
TOYS = [(SOLUTION, SPEC), (CLASS, CLASS_SPEC), (SQUARE, SQUARE_SPEC)]
BOTH = pytest.mark.parametrize("language", ["numpy", "torch"])
ALL = pytest.mark.parametrize(("source", "spec"), TOYS, ids=lambda v: getattr(v, "function", ""))


def body_lines(source):
    """Every line of every function's body, but for docstrings."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            rest = node.body[1:] if ast.get_docstring(node) else node.body
            for statement in rest:
                yield from lines[statement.lineno - 1 : statement.end_lineno]


def test_a_stub_is_the_solution_without_its_bodies():
    assert (
        stub(SOLUTION, SPEC, "numpy")
        == '''"""Scaling."""

import numpy as np


def scale(x, gamma, *, eps=1e-05, axes=(0, 1), mode='mean', mask=None):
    """x (N, C), gamma (C,) -> y (N, C)."""
    raise NotImplementedError


def scale_backward(dy, gamma):
    """dy (N, C) -> dx (N, C)."""
    raise NotImplementedError
'''
    )


def test_a_torch_stub_leaves_the_way_back_to_autograd():
    text = stub(SOLUTION, SPEC, "torch")
    assert "import torch\n" in text
    assert "numpy" not in text
    assert "backward" not in text
    assert "def scale(" in text


def test_a_stub_of_a_class_has_its_methods():
    assert (
        stub(CLASS, CLASS_SPEC, "numpy")
        == '''"""A running average."""

import numpy as np


class Average:
    """Keeps an average."""

    def __init__(self, momentum=0.9):
        """momentum of the old value."""
        raise NotImplementedError

    def update(self, x):
        """x () -> value ()."""
        raise NotImplementedError
'''
    )


@BOTH
@ALL
def test_a_stub_is_python_that_raises_not_implemented(source, spec, language):
    text = stub(source, spec, language)
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)]
    assert functions
    for function in functions:
        assert ast.unparse(function.body[-1]) == "raise NotImplementedError"
        assert len(function.body) <= 2
    namespace = {}
    body = text.replace("import torch", "")
    exec(body, namespace)
    assert callable(namespace[spec.function])


@BOTH
@ALL
def test_a_stub_holds_no_line_of_a_body(source, spec, language):
    given = {line.strip() for line in stub(source, spec, language).splitlines()}
    assert len(list(body_lines(source))) >= 2
    assert not given & {line.strip() for line in body_lines(source)}


@BOTH
@ALL
def test_a_stub_tells_nothing_but_first_lines_and_no_helper(source, spec, language):
    text = stub(source, spec, language)
    for word in ("secret", "SECRET", "helper", "kept_number", "exponential", "s x²", "γ x"):
        assert word not in text


@pytest.mark.parametrize(
    "parameters",
    ["x", "x, /, y", "x, *, y=1", "*xs", "**options", "x, axes=(0, -1), eps=1e-08", "x, name='a'"],
)
def test_a_signature_is_kept_as_it_is(parameters):
    text = stub(f"def scale({parameters}):\n    return 1\n", SPEC, "numpy")
    assert f"def scale({parameters}):\n    raise NotImplementedError\n" in text


def test_a_solution_without_docstrings_is_named_by_its_function():
    text = stub("def scale(x):\n    return x\n", SPEC, "numpy")
    assert ast.get_docstring(ast.parse(text)) == "scale"
    assert text.count('"""') == 2


@pytest.mark.parametrize(
    "doc",
    [
        "x (N,) -> y, σ² and 均值.",
        "it's y",
        "x -> y  # not a comment",
        'the "logits" x',
        'x, the "logits"',
        r"y = \frac{x}{2}",
        r"\sigma(x)",
    ],
)
def test_a_docstring_comes_out_as_it_went_in(doc):
    text = stub(f"def scale(x):\n    r'''{doc}'''\n    return x\n", SPEC, "numpy")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (function,) = (n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef))
    assert ast.get_docstring(function) == doc


@BOTH
def test_a_stub_is_called_unwritten(language, numpy_nursery, torch_nursery):
    born = {"numpy": numpy_nursery, "torch": torch_nursery}[language]
    verdict = judged(SQUARE, SQUARE_SPEC, stub(SQUARE, SQUARE_SPEC, language), born, language)
    assert verdict.kind == "unwritten"
    assert [s.state for s in verdict.stages] == ["failed", "open", "open", "open", "open"]


def test_a_half_written_stub_is_unwritten_from_there_on(numpy_nursery):
    source = edited(SQUARE, ("return 2 * s * x * dy", "raise NotImplementedError"))
    verdict = judged(SQUARE, SQUARE_SPEC, source, numpy_nursery)
    assert (verdict.kind, verdict.stage.name) == ("unwritten", "backward")


@pytest.mark.parametrize(
    ("source", "language"),
    [
        ("import numpy as np", "numpy"),
        ("", "numpy"),
        ("import torch", "torch"),
        ("import torch as t", "torch"),
        ("import os, torch", "torch"),
        ("import torch.nn.functional as F", "torch"),
        ("from torch import nn", "torch"),
        ("from torch.nn import functional as F", "torch"),
        ("def f(x):\n    import torch\n    return x", "torch"),
        ("import numpy as np\nimport torch", "torch"),
        ("# import torch\nimport numpy as np", "numpy"),
        ("'import torch'", "numpy"),
        ("import torchvision", "numpy"),
        ("import numpy.torch", "numpy"),
        ("from . import torch", "numpy"),
        ("import torch\ndef f(:", "torch"),  # not Python yet
        ("def f(:", "numpy"),
        ("\0", "numpy"),
        ("(" * 5000, "numpy"),
        ("import torch\n" + "-" * 100_000 + "1", "torch"),
    ],
)
def test_the_language_is_what_the_source_imports(source, language):
    assert language_of(source) == language
