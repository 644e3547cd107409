"""The smallest inputs on which a submission is still wrong."""

from dataclasses import replace

import numpy as np
import pytest

from interview_cli.judge import shrink
from interview_cli.judge.shrink import cut, cuts, lengths_of, rounded_to
from interview_cli.spec import Call, Case, Rng, Spec

from .toys import SQUARE, SQUARE_SPEC, edited, judged


def function(formula, draw, arguments="x", **options):
    text = f"import numpy as np\ndef f({arguments}):\n    return {formula}\n"
    case = Case("plain", draw, dtypes=("float64",))
    return text, Spec("f", ("y",), reference=None, cases=(case,), **options)


def smallest(text, spec, submission, born, **options):
    verdict = judged(text, spec, submission, born, **options)
    assert verdict.kind in ("wrong", "mistake"), verdict
    return verdict.counterexample


def shapes(found):
    return {n: v.shape for n, v in found.calls[0].arguments.items() if hasattr(v, "shape")}


def is_wrong(found):
    return np.abs(found.mine - found.expected).max() > found.allowed


# Cuts.


def test_the_longest_sides_are_cut_first_and_to_the_shortest():
    calls = (Call({"x": np.zeros((5, 3)), "w": np.zeros(3), "more": [np.zeros(5)]}),)
    found = [
        (c.arguments["x"].shape, c.arguments["w"].shape, c.arguments["more"][0].shape)
        for (c,) in cuts(calls)
    ]
    assert found == [
        ((1, 3), (3,), (1,)),
        ((2, 3), (3,), (2,)),
        ((3, 3), (3,), (3,)),
        ((5, 1), (1,), (5,)),
        ((5, 2), (2,), (5,)),
    ]


def test_all_calls_are_cut_alike():
    calls = (Call({"x": np.zeros(4)}), Call({"g": np.zeros((4, 1))}, "update"))
    first = next(cuts(calls))
    assert [c.method for c in first] == ["", "update"]
    assert (first[0].arguments["x"].shape, first[1].arguments["g"].shape) == ((1,), (1, 1))


def test_single_values_and_options_have_no_length():
    assert lengths_of({"x": np.zeros(()), "n": 7, "name": "mean", "one": np.zeros(1)}) == set()
    assert lengths_of({"x": [np.zeros((2, 1)), (np.zeros(3), 4)]}) == {2, 3}


@pytest.mark.parametrize("small", [1, 2, 3])
def test_class_numbers_stay_below_the_number_of_classes(small):
    target = np.array([4, 0, 2, 3, 1])
    logits = np.zeros((5, 6))
    assert cut(logits, 6, small, folds=True).shape == (5, small)
    found = cut(target, 6, small, folds=True)
    assert found.shape == (5,)
    assert found.max() < small
    assert found.min() >= 0
    assert cut(np.array([0, 0]), 6, small, folds=True).tolist() == [0, 0]


def test_class_numbers_stay_where_another_side_is_cut():
    assert cut(np.array([4, 0, 2]), 3, 2, folds=False).tolist() == [4, 0]


def test_numbers_that_are_no_indices_are_kept():
    assert cut(np.array([-100, 4]), 6, 2, folds=True).tolist() == [-100, 4]
    assert cut(np.array([4.0, 5.0]), 6, 2, folds=True).tolist() == [4.0, 5.0]
    assert cut(Rng(7), 6, 2, folds=True) == Rng(7)
    assert cut((7, "a", None), 6, 2, folds=True) == (7, "a", None)


@pytest.mark.parametrize(("decimals", "found"), [(0, [1.0, 0.0]), (1, [1.3, 0.0])])
def test_rounding_leaves_no_minus_zero_and_no_whole_number_alone(decimals, found):
    rounded = rounded_to({"x": np.array([1.26, -0.04]), "t": np.array([3])}, decimals)
    assert rounded["x"].tolist() == found
    assert not np.signbit(rounded["x"]).any()
    assert rounded["t"].dtype == np.int64
    assert rounded_to([np.array([0.26], "f4")], 1)[0].dtype == np.float32


# What a learner sees.


def test_an_error_everywhere_is_shown_on_a_single_number(numpy_nursery):
    wrong = edited(SQUARE, ("s * x * x\n", "s * x + 1\n"))
    found = smallest(SQUARE, SQUARE_SPEC, wrong, numpy_nursery)
    assert shapes(found) == {"x": (1, 1)}
    assert is_wrong(found)
    assert found.name == "y"
    assert found.dy is None


