"""The questions of a spec, their expected answers, and how far an answer may be from them."""

import math
from dataclasses import replace

import numpy as np
import pytest

from interview_cli.judge.sheet import Question, in_dtype, shifted
from interview_cli.judge.subjects import Bank, Misbehaved
from interview_cli.spec import Call, Case, Rng, Spec, Stage, Statistic, mean_tolerance

from .toys import SQUARE, SQUARE_SPEC, edited, is_accepted, sheet_of

PLAIN = SQUARE_SPEC.cases[0]
AT = {q: Question(PLAIN, q) for q in ("float64", "float32")}


def asked(text, spec, case=0, dtype="float64", part="outputs", seed=0):
    """A sheet, and one of its questions."""
    return sheet_of(text, spec, seed), Question(spec.cases[case], dtype, part)


def function(name, draw, formula="x", dtypes=("float64", "float32"), **options):
    """A solution of one line and its spec of one case."""
    text = f"import numpy as np\ndef {name}(x):\n    return {formula}\n"
    case = Case("plain", draw, dtypes=dtypes)
    return text, Spec(name, ("y",), lambda x: x, cases=(case,), **options)


def accepts(solution, spec, formula, dtype="float64"):
    """Whether another formula for the same is right, in the only case of the spec."""
    sheet, question = asked(solution, spec, dtype=dtype)
    old = solution.rpartition("return ")[2]
    return is_accepted(sheet, edited(solution, (f"return {old}", f"return {formula}\n")), question)


# The questions, in their order.


def names(questions):
    return [(q.case.name, q.dtype, q.part) for q in questions]


def test_the_stages_come_in_the_order_of_the_spec_with_the_shape_first():
    sheet = sheet_of(SQUARE, SQUARE_SPEC)
    assert [s.name for s in sheet.stages] == [
        "shape",
        "forward",
        "options",
        "backward",
        "stability",
    ]


def test_a_stage_without_a_question_is_left_out():
    spec = replace(SQUARE_SPEC, cases=SQUARE_SPEC.cases[:1], gradients=(), backward=None)
    found = sheet_of(SQUARE, spec)
    assert [s.name for s in found.stages] == ["shape", "forward", "stability"]
    spec = replace(spec, cases=(replace(PLAIN, dtypes=("float64",)),))
    assert [s.name for s in sheet_of(SQUARE, spec).stages] == ["shape", "forward"]


def test_a_spec_may_have_stages_of_its_own():
    own = Stage("masks", "掩码", "masks")
    spec = replace(SQUARE_SPEC, cases=(PLAIN, replace(PLAIN, name="masked", stage="masks")))
    spec = replace(spec, stages=(own, *SQUARE_SPEC.stages))
    found = sheet_of(SQUARE, spec)
    assert [s.name for s in found.stages][:3] == ["shape", "masks", "forward"]
    assert names(found.questions(own)) == [("masked", "float64", "outputs")]


def test_each_stage_asks_its_own_cases_once_and_in_its_cheapest_form():
    sheet = sheet_of(SQUARE, SQUARE_SPEC)
    found = {s.name: names(sheet.questions(s)) for s in sheet.stages}
    assert found["shape"] == [("plain", "float64", "outputs")]
    assert found["forward"] == [("plain", "float64", "outputs")]
    assert found["options"] == [("other s", "float64", "outputs")]
    assert found["backward"] == [
        ("plain", "float64", "gradients"),
        ("other s", "float64", "gradients"),
    ]


def test_the_last_stage_asks_all_that_is_left_and_values_before_gradients():
    sheet = sheet_of(SQUARE, SQUARE_SPEC)
    (stability,) = (s for s in sheet.stages if s.name == "stability")
    assert names(sheet.questions(stability)) == [
        ("huge", "float64", "outputs"),
        ("plain", "float32", "outputs"),
        ("other s", "float32", "outputs"),
        ("huge", "float32", "outputs"),
        ("huge", "float64", "gradients"),
        ("plain", "float32", "gradients"),
        ("other s", "float32", "gradients"),
        ("huge", "float32", "gradients"),
    ]


