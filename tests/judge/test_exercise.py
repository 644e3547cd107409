"""Which mistake, or which convention, answers just as a submission does: its name, or none."""

from dataclasses import replace

import numpy as np
import pytest

from interview_cli.errors import JudgeError
from interview_cli.judge.exercise import edited as with_edits
from interview_cli.judge.exercise import is_as_bad
from interview_cli.judge.subjects import Bank
from interview_cli.spec import Call, Case, Spec

from .toys import (
    ABSOLUTE,
    AFFINE,
    AFFINE_SPEC,
    DIVIDES,
    HALF_W,
    MEAN,
    MINUS_BIAS,
    NO_BIAS,
    S_TWICE,
    SQUARE,
    SQUARE_SPEC,
    convention,
    edited,
    exercise,
    mistake,
)


def answers_of(found, source, part="outputs"):
    """What code in this process makes of all questions of one part."""
    answers = {}
    for question in found.sheet().every_question():
        if question.part == part:
            try:
                answers[question] = found.sheet().ask(Bank(source, found.spec), question)
            except Exception:
                answers[question] = None
    return answers


def named(source, spec=AFFINE_SPEC, text=AFFINE, known=(), part="outputs"):
    found = exercise(text, spec)
    return found.named(answers_of(found, source, part), known)


def affine(total="(x * w).sum(1)", y="s * total + b"):
    """The affine map, written otherwise than the solution."""
    return f"import numpy as np\ndef affine(x, w, b, s=2.0):\n    total = {total}\n    return {y}\n"


# Edits.


def test_edits_are_made_one_after_another():
    both = with_edits(AFFINE, (MEAN, NO_BIAS))
    assert both == edited(AFFINE, (".sum(1)", ".mean(1)"), ("+ b", "+ 0 * b"))
    assert with_edits(AFFINE, ()) == AFFINE


@pytest.mark.parametrize(
    "variant",
    [
        mistake("nowhere", "x @ w", "x"),
        mistake("twice", "total", "sum"),
        mistake("second nowhere", ".sum(1)", ".mean(1)", also=(("x @ w", "x"),)),
        mistake("gone by then", ".sum(1)", ".mean(1)", also=((".sum(1)", ".max(1)"),)),
    ],
    ids=lambda v: v.name,
)
def test_an_edit_that_does_not_stand_there_exactly_once_makes_no_variant(variant):
    assert with_edits(AFFINE, (variant,)) is None
    assert exercise(AFFINE, AFFINE_SPEC).made_of((variant,)) is None


def test_edits_that_clash_are_an_error_where_they_are_asked_for():
    # Both want " * total", and after the one there is no other.
    clash = (S_TWICE, mistake("halved", "return s * total", "return s / 2 * total"))
    found = exercise(AFFINE, AFFINE_SPEC)
    with pytest.raises(JudgeError, match="toy/toy with the edits s-twice, halved does not run"):
        found.sheet(clash)


def test_further_edits_belong_to_the_variant():
    both = mistake("both", ".sum(1)", ".mean(1)", also=(("+ b", "- b"),))
    assert with_edits(AFFINE, (both,)) == edited(AFFINE, (".sum(1)", ".mean(1)"), ("+ b", "- b"))


def test_variants_are_made_once():
    found = exercise(AFFINE, AFFINE_SPEC)
    assert found.sheet((MEAN,)) is found.sheet((MEAN,))
    assert found.sheet() is not found.sheet((MEAN,))


def test_what_is_worked_out_ahead_changes_no_name_and_does_not_fail():
    raises = mistake("raises", ".sum(1)", ".sum(7)")
    nowhere = mistake("nowhere", "x @ w", "x")
    spec = replace(AFFINE_SPEC, mistakes=(*AFFINE_SPEC.mistakes, raises, nowhere))
    found = exercise(AFFINE, spec)
    for _ in found.ahead():
        pass
    assert found.named(answers_of(found, affine(y="s * s * total + b"))) == (S_TWICE,)


# One name.


@pytest.mark.parametrize(
    ("source", "variant"),
    [
        (affine("np.einsum('nd,d->n', x, w) / x.shape[1]"), MEAN),
        (affine(y="total * s"), NO_BIAS),
        (affine("x @ w", "total * s ** 2 + b"), S_TWICE),
        (affine("np.sqrt((x * w) ** 2).sum(1)"), ABSOLUTE),
        (affine("x @ w", "s * total - b"), MINUS_BIAS),
        (affine("x @ w", "b + total / s"), DIVIDES),
        (affine("x @ w / 2"), HALF_W),
    ],
)
def test_a_variant_is_named_however_it_is_written(source, variant):
    assert named(source) == (variant,)