@pytest.mark.parametrize(
    ("wrong", "shape"),
    [
        ("x - x.mean(0)", (1, 2)),  # of one column both are the same
        ("x - x.mean()", (2, 1)),
        ("x - x[:, :1]", (1, 2)),
        ("x - x.mean(1, keepdims=True) * x.shape[1]", (1, 2)),
        ("x - x.sum(1, keepdims=True) / 3", (1, 1)),
        ("x - np.median(x, 1, keepdims=True)", (1, 3)),
    ],
)
def test_as_few_rows_and_columns_are_shown_as_the_error_needs(wrong, shape, numpy_nursery):
    text, spec = function(
        "x - x.mean(1, keepdims=True)", lambda rng: {"x": rng.normal(size=(6, 5))}
    )
    source = edited(text, ("x - x.mean(1, keepdims=True)", wrong))
    found = smallest(text, spec, source, numpy_nursery)
    assert shapes(found) == {"x": shape}
    assert is_wrong(found)


def test_an_error_that_needs_many_numbers_keeps_them(numpy_nursery):
    """Only what is cut to 1, 2 or 3 is tried, and five are not enough."""
    text, spec = function("x + 0", lambda rng: {"x": rng.normal(size=(2, 9))})
    source = edited(text, ("x + 0", "x + (x.shape[1] > 5)"))
    found = smallest(text, spec, source, numpy_nursery)
    assert shapes(found) == {"x": (1, 9)}


@pytest.mark.parametrize(
    ("offset", "numbers"),
    [("1.0", [[1.0]]), ("x - np.round(x)", None), ("1e-6 * (x != np.round(x, 1))", None)],
)
def test_the_numbers_are_as_round_as_the_error_allows(offset, numbers, numpy_nursery):
    text, spec = function("x + 0", lambda rng: {"x": np.array([[1.2345, 0.6789]])})
    found = smallest(text, spec, edited(text, ("x + 0", f"x + {offset}")), numpy_nursery)
    shown = found.calls[0].arguments["x"]
    decimals = {"1.0": 0, "x - np.round(x)": 1}.get(offset, 2)
    assert np.array_equal(shown, np.round(shown, decimals))
    assert is_wrong(found)
    if numbers:
        assert shown.tolist() == numbers


def test_an_error_that_no_round_number_shows_keeps_its_digits(numpy_nursery):
    text, spec = function("x + 0", lambda rng: {"x": np.array([1.23456, 2.34567])})
    source = edited(text, ("x + 0", "x + (x != np.round(x, 4))"))
    found = smallest(text, spec, source, numpy_nursery)
    assert found.calls[0].arguments["x"].tolist() == [1.23456]


def test_a_target_stays_a_class(numpy_nursery):
    def draw(rng):
        return {"p": rng.uniform(0.1, 0.9, (6, 7)), "target": np.arange(1, 7)}

    text, spec = function("-np.log(p[np.arange(len(p)), target])", draw, "p, target")
    source = edited(text, ("-np.log(", "np.log("))
    found = smallest(text, spec, source, numpy_nursery)
    assert shapes(found) == {"p": (1, 1), "target": (1,)}
    assert found.calls[0].arguments["target"].tolist() == [0]
    last = "-np.log(p[np.arange(len(p)), target]) * np.where(target == p.shape[1] - 1, 2, 1)"
    first = "* np.where(target > 0, 2, 1)"
    for wrong in (last, f"-np.log(p[np.arange(len(p)), target]) {first}"):
        source = edited(text, ("-np.log(p[np.arange(len(p)), target])", wrong))
        found = smallest(text, spec, source, numpy_nursery)
        assert is_wrong(found)
        classes = found.calls[0].arguments["p"].shape[1]
        target = found.calls[0].arguments["target"]
        assert len(target) <= 2
        assert classes <= 2
        assert (target < classes).all()


def test_the_cotangent_is_shown_beside_a_wrong_gradient(numpy_nursery):
    wrong = edited(SQUARE, ("2 * s * x * dy", "2 * s * x * dy.mean()"))
    found = smallest(SQUARE, SQUARE_SPEC, wrong, numpy_nursery)
    assert found.name == "dx"
    assert sorted(found.dy.shape) == [1, 2]  # of a single number the mean is the number
    assert found.dy.shape == found.mine.shape == shapes(found)["x"]