def test_no_question_is_asked_in_two_stages_and_none_is_left_out():
    sheet = sheet_of(SQUARE, SQUARE_SPEC)
    found = [q for s in sheet.stages if s.name != "shape" for q in sheet.questions(s)]
    assert len(found) == len(set(found))
    assert set(found) == set(sheet.every_question())
    assert len(found) == 12


def test_a_case_is_asked_in_its_own_types_only():
    spec = replace(SQUARE_SPEC, cases=(replace(PLAIN, dtypes=("float32",)),))
    sheet = sheet_of(SQUARE, spec)
    assert {q.dtype for s in sheet.stages for q in sheet.questions(s)} == {"float32"}


def test_several_calls_have_no_gradients():
    calls = replace(PLAIN, draw=lambda rng: [Call({"x": np.ones(2)}), Call({"x": np.ones(2)})])
    sheet = sheet_of(SQUARE, replace(SQUARE_SPEC, cases=(calls,)))
    assert {q.part for q in sheet.every_question()} == {"outputs"}


# What is drawn.


def test_a_case_is_drawn_from_the_seed_and_its_name_alone():
    """Another case before it must not change what it draws."""
    other = replace(SQUARE_SPEC, cases=SQUARE_SPEC.cases[::-1])
    one, two = (sheet_of(SQUARE, s).calls(PLAIN, "float64") for s in (SQUARE_SPEC, other))
    assert np.array_equal(one[0].arguments["x"], two[0].arguments["x"])


def test_another_seed_and_another_name_draw_other_numbers():
    twin = replace(PLAIN, name="twin")
    sheet = sheet_of(SQUARE, replace(SQUARE_SPEC, cases=(PLAIN, twin)))
    drawn = [
        sheet.calls(PLAIN, "float64")[0].arguments["x"],
        sheet.calls(twin, "float64")[0].arguments["x"],
        sheet_of(SQUARE, SQUARE_SPEC, 1).calls(PLAIN, "float64")[0].arguments["x"],
    ]
    assert len({x.tobytes() for x in drawn}) == 3


def test_a_case_is_drawn_once_and_then_rounded():
    sheet = sheet_of(SQUARE, SQUARE_SPEC)
    wide, narrow = (sheet.calls(PLAIN, d)[0].arguments["x"] for d in ("float64", "float32"))
    assert narrow.dtype == np.float32
    assert np.array_equal(narrow, wide.astype("float32"))
    assert not np.array_equal(narrow, wide)


def test_whole_numbers_and_options_are_left_as_they_are():
    drawn = [Call({"x": [np.ones(2)], "t": np.arange(2), "lr": 0.1, "betas": (0.9, 0.99)})]
    (call,) = in_dtype(drawn, "float32")
    assert call.arguments["x"][0].dtype == np.float32
    assert call.arguments["t"].dtype == np.int64
    assert (call.arguments["lr"], call.arguments["betas"]) == (0.1, (0.9, 0.99))


def test_the_cotangent_is_random_shaped_as_the_first_output_and_the_same_in_both_types():
    sheet = sheet_of(SQUARE, SQUARE_SPEC)
    wide, narrow = (sheet.dy(Question(PLAIN, d, "gradients")) for d in ("float64", "float32"))
    assert wide.shape == (3, 4)
    assert len(np.unique(wide)) == 12
    assert (wide < 0).any()
    assert (wide > 0).any()
    assert narrow.dtype == np.float32
    assert np.array_equal(narrow, wide.astype("float32"))


def test_the_cotangent_of_a_number_is_a_number():
    text = "def f(x):\n    return x.sum()\ndef f_backward(dy, x):\n    return dy + 0 * x\n"
    spec = Spec(
        "f", ("y",), sum, backward="f_backward", gradients=("x",), cases=SQUARE_SPEC.cases[:1]
    )
    sheet, question = asked(text, spec, part="gradients")
    assert sheet.dy(question).shape == ()
    assert sheet.dy(question) not in (0, 1)
    assert is_accepted(sheet, text, question)


# The rule of float64: rtol max|truth| + 8 sensitivity + 1e-13.


def spread(rng):
    return {"x": 1e6 * rng.normal(size=9)}


