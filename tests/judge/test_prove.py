"""The judge's proof: right solutions pass, every wrong one fails, in words that say why."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from interview_cli.errors import InterviewError, JudgeError, MissingExtra, UsageError
from interview_cli.judge import catalogue, prove
from interview_cli.judge.child import Child
from interview_cli.judge.prove import Proof, expected, results, sensitivity
from interview_cli.spec import Case, Spec

ROOT = Path(__file__).parents[2] / "solutions"
SOLUTIONS = {s.name: s for s in catalogue.solutions(ROOT) if s.spec_path.exists()}
SPECS = {name: solution.spec() for name, solution in SOLUTIONS.items()}
MISTAKES = [(name, m) for name, spec in SPECS.items() for m in spec.mistakes]


def wrong(source, spec, seed=0):
    """The first result that is wrong; the rest is not computed."""
    return next((r for r in results(source, spec, seed) if not r.is_right), None)


# The bank.


def test_there_are_solutions_to_prove():
    assert len(SOLUTIONS) >= 6
    assert len(MISTAKES) >= 40


@pytest.mark.parametrize("name", SOLUTIONS)
def test_every_solution_is_right_in_every_case(name):
    proof = prove.prove(SOLUTIONS[name].source(), SPECS[name])
    assert [r for r in proof.results if not r.is_right] == []
    assert len(proof.results) == sum(len(case.dtypes) for case in SPECS[name].cases)
    assert proof.is_right


@pytest.mark.parametrize("seed", range(1, 6))
@pytest.mark.parametrize("name", SOLUTIONS)
def test_no_other_seed_rejects_a_solution(name, seed):
    assert wrong(SOLUTIONS[name].source(), SPECS[name], seed) is None


@pytest.mark.parametrize(("name", "mistake"), MISTAKES, ids=lambda v: getattr(v, "name", v))
def test_every_mistake_is_rejected(name, mistake):
    source = SOLUTIONS[name].source()
    assert source.count(mistake.old) == 1
    assert mistake.new != mistake.old
    found = wrong(source.replace(mistake.old, mistake.new), SPECS[name])
    assert found is not None, "a mistake that passes is a hole in the cases"
    assert not found.fault.startswith("raised SyntaxError")


# A solution whose every property is in sight.

SQUARE = """
def square(x, s):
    return s * x * x

def square_backward(dy, x, s):
    return 2 * s * x * dy
"""


def draw(rng, shape=(3, 4), scale=1.0):
    return {"x": rng.normal(size=shape), "s": scale}


SPEC = Spec(
    function="square",
    outputs=("y",),
    reference=lambda x, s: s * x * x,
    backward="square_backward",
    gradients=("x",),
    cases=(Case("plain", draw),),
)


def judged(forward="s * x * x", backward="2 * s * x * dy", spec=SPEC):
    """The two results of one case: in float64 and in float32."""
    source = SQUARE.replace("s * x * x", forward).replace("2 * s * x * dy", backward)
    return list(results("import numpy as np\n" + source, spec))


def faults(*args, **options):
    return [r.fault for r in judged(*args, **options)]


def test_the_right_answer_is_right():
    found = judged()
    assert all(r.is_right for r in found)
    assert [(r.case, r.dtype) for r in found] == [("plain", "float64"), ("plain", "float32")]
    assert [c.name for c in found[0].comparisons] == ["y", "dx"]
    assert Proof(tuple(found)).is_right


def test_a_proof_of_nothing_is_no_proof():
    assert not Proof().is_right


def test_an_error_below_float32_is_rejected_in_float64_alone():
    found = judged("s * x * x * (1 + 1e-7)")
    assert [r.is_right for r in found] == [False, True]
    y, dx = found[0].comparisons
    assert not y.is_right
    assert dx.is_right
    assert y.error == pytest.approx(1e-7 * largest("y"), rel=1e-3)
    assert not Proof(tuple(found)).is_right


def largest(name):
    rng = np.random.default_rng(0)
    return {"y": np.abs(case_of(rng)["x"] ** 2).max()}[name]


def case_of(rng):
    """The arguments of the only case, with seed 0."""
    from zlib import crc32

    return draw(np.random.default_rng([0, crc32(b"plain")]))


def test_an_error_of_the_gradient_is_the_gradients():
    y, dx = judged(backward="2.00001 * s * x * dy")[0].comparisons
    assert y.is_right
    assert not dx.is_right


def test_an_error_in_one_element_is_enough():
    assert not judged("s * x * x + 1e-6 * (np.arange(12).reshape(3, 4) == 5)")[0].is_right


@pytest.mark.parametrize("bad", ["np.nan", "np.inf", "-np.inf"])
def test_what_is_not_finite_is_infinitely_wrong(bad):
    for result in judged(f"np.where(np.arange(4) == 1, {bad}, s * x * x).astype(x.dtype)"):
        assert result.comparisons[0].error == np.inf
        assert not result.is_right


def test_what_is_not_finite_in_torch_too_is_right():
    spec = replace(SPEC, cases=(Case("infinite", lambda rng: draw(rng, scale=np.inf)),))
    spec = replace(spec, backward=None, gradients=())
    assert all(r.is_right for r in judged(spec=spec))


def test_a_huge_wrong_answer_is_wrong_and_nothing_else():
    spec = replace(SPEC, reference=lambda x, s: s * x * x - 1.7e308)
    assert not judged("s * x * x + 1.7e308", spec=spec)[0].is_right


def test_a_gradient_that_is_right_for_a_cotangent_of_ones_is_rejected():
    for backward in ("2 * s * x", "2 * s * x * dy.mean()", "2 * s * x * abs(dy)"):
        assert not any(r.is_right for r in judged(backward=backward))


SOFTMAX = """
import numpy as np