@pytest.mark.parametrize(
    "guard",
    [
        "assert x.size > 5",
        "x = x if x.size > 5 else [][0]",
        "x = x if x.size > 5 else x[:0]",  # another shape
        "if x.size <= 5: return x > 0",  # another type
        "if x.size <= 5: return [x]",  # no array at all
    ],
)
def test_a_submission_that_fails_on_small_inputs_is_shown_on_larger_ones(guard, numpy_nursery):
    wrong = edited(SQUARE, ("    return s * x * x\n", f"    {guard}\n    return s * x * x + 1\n"))
    found = smallest(SQUARE, SQUARE_SPEC, wrong, numpy_nursery)
    assert found.calls[0].arguments["x"].size > 5
    assert is_wrong(found)


def test_inputs_that_the_solution_does_not_take_are_not_shown(numpy_nursery):
    """With one row an unbiased variance is NaN: it is no example of anything."""
    text, spec = function(
        "((x - x.mean(0)) ** 2).sum(0) / (len(x) - 1)", lambda rng: {"x": rng.normal(size=(6, 5))}
    )
    found = smallest(text, spec, edited(text, ("(len(x) - 1)", "len(x)")), numpy_nursery)
    assert shapes(found) == {"x": (2, 1)}
    assert np.isfinite(found.expected).all()


def test_several_calls_are_cut_together(numpy_nursery):
    text = "def f(x, v):\n    v = 0.5 * v + x\n    return v\n"

    def draw(rng):
        return [
            Call({"x": rng.normal(size=6), "v": np.zeros(6)}),
            Call({"x": rng.normal(size=6)}),
        ]

    spec = Spec("f", ("v",), reference=None, cases=(Case("steps", draw, stage="steps"),))
    wrong = edited(text, ("0.5 * v + x", "0.9 * v + x"))
    found = smallest(text, spec, wrong, numpy_nursery)
    assert [{n: v.shape for n, v in c.arguments.items()} for c in found.calls] == [
        {"x": (1,), "v": (1,)},
        {"x": (1,)},
    ]
    assert is_wrong(found)


def test_the_same_submission_has_the_same_counterexample(numpy_nursery):
    wrong = edited(SQUARE, ("s * x * x\n", "s * x * x.mean()\n"))
    one, two = (smallest(SQUARE, SQUARE_SPEC, wrong, numpy_nursery, seed=5) for _ in range(2))
    assert np.array_equal(one.calls[0].arguments["x"], two.calls[0].arguments["x"])
    assert np.array_equal(one.mine, two.mine)
    assert (one.dtype, one.name, one.allowed) == (two.dtype, two.name, two.allowed)


def test_a_submission_that_ends_while_it_is_asked_keeps_its_verdict(numpy_nursery):
    source = edited(
        SQUARE,
        (
            "    return s * x * x\n",
            "    import os\n    x.size > 5 or os._exit(0)\n    return 0 * x\n",
        ),
    )
    verdict = judged(SQUARE, SQUARE_SPEC, source, numpy_nursery)
    assert verdict.kind == "wrong"
    assert verdict.counterexample is None


def test_the_search_ends(numpy_nursery, monkeypatch):
    """Whatever the submission answers; each question is counted."""
    asked = []
    attempt = shrink.Search.attempt

    def counted(self, calls):
        asked.append(calls)
        return attempt(self, calls)

    monkeypatch.setattr(shrink.Search, "attempt", counted)
    text, spec = function(
        "x + 0", lambda rng: {"x": rng.normal(size=(2, 3, 4, 5, 6, 7, 8))[..., :1, :2, :1, :1]}
    )
    source = edited(text, ("x + 0", "x + 1"))
    assert smallest(text, spec, source, numpy_nursery) is not None
    assert 2 <= len(asked) <= shrink.TRIES + 2 * 3 * 7 + 3


def test_random_results_have_no_counterexample(numpy_nursery):
    from .test_sheet import COIN, COIN_SPEC

    spec = replace(COIN_SPEC, reference=None)
    verdict = judged(COIN, spec, edited(COIN, ("< p", "< 1 - p")), numpy_nursery)
    assert verdict.kind == "wrong"
    assert verdict.output == "share"
    assert verdict.counterexample is None
    assert verdict.pattern is None
