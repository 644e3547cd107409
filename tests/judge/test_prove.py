"""A solution against torch: right ones pass, every wrong one fails, in words that say why."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from interview_cli.errors import InterviewError, JudgeError, MissingExtra, UsageError
from interview_cli.judge import catalogue, prove
from interview_cli.judge.nursery import Zygote
from interview_cli.judge.prove import Proof, Result, results
from interview_cli.spec import Call, Case, Spec

from .toys import SQUARE, SQUARE_SPEC, draw_square, edited

ROOT = Path(__file__).parents[2] / "solutions"
SPEC = replace(SQUARE_SPEC, cases=(Case("plain", lambda rng: draw_square(rng, s=2.0)),))


@pytest.fixture
def proven(numpy_nursery):
    """The results of a source, in float64 and in float32."""

    def run(source=SQUARE, spec=SPEC, seed=0):
        return list(results(source, spec, seed, numpy_nursery))

    return run


@pytest.fixture
def square(proven):
    """The results of the square with another formula."""

    def run(forward="s * x * x", backward="2 * s * x * dy", spec=SPEC):
        source = edited(SQUARE, ("return s * x * x\n", f"return {forward}\n"))
        return proven(edited(source, ("return 2 * s * x * dy", f"return {backward}")), spec)

    return run


def are_right(found):
    return [r.is_right for r in found]


def test_the_right_answer_is_right(proven):
    found = proven()
    assert [(r.case, r.dtype) for r in found] == [("plain", "float64"), ("plain", "float32")]
    assert [c.name for c in found[0].comparisons] == ["y", "dx"]
    assert Proof(tuple(found)).is_right


def test_a_proof_starts_a_process_of_its_own():
    assert prove.prove(SQUARE, SQUARE_SPEC).is_right


def test_a_proof_of_nothing_is_no_proof():
    assert not Proof().is_right
    assert not Proof((Result("plain", "float64", fault="raised"),)).is_right


@pytest.mark.parametrize("seed", range(5))
def test_no_seed_rejects_a_right_answer(seed, proven):
    assert are_right(proven(SQUARE, SQUARE_SPEC, seed)) == [True] * 6


# Wrong numbers.


def test_an_error_below_float32_is_rejected_in_float64_alone(square):
    found = square("s * x * x * (1 + 1e-7)")
    assert are_right(found) == [False, True]
    y, dx = found[0].comparisons
    assert not y.is_right
    assert dx.is_right
    assert not Proof(tuple(found)).is_right


def test_an_error_of_the_gradient_is_the_gradients(square):
    y, dx = square(backward="2.00001 * s * x * dy")[0].comparisons
    assert y.is_right
    assert not dx.is_right


def test_an_error_in_one_element_is_enough(square):
    assert not square("s * x * x + 1e-6 * (np.arange(12).reshape(3, 4) == 5)")[0].is_right


@pytest.mark.parametrize("bad", ["np.nan", "np.inf", "-np.inf"])
def test_what_is_not_finite_is_infinitely_wrong(bad, square):
    for result in square(f"np.where(np.arange(4) == 1, {bad}, s * x * x).astype(x.dtype)"):
        assert result.comparisons[0].error == np.inf
        assert not result.is_right


def test_what_is_not_finite_in_torch_too_is_right(square):
    spec = replace(SPEC, cases=(Case("infinite", lambda rng: draw_square(rng, s=np.inf)),))
    assert all(are_right(square(spec=replace(spec, backward=None, gradients=()))))


def test_a_huge_wrong_answer_is_wrong_and_nothing_else(square):
    spec = replace(SPEC, reference=lambda x, s: s * x * x - 1.7e308)
    assert not square("s * x * x + 1.7e308", spec=spec)[0].is_right


@pytest.mark.parametrize("wrong", ["2 * s * x", "2 * s * x * dy.mean()", "2 * s * x * abs(dy)"])
def test_a_gradient_that_is_right_for_a_cotangent_of_ones_is_rejected(wrong, square):
    assert are_right(square(backward=wrong)) == [False, False]


def test_torch_is_what_is_right(square):
    """Not the solution: another reference rejects it."""
    spec = replace(SPEC, reference=lambda x, s: s * x * x + 1e-3)
    assert are_right(square(spec=spec)) == [False, False]


# Faults, in their own words.


@pytest.mark.parametrize(
    ("forward", "backward", "fault"),
    [
        ("(s * x * x).T", "", "y has the shape (4, 3) instead of (3, 4)"),
        ("(s * x * x).sum()", "", "y has the shape () instead of (3, 4)"),
        ("", "2 * s * x[0] * dy[0]", "dx has the shape (4,) instead of (3, 4)"),
        ("(s * x * x).astype(int)", "", "y is int64 instead of {dtype}"),
        ("(s * x * x) > 0", "", "y is bool instead of {dtype}"),
        ("", "2 * s * x * dy > 0", "dx is bool instead of {dtype}"),
        ("()", "", "returned 0 outputs instead of 1"),
        ("(s * x * x, x)", "", "returned 2 outputs instead of 1"),
        ("", "()", "returned 0 gradients instead of 1"),
        ("", "(2 * s * x * dy, dy)", "returned 2 gradients instead of 1"),
        ("np.multiply(x, x, out=x) * s", "", "modified its input x"),
        ("", "2 * s * x * np.negative(dy, out=dy)", "modified its input dy in the backward pass"),
        ("s * x * y", "", "raised NameError: name 'y' is not defined"),
        ("", "2 * s * x * dz", "raised NameError: name 'dz' is not defined"),
        ("s * x @ x", "", "raised ValueError: matmul: "),
        ("None", "", "y is None instead of an array"),
        ("'text'", "", "y is a str instead of an array"),
        ("np.array(['text'])", "", "y is an array of <U4 instead of an array"),
        ("1 / 0", "", "raised ZeroDivisionError: division by zero"),
    ],
)
def test_a_fault_is_reported_in_its_own_words(forward, backward, fault, square):
    for result in square(forward or "s * x * x", backward or "2 * s * x * dy"):
        assert result.fault.startswith(fault.format(dtype=result.dtype))
        assert not result.is_right
        assert result.comparisons == ()


def test_float64_where_float32_went_in_is_a_fault_of_a_solution(square):
    assert [r.fault for r in square("s * x * x * np.ones(4)")] == [
        "",
        "y is float64 instead of float32",
    ]
    assert [r.fault for r in square(backward="2 * s * x * dy * np.ones(4)")] == [
        "",
        "dx is float64 instead of float32",
    ]


def test_a_wrong_integer_is_wrong(proven):
    source = "def rank(x):\n    return x.argsort()"
    spec = Spec(
        function="rank",
        outputs=("rank",),
        reference=lambda x: x.argsort(),
        cases=(Case("plain", lambda rng: {"x": rng.normal(size=9)}),),
    )
    assert all(are_right(proven(source, spec)))
    assert not any(are_right(proven(source.replace("x.argsort()", "(-x).argsort()"), spec)))
    narrow = source.replace("argsort()", "argsort().astype('int32')")
    assert proven(narrow, spec)[0].fault == "rank is int32 instead of int64"


@pytest.mark.parametrize(
    ("source", "fault"),
    [("1 / 0", "raised ZeroDivisionError: division by zero"), ("def f(:", "raised SyntaxError: ")],
)
def test_a_source_that_cannot_be_loaded_is_one_wrong_result(source, fault, proven):
    (result,) = proven(source)
    assert (result.case, result.is_right) == ("loading", False)
    assert result.fault.startswith(fault)


def test_a_function_that_is_missing_is_a_fault(proven):
    for result in proven(spec=replace(SPEC, function="cube")):
        assert not result.is_right
        assert "cube" in result.fault


def test_a_backward_pass_that_is_missing_is_a_fault(proven):
    for result in proven(edited(SQUARE, ("square_backward", "backward"))):
        assert not result.is_right
        assert "square_backward" in result.fault


def test_a_child_that_ends_is_an_error_and_no_result(proven):
    with pytest.raises(JudgeError, match="exited without an answer"):
        proven("import os\ndef square(x, s):\n    os._exit(0)")


def test_a_reference_that_ignores_an_input_is_an_error(proven):
    spec = replace(SPEC, reference=lambda x, s: (x * 0).detach().requires_grad_())
    with pytest.raises(JudgeError, match="does not depend"):
        proven(spec=spec)


# Tolerances.


def test_a_cases_own_tolerance_replaces_the_specs(proven):
    (case,) = SPEC.cases
    off = edited(SQUARE, ("return s * x * x\n", "return s * x * x * (1 + 1e-7)\n"))
    assert not proven(off)[0].is_right
    assert proven(off, replace(SPEC, rtol=1e-6))[0].is_right
    assert proven(off, replace(SPEC, cases=(replace(case, rtol=1e-6),)))[0].is_right
    strict = replace(SPEC, rtol=1e-6, cases=(replace(case, rtol=0.0),))
    assert not proven(off, strict)[0].is_right


def test_a_case_runs_in_its_own_types_only(proven):
    spec = replace(SPEC, cases=(replace(SPEC.cases[0], dtypes=("float32",)),))
    assert [r.dtype for r in proven(spec=spec)] == ["float32"]


def test_float32_may_be_as_wrong_as_torch_but_not_much_more(square):
    assert are_right(square("s * x * x * np.float32(1 + 3e-6)")) == [False, True]
    assert are_right(square("s * x * x * np.float32(1 + 3e-4)")) == [False, False]


def test_cancellation_is_rejected_in_float32(proven):
    """var as E[x²] − μ², right on paper, loses every digit at a mean of 10⁴."""
    spec = Spec(
        function="variance",
        outputs=("var",),
        reference=lambda x: x.var(0, unbiased=False),
        cases=(Case("far", lambda rng: {"x": rng.normal(1e4, 1, (16, 3))}, dtypes=("float32",)),),
    )
    assert all(are_right(proven("def variance(x):\n    return x.var(0)", spec)))
    lost = "def variance(x):\n    return (x * x).mean(0) - x.mean(0) ** 2"
    assert not any(are_right(proven(lost, spec)))


# State, and objects.


def test_a_state_is_carried_over_in_torch_as_in_numpy(proven):
    def calls(rng):
        return [
            Call({"x": rng.normal(size=4), "v": np.zeros(4)}),
            Call({"x": rng.normal(size=4)}),
        ]

    text = "def push(x, v):\n    return 0.9 * v + x\n"
    spec = Spec("push", ("v",), lambda x, v: 0.9 * v + x, cases=(Case("two", calls),))
    found = proven(text, spec)
    assert all(are_right(found))
    assert len(found[0].comparisons) == 2
    assert not any(are_right(proven(edited(text, ("0.9 * v", "0.8 * v")), spec)))


class Average:
    """In torch."""

    def __init__(self, momentum=0.9):
        self.momentum, self.value = momentum, 0.0

    def update(self, x):
        self.value = self.momentum * self.value + (1 - self.momentum) * x
        return self.value


AVERAGE = """
class Average:
    def __init__(self, momentum=0.9):
        self.momentum, self.value = momentum, 0.0

    def update(self, x):
        self.value = self.momentum * self.value + (1 - self.momentum) * x
        return self.value