def softmax(z):
    p = np.exp(z - z.max(1, keepdims=True))
    return p / p.sum(1, keepdims=True)

def softmax_backward(dy, z):
    p = softmax(z)
    return p * (dy - (dy * p).sum(1, keepdims=True))
"""


def test_a_gradient_of_zeros_through_a_softmax_is_rejected():
    """The gradient of the sum of a softmax is zero, whatever the input."""
    spec = Spec(
        function="softmax",
        outputs=("p",),
        reference=lambda z: z.softmax(1),
        backward="softmax_backward",
        gradients=("z",),
        cases=(Case("plain", lambda rng: {"z": rng.normal(size=(3, 4))}),),
    )
    assert prove.prove(SOFTMAX, spec).is_right
    zeros = SOFTMAX.replace("p * (dy - (dy * p).sum(1, keepdims=True))", "np.zeros_like(z)")
    assert zeros != SOFTMAX
    assert not any(r.is_right for r in results(zeros, spec))


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
        ("(s * x * x, 2 * s * x)", "()", "returned 2 outputs instead of 1"),
        ("", "(2 * s * x * dy, dy)", "returned 2 gradients instead of 1"),
        ("np.multiply(x, x, out=x) * s", "", "modified its input x"),
        ("", "2 * s * x * np.negative(dy, out=dy)", "modified its input dy in the backward pass"),
        ("s * x * y", "", "raised NameError: name 'y' is not defined"),
        ("", "2 * s * x * dz", "raised NameError: name 'dz' is not defined"),
        ("s * x @ x", "", "raised ValueError: matmul: "),
        ("None", "", "raised TypeError: returned None instead of an array"),
        ("'text'", "", "raised TypeError: returned an array of <U4 instead of numbers"),
        ("1 / 0", "", "raised ZeroDivisionError: division by zero"),
    ],
)
def test_a_fault_is_reported_in_its_own_words(forward, backward, fault):
    found = judged(forward or "s * x * x", backward or "2 * s * x * dy")
    for result in found:
        assert result.fault.startswith(fault.format(dtype=result.dtype))
        assert not result.is_right
        assert result.comparisons == ()


def test_float64_where_float32_went_in_is_a_fault():
    assert faults("s * x * x * np.ones(4)") == ["", "y is float64 instead of float32"]
    assert faults(backward="2 * s * x * dy * np.float64(1)") == [
        "",
        "dx is float64 instead of float32",
    ]


def test_a_wrong_integer_is_wrong():
    source = "def rank(x):\n    return x.argsort()"
    spec = Spec(
        function="rank",
        outputs=("rank",),
        reference=lambda x: x.argsort(),
        cases=(Case("plain", lambda rng: {"x": rng.normal(size=9)}),),
    )
    assert prove.prove(source, spec).is_right
    assert not prove.prove(source.replace("x.argsort()", "(-x).argsort()"), spec).is_right
    floats = source.replace("argsort()", "argsort().astype('int32')")
    assert wrong(floats, spec).fault == "rank is int32 instead of int64"


def test_a_source_that_cannot_be_loaded_is_one_wrong_result():
    for source, fault in (
        ("1 / 0", "raised ZeroDivisionError: division by zero"),
        ("def square(:", "raised SyntaxError: "),
    ):
        (result,) = results(source, SPEC)
        assert (result.case, result.is_right) == ("loading", False)
        assert result.fault.startswith(fault)


def test_a_function_that_is_missing_is_named():
    assert faults(spec=replace(SPEC, function="cube"))[0] == (
        "raised NameError: there is no function cube"
    )


def test_a_backward_pass_that_is_missing_is_named():
    source = SQUARE.replace("square_backward", "backward")
    assert wrong(source, SPEC).fault == "raised NameError: there is no function square_backward"


def test_a_child_that_ends_is_an_error_and_no_verdict():
    with pytest.raises(JudgeError, match="exited without an answer"):
        list(results("import os\ndef square(x, s):\n    os._exit(0)", SPEC))


def test_a_reference_that_ignores_an_input_is_an_error():
    spec = replace(SPEC, reference=lambda x, s: (x * 0).detach().requires_grad_())
    with pytest.raises(JudgeError, match="does not depend"):
        prove.prove(SQUARE, spec)


# Tolerances.


def test_a_cases_own_tolerance_replaces_the_specs():
    case = SPEC.cases[0]
    off = SQUARE.replace("s * x * x", "s * x * x * (1 + 1e-7)")
    assert wrong(off, SPEC).dtype == "float64"
    assert wrong(off, replace(SPEC, rtol=1e-6)) is None
    assert wrong(off, replace(SPEC, cases=(replace(case, rtol=1e-6),))) is None
    assert wrong(off, replace(SPEC, rtol=1e-6, cases=(replace(case, rtol=0.0),))) is not None


def test_a_case_runs_in_its_own_dtypes_only():
    spec = replace(SPEC, cases=(replace(SPEC.cases[0], dtypes=("float32",)),))
    assert [r.dtype for r in results(SQUARE, spec)] == ["float32"]


def test_float32_may_be_as_wrong_as_torch_but_not_much_more():
    assert [r.is_right for r in judged("s * x * x * np.float32(1 + 3e-6)")] == [False, True]
    assert [r.is_right for r in judged("s * x * x * np.float32(1 + 3e-4)")] == [False, False]


def test_cancellation_is_rejected_in_float32():
    """var as E[x²] − μ², right on paper, loses every digit at a mean of 10⁴."""
    spec = Spec(
        function="variance",
        outputs=("var",),
        reference=lambda x: x.var(0, unbiased=False),
        cases=(Case("far", lambda rng: {"x": rng.normal(1e4, 1, (16, 3))}, dtypes=("float32",)),),
    )
    assert prove.prove("def variance(x):\n    return x.var(0)", spec).is_right
    lost = "def variance(x):\n    return (x * x).mean(0) - x.mean(0) ** 2"
    assert not prove.prove(lost, spec).is_right


def moved(spec, case, dtype, seed=0):
    """What sensitivity finds for each output and gradient, beside their largest values."""
    rng = np.random.default_rng(seed)
    arguments = {k: prove.converted(v, dtype) for k, v in case.draw(rng).items()}
    truth, gradients, dy = expected(spec, arguments, rng, "float64")
    found = sensitivity(spec, arguments, truth + gradients, dy, rng)
    return found, [prove.largest_of(v) for v in truth + gradients]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", SOLUTIONS)
def test_sensitivity_is_about_an_ulp_of_whatever_depends_on_the_input(name, dtype):
    """Positive, or the allowance is none; small, or it would excuse everything."""
    spec = SPECS[name]
    found, sizes = moved(spec, spec.cases[0], dtype)
    eps = float(np.finfo(dtype).eps)
    assert len(found) == len(spec.outputs) + len(spec.gradients)
    for move, size in zip(found, sizes, strict=True):
        assert 0 < move < 200 * eps * size


def test_sensitivity_grows_with_the_distance_from_zero():
    spec = SPECS["batch_norm"]
    cases = {case.name: case for case in spec.cases}
    near, far = (moved(spec, cases[n], "float32")[0][0] for n in ("plain", "far from zero"))
    assert far > 100 * near


def test_sensitivity_is_zero_where_nothing_can_move():
    zero = Case("zero", lambda rng: {"x": np.zeros(3), "s": 1.0})
    assert moved(SPEC, zero, "float64")[0] == [0, 0]
    whole = Case("integers", lambda rng: {"x": rng.integers(5, size=3), "s": 2})
    spec = replace(SPEC, backward=None, gradients=())
    assert moved(spec, whole, "float64")[0] == [0]


# Chance.


def test_results_are_the_same_for_the_same_seed():
    spec = SPECS["layer_norm"]
    source = SOLUTIONS["layer_norm"].source()
    first, again, other = (list(results(source, spec, seed)) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_a_case_is_drawn_from_the_seed_and_its_name_alone():
    """Adding a case must not change what the others draw."""
    spec = replace(SPEC, cases=(Case("another", draw), *SPEC.cases))
    assert list(results(SQUARE, spec))[2:] == list(results(SQUARE, SPEC))


def test_the_cotangent_is_random_and_not_of_ones():
    rng = np.random.default_rng(0)
    _, _, dy = expected(SPEC, case_of(rng), rng, "float64")
    assert dy.shape == (3, 4)
    assert len(np.unique(dy)) == 12
    assert (dy < 0).any()
    assert (dy > 0).any()


def test_arguments_are_rounded_before_torch_sees_them():
    """float32 is compared with the truth of the rounded inputs, not of others."""
    seen = []

    def reference(x, s):
        seen.append(x.detach().numpy().copy())
        return s * x * x

    list(results(SQUARE, replace(SPEC, reference=reference, cases=SPEC.cases)))
    assert all(np.array_equal(x, x.astype(np.float32)) for x in seen[4:6])
    assert not np.array_equal(seen[0], seen[0].astype(np.float32))


# Without torch.


@pytest.fixture
def no_torch(monkeypatch):
    monkeypatch.setattr(prove, "find_spec", lambda name: None)


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


def test_without_torch_no_child_is_left(no_torch, monkeypatch):
    children = []

    class Watched(Child):
        def __init__(self):
            super().__init__()
            children.append(self)

    monkeypatch.setattr(prove, "Child", Watched)
    with pytest.raises(MissingExtra):
        prove.prove(SQUARE, SPEC)
    assert all(child.process.returncode is not None for child in children)


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