@pytest.mark.parametrize(
    "y",
    [
        "s * total + b",  # right: nothing to be named
        "2 * s * total + b",
        "s * total + 3 * b",
        "0 * total",
        "s * total + b + 1e-6",
        "np.where(np.arange(len(x)) == 1, s * s * total + b, s * total + b)",
        "np.full(len(x), np.nan)",
        "total[None]",
    ],
)
def test_what_is_no_variant_has_no_name(y):
    assert named(affine(y=y)) == ()


def test_a_variant_that_agrees_in_all_but_one_question_is_not_the_name():
    """s * s is 2 * s where s is 2: only the case with another s tells them apart."""
    spec = replace(AFFINE_SPEC, cases=AFFINE_SPEC.cases[:2])
    source = affine(y="2 * s * total + b")
    assert named(source, spec) == (S_TWICE,)
    assert named(source) == ()


def test_two_mistakes_that_nothing_tells_apart_give_no_name():
    zeroed = mistake("bias-zeroed", "total + b", "total + b * 0")
    spec = replace(AFFINE_SPEC, mistakes=(*AFFINE_SPEC.mistakes, zeroed))
    assert named(affine(y="s * total"), spec) == ()
    assert named(affine(y="s * s * total + b"), spec) == (S_TWICE,)


def test_a_mistake_and_a_convention_that_nothing_tells_apart_give_no_name():
    subtracted = mistake("bias-subtracted", "+ b", "+ b * -1")
    spec = replace(AFFINE_SPEC, mistakes=(subtracted,))
    assert named(affine(y="s * total - b"), spec) == ()


def test_a_variant_that_is_right_is_never_the_name():
    """It agrees with a right answer, and with nothing wrong."""
    same = mistake("same", ".sum(1)", ".sum(axis=1)")
    spec = replace(AFFINE_SPEC, mistakes=(same,), conventions=())
    assert named(affine("x @ w"), spec) == ()
    assert named(affine(y="s * total"), spec) == ()


# Several names.


@pytest.mark.parametrize(
    ("y", "variants"),
    [
        ("s * total / x.shape[1]", {MEAN, NO_BIAS}),
        ("s * s * total / x.shape[1] + b", {MEAN, S_TWICE}),
        ("total / s - b", {MINUS_BIAS, DIVIDES}),
        ("s * total / 2 - b", {MINUS_BIAS, HALF_W}),
        ("total / s / 2 - b", {MINUS_BIAS, DIVIDES, HALF_W}),
        ("total / s", {DIVIDES, NO_BIAS}),
        ("total / s / x.shape[1] + b", {DIVIDES, MEAN}),
        ("s * abs(x * w).sum(1) - b", {MINUS_BIAS, ABSOLUTE}),
        ("total / s / x.shape[1] - b", {MINUS_BIAS, DIVIDES, MEAN}),
        ("total / s / x.shape[1] / 2 - b", {MINUS_BIAS, DIVIDES, HALF_W, MEAN}),
    ],
)
def test_variants_that_come_together_are_all_named(y, variants):
    found = named(affine(y=y))
    assert len(found) == len(variants)
    assert set(found) == variants


def test_one_variant_is_preferred_to_several():
    """The third mistake is what the first two are together."""
    both = mistake("mean-without-bias", "s * total + b", "s * total / x.shape[1]")
    spec = replace(AFFINE_SPEC, mistakes=(MEAN, NO_BIAS, both))
    assert named(affine("(x * w).mean(1)", "s * total"), spec) == (both,)


def test_the_smaller_set_of_conventions_is_taken():
    """The third convention is what the first two are together."""
    both = convention("both", "s * total + b", "total / s - b")
    spec = replace(AFFINE_SPEC, conventions=(MINUS_BIAS, DIVIDES, both))
    assert named(affine(y="total / s - b"), spec) == (both,)
    # Of a pair and a triple, the pair.
    twice = convention("half-w-divided", "s * total", "total / s / 2")
    spec = replace(AFFINE_SPEC, conventions=(MINUS_BIAS, DIVIDES, HALF_W, twice))
    assert set(named(affine(y="total / s / 2 - b"), spec)) == {MINUS_BIAS, twice}


def test_conventions_alone_are_preferred_to_a_mistake_beside_one():
    """No accusation where legitimate choices explain it."""
    doubled = mistake("quartered", "s * total", "s * total / s / s")
    spec = replace(AFFINE_SPEC, mistakes=(doubled,), conventions=(MINUS_BIAS, DIVIDES))
    assert set(named(affine(y="total / s - b"), spec)) == {MINUS_BIAS, DIVIDES}