@pytest.mark.parametrize(
    ("formula", "is_right"),
    [("2 * x", True), ("2 * x * (1 + 1e-10)", True), ("2 * x * (1 + 1e-8)", False)],
)
def test_float64_may_be_off_by_rtol_of_the_largest(formula, is_right):
    """In float64 2x is exact, and its sensitivity an ulp; hence all of this is rtol."""
    assert accepts(*function("double", spread, "2 * x"), formula) is is_right


def test_rtol_counts_from_the_largest_value_and_not_from_each():
    text, spec = function("double", lambda rng: {"x": np.array([1e6, 1.0])}, "2 * x")
    assert accepts(text, spec, "2 * x + np.array([0, 1e-4])")
    assert not accepts(text, spec, "2 * x + np.array([0, 1e-2])")


def test_a_cases_own_tolerance_replaces_the_specs():
    text, spec = function("double", spread, "2 * x")
    off = "2 * x * (1 + 1e-7)"
    (case,) = spec.cases
    assert not accepts(text, spec, off)
    assert accepts(text, replace(spec, rtol=1e-6), off)
    assert accepts(text, replace(spec, cases=(replace(case, rtol=1e-6),)), off)
    strict = replace(spec, rtol=1e-6, cases=(replace(case, rtol=0.0),))
    assert not accepts(text, strict, off)


def far(rng):
    return {"x": 1e8 + rng.normal(size=50)}


def test_float64_may_be_off_by_what_an_ulp_of_the_input_makes():
    """Both are right; far from zero they differ by a hundred times rtol."""
    text, spec = function("center", far, "x - x.mean()")
    assert accepts(text, spec, "x - (x / 50).sum()")
    mine, right = (
        Bank(edited(text, ("x - x.mean()", f)), spec).call(
            Call(sheet_of(text, spec).calls(spec.cases[0], "float64")[0].arguments)
        )
        for f in ("x - (x / 50).sum()", "x - x.mean()")
    )
    assert np.abs(mine[0] - right[0]).max() > 1e-9 * np.abs(right[0]).max()
    assert not accepts(text, spec, "x - x.mean() + 1e-6")


def test_the_floor_allows_for_rounding_where_nothing_can_move():
    """0.1 + 0.2 − 0.3 is 5.6e-17; no input moves a 0, so that nothing else allows for it."""
    text, spec = function("still", lambda rng: {"x": np.zeros(3)}, "0 * x")
    assert accepts(text, spec, "0 * x + (0.1 + 0.2 - 0.3)")
    assert accepts(text, spec, "0 * x + 9e-14")
    assert not accepts(text, spec, "0 * x + 2e-13")


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_nearly_constant_input_rejects_nobody_who_is_right(dtype):
    def draw(rng):
        return {"x": 5 + (1e-9 if dtype == "float64" else 1e-3) * rng.normal(size=8)}

    text, spec = function("standardize", draw, "(x - x.mean()) / x.std()")
    for formula in (
        "(x - x.sum() / 8) / np.sqrt(((x - x.mean()) ** 2).sum() / 8)",
        "(x - x[::-1].mean()) / x[::-1].std()",
        "(x - x[0] - (x - x[0]).mean()) / (x - x[0]).std()",
    ):
        assert accepts(text, spec, formula, dtype), formula
    assert not accepts(text, spec, "(x - x.mean()) / x.std(ddof=1)", dtype)
    assert not accepts(text, spec, "x - x.mean()", dtype)


@pytest.mark.parametrize("value", [0.0, 5.0, 0.1])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_constant_input_rejects_nobody_who_is_right(value, dtype):
    text, spec = function(
        "standardize",
        lambda rng: {"x": np.full(7, value)},
        "(x - x.mean()) / np.sqrt(x.var() + 1e-5)",
    )
    other = "(x - x.sum() / 7) / np.sqrt(((x - x.mean()) ** 2).mean() + 1e-5)"
    assert accepts(text, spec, other, dtype)
    assert not accepts(text, spec, "x / np.sqrt(x.var() + 1e-5) + 1", dtype)


def test_no_sensitivity_excuses_an_answer_that_is_not_finite():
    text, spec = function("standardize", lambda rng: {"x": np.full(4, 5.0)}, "x - x.mean()")
    assert not accepts(text, spec, "(x - x.mean()) / x.std()")


# The rule of float32: 16 err(oracle in float32) + 1e-5 max(1, max|truth|) + 8 sensitivity.