"""


def test_a_class_is_held_against_a_class_of_torchs(proven):
    def calls(rng):
        made = Call({"momentum": 0.5}, outputs=())
        return [made, *(Call({"x": rng.normal(size=3)}, "update", ("value",)) for _ in range(2))]

    spec = Spec("Average", ("value",), Average, cases=(Case("two", calls),))
    assert all(are_right(proven(AVERAGE, spec)))
    forgets = edited(AVERAGE, ("self.momentum * self.value", "self.momentum"))
    assert not any(are_right(proven(forgets, spec)))


# Chance.


def test_results_are_the_same_for_the_same_seed(square):
    def run(seed):
        source = edited(SQUARE, ("s * x * x\n", "s * x * x * 1.5\n"))
        return list(results(source, SPEC, seed))

    first, again, other = run(3), run(3), run(4)
    assert first == again
    assert first != other


def test_a_case_is_drawn_from_the_seed_and_its_name_alone(proven):
    """Adding a case must not change what the others draw."""
    wrong = edited(SQUARE, ("s * x * x\n", "s * x * x * 1.5\n"))
    more = replace(SPEC, cases=(Case("another", lambda rng: draw_square(rng, s=2.0)), *SPEC.cases))
    assert proven(wrong, more)[2:] == proven(wrong)


def test_arguments_are_rounded_before_torch_sees_them(proven):
    """float32 is compared with the truth of the rounded inputs, not of others."""
    seen = []

    def reference(x, s):
        seen.append(x.detach().numpy().copy())
        return s * x * x

    spec = replace(SPEC, reference=reference, cases=(replace(SPEC.cases[0], dtypes=("float32",)),))
    proven(spec=replace(spec, backward=None, gradients=()))
    truth, *nudges, near = seen
    assert truth.dtype == np.float64
    assert np.array_equal(truth, truth.astype(np.float32))
    assert near.dtype in (np.float32, np.float64)
    assert {x.dtype for x in seen} == {np.dtype("f4"), np.dtype("f8")}
    exact = [x for x in (*nudges, near) if x.dtype == np.float32]
    assert [np.array_equal(x, truth.astype(np.float32)) for x in exact] == [True]


def test_torch_cannot_change_what_is_given(proven):
    """Not even whole numbers, which no conversion copies."""
    seen = []

    def reference(x, k):
        seen.append(k.tolist())
        y = x[k]
        k.zero_()
        return y

    case = Case("plain", lambda rng: {"x": rng.normal(size=4), "k": np.array([2, 3])})
    spec = Spec("pick", ("y",), reference, cases=(case,))
    assert all(are_right(proven("def pick(x, k):\n    return x[k]\n", spec)))
    assert len(seen) > 2
    assert set(map(tuple, seen)) == {(2, 3)}


# Without torch.


@pytest.fixture
def no_torch(monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "torch" else find(name)
    )


@pytest.mark.parametrize(
    "deed",
    [prove.require_torch, prove.torch_version, lambda: prove.prove(SQUARE, SPEC)],
    ids=["require_torch", "torch_version", "prove"],
)
def test_without_torch_the_command_that_installs_it_is_named(no_torch, deed):
    with pytest.raises(MissingExtra) as caught:
        deed()
    assert str(caught.value).endswith("pip install 'torch>=2.6,<2.14'")
    assert caught.value.exit_code == 3


def test_without_torch_no_process_is_left(no_torch, monkeypatch):
    closed = []
    close = Zygote.close
    monkeypatch.setattr(Zygote, "close", lambda self: (closed.append(self), close(self))[1])
    with pytest.raises(MissingExtra):
        prove.prove(SQUARE, SPEC)
    assert len(closed) == 1


def test_a_process_that_was_lent_is_left_alone(proven, monkeypatch):
    closed = []
    monkeypatch.setattr(Zygote, "close", closed.append)
    proven()
    assert closed == []


# The catalogue.


@pytest.mark.parametrize("name", ["batch-norm", "batch_norm", "normalization/batch_norm"])
def test_a_solution_is_found_by_each_of_its_names(name):
    found = catalogue.get(ROOT, name)
    assert (found.topic, found.name) == ("normalization", "batch_norm")
    assert found.title() == "Batch normalization"


@pytest.mark.parametrize("name", ["batch-nrom", "losses/batch_norm", "batch_norm_spec", "", "/"])
def test_a_solution_that_is_not_there_is_a_usage_error(name):
    with pytest.raises(UsageError, match=r"^no solution is named"):
        catalogue.get(ROOT, name)
    assert catalogue.find(ROOT, name) is None


def test_a_close_name_is_suggested():
    with pytest.raises(UsageError, match='did you mean "batch-norm"'):
        catalogue.get(ROOT, "batch-nrom")


def test_a_solution_without_a_proof_says_so(tmp_path):
    (tmp_path / "topic").mkdir()
    (tmp_path / "topic" / "new.py").write_text('"""New."""\n')
    with pytest.raises(UsageError, match="topic/new has no proof yet"):
        catalogue.get(tmp_path, "new").spec()


def test_alternatives_lie_beside_a_solution_under_its_name(tmp_path):
    folder = tmp_path / "topic" / "alternatives" / "new"
    folder.mkdir(parents=True)
    for name in ("torch.py", "loops.py", "notes.txt"):
        (folder / name).write_text("")
    (tmp_path / "topic" / "new.py").write_text('"""New."""\n')
    (found,) = catalogue.solutions(tmp_path)
    assert [p.name for p in found.alternatives()] == ["loops.py", "torch.py"]


@pytest.mark.parametrize(
    "link",
    ["nothing/here:f", "optimizers/adam:adamw", "optimizers/adam", "optimizers/adam:np"],
)
def test_a_link_to_no_function_is_an_error(link):
    with pytest.raises(InterviewError):
        catalogue.function(ROOT, link)


def test_a_module_that_fails_to_load_is_not_kept(tmp_path):
    path = tmp_path / "topic" / "broken.py"
    path.parent.mkdir()
    path.write_text("1 / 0")
    with pytest.raises(ZeroDivisionError):
        catalogue.load(path)
    path.write_text("def f():\n    return 1")
    assert catalogue.load(path).f() == 1