def test_two_pairs_that_nothing_tells_apart_give_no_name():
    """Halved w and halved x, each with a negated bias."""
    half_x = convention("half-x", "(x * w)", "(x / 2 * w)")
    negated = mistake("negated", "total + b", "-total + b")
    spec = replace(AFFINE_SPEC, conventions=(HALF_W, half_x), mistakes=(negated,))
    assert named(affine(y="-s * total / 2 + b"), spec) == ()
    assert named(affine(y="-s * total + b"), spec) == (negated,)


def test_known_conventions_are_taken_for_right():
    found = named(affine(y="s * total / x.shape[1] - b"), known=(MINUS_BIAS,))
    assert found == (MEAN,)
    assert named(affine(y="total / s - b"), known=(MINUS_BIAS,)) == (DIVIDES,)
    assert named(affine(y="s * total - b"), known=(MINUS_BIAS,)) == ()


def test_a_convention_is_not_made_twice():
    """Known already, it could be made once more of its own edit."""
    squared = convention("s-squared", "s * total", "s * s * total")
    spec = replace(AFFINE_SPEC, conventions=(squared,), mistakes=())
    assert named(affine(y="s * s * total + b"), spec) == (squared,)
    assert named(affine(y="s * s * s * total + b"), spec, known=(squared,)) == ()


def test_a_pair_whose_edits_clash_is_no_candidate():
    clash = mistake("halved", "return s * total", "return s / 2 * total")
    spec = replace(AFFINE_SPEC, mistakes=(S_TWICE, clash), conventions=())
    assert named(affine(y="s * s / 2 * total + b"), spec) == ()
    assert named(affine(y="s / 2 * total + b"), spec) == (clash,)


# What raises or has another shape.


def test_a_mistake_that_raises_just_there_is_named():
    """An axis that only the case of three axes has."""
    text = "def last(x):\n    return x.sum(-1)\n"
    fixed = mistake("fixed-axis", "x.sum(-1)", "x.sum(2)")
    cases = (
        Case("cube", lambda rng: {"x": rng.normal(size=(2, 3, 4))}),
        Case("table", lambda rng: {"x": rng.normal(size=(2, 3))}),
    )
    spec = Spec("last", ("y",), reference=None, cases=cases, mistakes=(fixed,))
    assert named("def last(x):\n    return x.mean(2) * x.shape[2]\n", spec, text) == (fixed,)
    assert named("def last(x):\n    return x.sum(1)\n", spec, text) == ()
    assert named("def last(x):\n    raise ValueError\n", spec, text) == ()


WRONG_AXIS = mistake("wrong-axis", ".sum(1)", ".sum(2)")


@pytest.mark.parametrize(
    "source",
    [
        affine(y="s * total + c"),
        affine(y="list(s * total + b)"),
        affine(y="(total, b)"),
        "def affine(x, w, b, s=2.0):\n    raise ValueError\n",
    ],
)
def test_two_that_have_no_answer_to_anything_are_not_alike(source):
    """A mistake that raises is not what was made by everybody whose code raises."""
    spec = replace(AFFINE_SPEC, mistakes=(WRONG_AXIS,), conventions=())
    assert named(source, spec) == ()


def test_edits_that_are_no_python_together_are_no_candidate():
    opened = mistake("opened", "s * total", "(s * total", also=(("+ b", "+ 2 * b)"),))
    ended = mistake("ended", "+ 2 * b)", "+ 3 * b")
    unfinished = mistake("unfinished", "return s", "return s s")
    spec = replace(AFFINE_SPEC, mistakes=(MEAN, opened, ended, unfinished), conventions=())
    assert named(affine("(x * w).mean(1)"), spec) == (MEAN,)
    assert named(affine(y="7 * total"), spec) == ()


def test_a_mistake_of_another_shape_is_named():
    text = "def total(x):\n    return x.sum(1)\n"
    kept = mistake("kept", "x.sum(1)", "x.sum(1, keepdims=True)")
    other = mistake("other-axis", "x.sum(1)", "x.sum(0)")
    cases = (Case("plain", lambda rng: {"x": rng.normal(size=(3, 4))}),)
    spec = Spec("total", ("y",), reference=None, cases=cases, mistakes=(kept, other))
    assert named("def total(x):\n    return x.sum(1)[:, None]\n", spec, text) == (kept,)
    assert named("def total(x):\n    return x.T.sum(1)\n", spec, text) == (other,)
    assert named("def total(x):\n    return x.sum()\n", spec, text) == ()


def test_a_mistake_of_the_way_back_is_named_by_the_gradients():
    wrong = edited(SQUARE, ("2 * s * x * dy", "dy * x * 2"))
    (forgotten,) = SQUARE_SPEC.mistakes[1:]
    assert named(wrong, SQUARE_SPEC, SQUARE, part="gradients") == (forgotten,)
    assert named(wrong, SQUARE_SPEC, SQUARE, part="outputs") == ()