@pytest.mark.parametrize(
    ("size", "formula", "is_right"),
    [
        (1e3, "2 * x * np.float32(1 + 3e-6)", True),
        (1e3, "2 * x * np.float32(1 + 1e-4)", False),
        (1e-3, "2 * x + np.float32(9e-6)", True),  # 1e-5 of 1 ...
        (1e-3, "2 * x + np.float32(2e-5)", False),
        (1e3, "2 * x + np.float32(5e-3)", True),  # ... and of 1000
        (1e3, "2 * x + np.float32(1e-1)", False),
    ],
)
def test_float32_may_be_off_by_1e_5_of_the_largest_and_of_1(size, formula, is_right):
    """2x is exact, and so is the oracle."""
    solution = function("double", lambda rng: {"x": size * rng.uniform(0.5, 1, 9)}, "2 * x")
    assert accepts(*solution, formula, "float32") is is_right


def test_float32_may_be_as_wrong_as_the_oracle_but_not_much_more():
    """There and back through 10⁴ loses 5e-4 in float32; the input's own ulps are far smaller."""
    lossy = function("lossy", lambda rng: {"x": rng.normal(size=50)}, "(x + 10000) - 10000")
    exact = function("exact", lambda rng: {"x": rng.normal(size=50)}, "x + 0")
    assert accepts(*lossy, "(x - 10000) + 10000", "float32")
    assert not accepts(*exact, "(x - 10000) + 10000", "float32")
    assert accepts(*lossy, "x + np.float32(4e-3)", "float32")
    assert not accepts(*lossy, "x + np.float32(2e-2)", "float32")


def test_float32_may_be_off_by_what_an_ulp_of_the_input_makes():
    """This oracle is exact: it computes in float64. A plain float32 mean at 10⁴ is not wrong."""
    text, spec = function(
        "center",
        lambda rng: {"x": 1e4 + rng.normal(size=50)},
        "(x - x.astype('f8').mean()).astype(x.dtype)",
    )
    sheet, question = asked(text, spec, dtype="float32")
    plain = edited(text, ("(x - x.astype('f8').mean()).astype(x.dtype)", "x - x.mean()"))
    (comparison,) = sheet.compare(question, sheet.ask(Bank(plain, spec), question))
    assert comparison.is_right
    assert comparison.error > 1e-4  # ten times the rest of the rule
    assert not accepts(text, spec, "x - x.mean() + np.float32(0.1)", "float32")


def test_float32_is_held_against_the_truth_of_the_rounded_input():
    """x² at 10⁶ moves by 10⁵ when x is rounded; 1e-5 of it is 10⁷, but the gradient of sin is 1."""
    text, spec = function("wave", lambda rng: {"x": 1e4 + rng.normal(size=5)}, "np.sin(x)")
    sheet, question = asked(text, spec, dtype="float32")
    rounded = sheet.calls(spec.cases[0], "float32")[0].arguments["x"].astype("float64")
    truth = sheet.expected(question)["y"].value
    assert truth.dtype == np.float64
    assert np.array_equal(truth, np.sin(rounded))


def test_cancellation_is_rejected_in_float32_only():
    """E[x²] − μ², right on paper, loses every digit at a mean of 10⁴."""
    text, spec = function(
        "variance", lambda rng: {"x": rng.normal(1e4, 1, 64)}, "x.var()", rtol=1e-6
    )
    paper = "(x * x).mean() - x.mean() ** 2"
    assert accepts(text, spec, paper, "float64")
    assert not accepts(text, spec, paper, "float32")


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_what_is_infinite_is_right_only_where_the_truth_is(dtype):
    text, spec = function("logarithm", lambda rng: {"x": np.array([0.0, 1.0])}, "np.log(x)")
    assert accepts(text, spec, "-np.log(1 / x)", dtype)
    assert not accepts(text, spec, "np.maximum(np.log(x), -1e30)", dtype)
    assert not accepts(text, spec, "np.log(x) * np.array([-1, 1], x.dtype)", dtype)


# Kinds of results.


def test_whole_numbers_have_to_be_exact_in_every_type():
    text, spec = function("rank", lambda rng: {"x": rng.normal(size=9)}, "np.argsort(-x)")
    for dtype in ("float64", "float32"):
        assert accepts(text, spec, "x.argsort()[::-1].copy()", dtype)
        assert not accepts(text, spec, "x.argsort()", dtype)  # the order matters
        assert not accepts(text, spec, "np.sort(np.argsort(-x))", dtype)
        assert not accepts(text, spec, "np.argsort(-x) + (x == x.max())", dtype)


def test_indices_of_another_type_are_told_in_words():
    text, spec = function("rank", lambda rng: {"x": rng.normal(size=9)}, "np.argsort(-x)")
    with pytest.raises(Misbehaved, match="y is int32 instead of int64"):
        accepts(text, spec, "np.argsort(-x).astype('int32')")
    with pytest.raises(Misbehaved, match="y is float64 instead of int64"):
        accepts(text, spec, "np.argsort(-x) * 1.0")


def test_a_float64_answer_to_float32_is_right_and_noted():
    text, spec = function("double", lambda rng: {"x": rng.normal(size=9)}, "2 * x")
    sheet, question = asked(text, spec, dtype="float32")
    wide = Bank(edited(text, ("2 * x", "np.float64(2) * x.astype('f8')")), spec)
    answer = sheet.ask(wide, question)
    assert all(c.is_right for c in sheet.compare(question, answer))
    assert sheet.widened(question, answer) == ["y"]
    assert sheet.widened(question, sheet.ask(sheet.oracle, question)) == []


def test_a_function_that_is_given_no_floats_widens_nothing():
    text, spec = function("table", lambda rng: {"x": 5}, "np.sqrt(np.arange(x))")
    sheet, question = asked(text, spec, dtype="float32")
    answer = sheet.ask(sheet.oracle, question)
    assert all(c.is_right for c in sheet.compare(question, answer))
    assert sheet.widened(question, answer) == []


def test_a_wrong_number_of_results_is_told_in_words():
    text, spec = function("double", lambda rng: {"x": rng.normal(size=9)}, "2 * x")
    with pytest.raises(Misbehaved, match="returned 2 outputs instead of 1"):
        accepts(text, spec, "(2 * x, x)")
    with pytest.raises(Misbehaved, match="returned 0 outputs instead of 1"):
        accepts(text, spec, "()")


@pytest.mark.parametrize("wrong", ["2 * s * x", "2 * s * x * dy.mean()", "2 * s * x * abs(dy)"])
def test_a_gradient_that_is_right_for_a_cotangent_of_ones_is_rejected(wrong):
    sheet = sheet_of(SQUARE, SQUARE_SPEC)
    ones = edited(SQUARE, ("2 * s * x * dy", wrong))
    for dtype in ("float64", "float32"):
        question = Question(PLAIN, dtype, "gradients")
        assert is_accepted(sheet, SQUARE, question)
        assert not is_accepted(sheet, ones, question)


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
    sheet, question = asked(SOFTMAX, spec, part="gradients")
    zeros = edited(SOFTMAX, ("p * (dy - (dy * p).sum(1, keepdims=True))", "np.zeros_like(z)"))
    assert is_accepted(sheet, SOFTMAX, question)
    assert not is_accepted(sheet, zeros, question)


# Several calls.

TRACK = """
def track(x, mean, t, momentum=0.25):
    mean = (1 - momentum) * mean + momentum * x.mean()
    return x - mean, mean
"""


def two_calls(rng):
    return [
        Call({"x": rng.normal(size=4), "mean": np.zeros(()), "t": 1}),
        Call({"x": rng.normal(size=4), "t": 2}),
        Call({"x": rng.normal(size=4), "t": 3, "mean": np.ones(())}),
    ]


TRACK_SPEC = Spec("track", ("y", "mean"), reference=None, cases=(Case("calls", two_calls),))


def test_the_results_of_several_calls_are_counted_from_1():
    sheet, question = asked(TRACK, TRACK_SPEC)
    assert list(sheet.expected(question)) == [
        "y[1]",
        "mean[1]",
        "y[2]",
        "mean[2]",
        "y[3]",
        "mean[3]",
    ]