# Numerical garbage.

VARIANCE = """
import numpy as np

def variance(x):
    return ((x - x.mean(0)) ** 2).mean(0)
"""
ONE_PASS = mistake("one-pass", "((x - x.mean(0)) ** 2).mean(0)", "(x * x).mean(0) - x.mean(0) ** 2")
VARIANCE_SPEC = Spec(
    "variance",
    ("var",),
    reference=None,
    rtol=1e-5,
    cases=(
        Case("plain", lambda rng: {"x": rng.normal(size=(30, 3))}),
        Case("far", lambda rng: {"x": rng.normal(1e4, 1, (64, 3))}, stage="stability"),
    ),
    mistakes=(ONE_PASS,),
)


def variance(formula):
    return f"import numpy as np\ndef variance(x):\n    return {formula}\n"


@pytest.mark.parametrize(
    "formula",
    [
        "(x ** 2).sum(0) / len(x) - (x.sum(0) / len(x)) ** 2",
        "np.einsum('nc,nc->c', x, x) / len(x) - x.mean(0) ** 2",
        "(x[::-1] ** 2).mean(0) - x[::-1].mean(0) ** 2",
        "np.mean(np.square(x.T), 1) - np.square(np.mean(x.T, 1))",
    ],
)
def test_garbage_of_the_same_size_is_the_same_mistake(formula):
    assert named(variance(formula), VARIANCE_SPEC, VARIANCE) == (ONE_PASS,)


@pytest.mark.parametrize(
    "noise", ["1e-3", "1e4", "1e9"], ids=["much-smaller", "much-larger", "huge"]
)
def test_garbage_of_another_size_is_another_mistake(noise):
    """float64 is right, and what is lost in float32 is not what the one pass loses."""
    formula = f"x.var(0) + np.asarray((x.dtype == 'f4') * (x.max() > 1e3) * {noise}, x.dtype)"
    assert named(variance(formula), VARIANCE_SPEC, VARIANCE) == ()


def test_an_answer_that_survives_is_not_the_one_that_loses_its_digits():
    assert named(variance("x.var(0)"), VARIANCE_SPEC, VARIANCE) == ()


@pytest.mark.parametrize(
    ("mine", "theirs", "is_so"),
    [
        (1.0, 1.0, True),
        (29.0, 1.0, True),
        (31.0, 1.0, False),
        (1.0, 29.0, True),
        (1.0, 31.0, False),
        (np.inf, np.inf, True),
        (np.inf, 1.0, False),
        (1.0, np.inf, True),  # what overflows in one may just survive in another ...
        (1e-9, np.inf, False),  # ... but not be right
    ],
)
def test_garbage_is_compared_by_its_size(mine, theirs, is_so):
    assert is_as_bad(mine, theirs, 1e-6) is is_so


def test_a_mistake_that_overflows_is_named_though_another_overflows_elsewhere():
    text = "import numpy as np\ndef soft(x):\n    e = np.exp(x - x.max())\n    return e / e.sum()\n"
    naive = mistake("no-max", "x - x.max()", "x")
    cases = (
        Case("plain", lambda rng: {"x": rng.normal(size=5)}),
        Case("large", lambda rng: {"x": np.array([1000.0, 999.0, 0.0])}, stage="stability"),
    )
    spec = Spec("soft", ("p",), reference=None, cases=cases, mistakes=(naive,))
    source = "import numpy as np\ndef soft(x):\n    return np.exp(x) / np.exp(x).sum()\n"
    assert named(source, spec, text) == (naive,)


# Several calls, and objects.


def test_a_mistake_of_the_state_is_named():
    text = "def track(x, mean, t):\n    mean = mean + (x.mean() - mean) / t\n    return mean\n"

    def draw(rng):
        calls = [Call({"x": rng.normal(size=3), "t": t}) for t in (1, 2, 3)]
        calls[0].arguments["mean"] = np.zeros(())
        return calls

    fixed = mistake("fixed-t", "/ t", "/ 2")
    forgets = mistake("forgets", "mean + (x.mean() - mean) / t", "x.mean() / t")
    spec = Spec(
        "track",
        ("mean",),
        reference=None,
        cases=(Case("steps", draw, stage="steps"),),
        mistakes=(fixed, forgets),
    )
    halved = "def track(x, mean, t):\n    return (mean + x.mean()) / 2\n"
    assert named(halved, spec, text) == (fixed,)
    assert named("def track(x, mean, t):\n    return x.sum() / len(x) / t\n", spec, text) == (
        forgets,
    )
    assert named("def track(x, mean, t):\n    return x.mean()\n", spec, text) == ()