def test_state_is_carried_over_but_for_what_a_call_names():
    sheet, question = asked(TRACK, TRACK_SPEC)
    one, two, three = (c.arguments["x"].mean() for c in sheet.calls(TRACK_SPEC.cases[0], "float64"))
    after_one, after_two, after_three = (
        e.value for n, e in sheet.expected(question).items() if n.startswith("mean")
    )
    assert after_one == pytest.approx(0.25 * one)
    assert after_two == pytest.approx(0.75 * 0.25 * one + 0.25 * two)
    assert after_three == pytest.approx(0.75 + 0.25 * three)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return x - mean, mean", "return x - mean, 0 * mean"),
        ("(1 - momentum) * mean", "(1 - momentum) ** t * mean"),
        ("momentum * x.mean()", "(momentum if t < 3 else 1) * x.mean()"),
    ],
)
def test_an_error_of_a_later_call_is_found(old, new):
    sheet, question = asked(TRACK, TRACK_SPEC)
    assert is_accepted(sheet, TRACK, question)
    assert not is_accepted(sheet, edited(TRACK, (old, new)), question)


# Random results.

COIN = """
import numpy as np

def coin(n, p, rng):
    return (rng.random(n) < p) * 1.0
"""


def coin_law(arguments, results):
    drawn = np.stack([r["y"] for r in results])
    yield Statistic("share", drawn.mean(), arguments["p"], mean_tolerance(drawn.size, 1.0))
    yield Statistic("values", float(((drawn == 0) | (drawn == 1)).mean()), 1.0)


COIN_SPEC = Spec(
    "coin",
    ("y",),
    reference=None,
    law=coin_law,
    repeats=8,
    cases=(Case("fair", lambda rng: {"n": 250, "p": 0.3, "rng": Rng(int(rng.integers(999)))}),),
)
OTHER_COINS = [
    "(rng.random(n) > 1 - p) * 1.0",
    "(rng.random(n)[::-1] < p) * 1.0",
    "rng.choice([1.0, 0.0], n, p=[p, 1 - p])",
    "rng.binomial(1, p, n) * 1.0",
]


@pytest.mark.parametrize("seed", range(25))
def test_every_right_generator_is_accepted_with_every_seed(seed):
    sheet, question = asked(COIN, COIN_SPEC, seed=seed)
    for formula in OTHER_COINS:
        other = edited(COIN, ("(rng.random(n) < p) * 1.0", formula))
        assert is_accepted(sheet, other, question), formula


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "formula",
    [
        "(rng.random(n) < p + 0.12) * 1.0",
        "(rng.random(n) < 1 - p) * 1.0",
        "(rng.normal(size=n) < p) * 1.0",
        "np.zeros(n)",
        "np.full(n, p)",
        "np.where(rng.random(n) < p, 1.0, np.nan)",
    ],
)
def test_a_biased_generator_is_rejected_with_every_seed(formula, seed):
    sheet, question = asked(COIN, COIN_SPEC, seed=seed)
    biased = edited(COIN, ("(rng.random(n) < p) * 1.0", formula))
    assert not is_accepted(sheet, biased, question)


def test_a_law_allows_what_it_states_and_no_more():
    """The oracle's own share is random too; a lawful one does not widen what is allowed."""
    sheet, question = asked(COIN, COIN_SPEC)
    expected = sheet.expected(question)
    assert expected["share"].value == 0.3
    assert expected["share"].allowed == mean_tolerance(8 * 250, 1.0)
    assert expected["values"].allowed == 0


def test_an_oracle_that_follows_another_law_expects_its_own_statistics():
    """As a convention does."""
    unlawful = edited(COIN, ("< p)", "< 1 - p)"))
    sheet, question = asked(unlawful, COIN_SPEC)
    expected = sheet.expected(question)["share"]
    assert expected.value == pytest.approx(0.7, abs=0.1)
    assert expected.allowed == 2 * mean_tolerance(8 * 250, 1.0)
    assert not is_accepted(sheet, COIN, question)


def test_the_bound_of_a_mean_is_hoeffdings():
    """At half the bound 2 exp(−2nt²) is 2^¼ · 1e-9^¼: a right answer would be rejected now and
    then."""
    assert mean_tolerance(2000, 1.0) == pytest.approx(math.sqrt(math.log(2e9) / 4000))
    assert mean_tolerance(500, 2.0) == pytest.approx(4 * mean_tolerance(2000, 1.0))
    bound = 2 * math.exp(-2 * 2000 * mean_tolerance(2000, 1.0) ** 2)
    assert bound == pytest.approx(1e-9)


def test_every_repeat_has_another_seed():
    """The law judges many draws; the same draw eight times would be one."""
    seen = []

    def law(arguments, results):
        seen.append([r["y"].tobytes() for r in results])
        return coin_law(arguments, results)

    sheet, question = asked(COIN, replace(COIN_SPEC, law=law))
    sheet.ask(Bank(COIN, COIN_SPEC), question)
    assert len(seen[-1]) == 8
    assert len(set(seen[-1])) == 8


def test_only_sources_of_randomness_are_shifted():
    assert shifted({"rng": Rng(3), "n": 3}, 4) == {"rng": Rng(7), "n": 3}


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("(rng.random(n + 1) < p) * 1.0", r"y has the shape \(251,\) instead of \(250,\)"),
        ("(rng.random(n) < p)", "y is bool instead of float64"),
        ("(rng.random(n) < p).astype('i8')", "y is int64 instead of float64"),
    ],
)
def test_random_results_have_a_shape_and_a_type_too(formula, told):
    sheet, question = asked(COIN, COIN_SPEC)
    with pytest.raises(Misbehaved, match=told):
        sheet.ask(Bank(edited(COIN, ("(rng.random(n) < p) * 1.0", formula)), COIN_SPEC), question)


NOISE = """
import numpy as np

def drop(x, p, rng):
    keep = rng.random(x.shape) >= p
    return x * keep / (1 - p), keep

def drop_backward(dy, keep, p):
    return dy * keep / (1 - p)
"""


def drop_law(arguments, results):
    kept = np.stack([r["keep"] for r in results])
    yield Statistic("share", kept.mean(), 1 - arguments["p"], mean_tolerance(kept.size, 1.0))
    if "dx" in results[0]:
        scale = [r["dx"] - r["dy"] * r["keep"] / (1 - arguments["p"]) for r in results]
        yield Statistic("way back", float(np.abs(scale).max()), 0.0, 1e-5)


DROP_SPEC = Spec(
    "drop",
    ("y", "keep"),
    reference=None,
    law=drop_law,
    backward="drop_backward",
    gradients=("x",),
    cases=(Case("plain", lambda rng: {"x": rng.normal(size=50), "p": 0.4, "rng": Rng(1)}),),
)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_law_of_random_results_holds_for_their_gradients_too(dtype):
    sheet, question = asked(NOISE, DROP_SPEC, dtype=dtype, part="gradients")
    assert set(sheet.expected(question)) == {"share", "way back"}
    assert is_accepted(sheet, NOISE, question)
    for wrong in ("dy * keep", "dy / (1 - p)", "dy * ~keep / (1 - p)"):
        other = edited(NOISE, ("return dy * keep / (1 - p)", f"return {wrong}"))
        assert not is_accepted(sheet, other, question)


# Nothing twice.


def test_a_result_whose_length_hangs_on_an_ulp_is_still_a_question():
    """Three numbers of five lie on the threshold, and an ulp decides about them."""
    text, spec = function("above", lambda rng: {"x": np.array([1.0, 1, 1, 2, 3])}, "x[x > 1]")
    assert accepts(text, spec, "np.array([v for v in x if v > 1], x.dtype)")
    assert not accepts(text, spec, "x[x > 1][::-1]")


def test_an_expected_answer_is_computed_once():
    sheet, question = asked(SQUARE, SQUARE_SPEC)
    assert sheet.expected(question) is sheet.expected(question)


def test_an_oracle_that_fails_has_no_answer_of_its_own():
    sheet, question = asked(edited(SQUARE, ("s * x * x\n", "s * x * y\n")), SQUARE_SPEC)
    assert sheet.own(question) is None
    assert sheet_of(SQUARE, SQUARE_SPEC).own(AT["float64"]) is not None


def test_the_same_seed_gives_the_same_sheet_and_another_one_does_not():
    one, two, three = (
        sheet_of(SQUARE, SQUARE_SPEC, seed).expected(AT["float32"])["y"] for seed in (3, 3, 4)
    )
    assert np.array_equal(one.value, two.value)
    assert one.allowed == two.allowed
    assert not np.array_equal(one.value, three.value)
