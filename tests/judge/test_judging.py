"""A submission before the judge: every kind of spec, stage by stage, to its verdict."""

import copy
from dataclasses import replace

import numpy as np
import pytest

from interview_cli.judge.child import Child
from interview_cli.judge.judging import judge
from interview_cli.judge.verdict import StageResult, Verdict, as_data
from interview_cli.spec import Call, Case, Rng, Spec, Statistic

from .test_sheet import COIN, COIN_SPEC, OTHER_COINS
from .toys import (
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
    conventions_of,
    edited,
    events,
    exercise,
    judged,
    mistake,
    mistakes_of,
)


def one_line(name, arguments, formula, outputs, draw, **options):
    text = f"import math\nimport numpy as np\ndef {name}({arguments}):\n    return {formula}\n"
    options.setdefault("cases", (Case("plain", draw),))
    return text, Spec(name, outputs, reference=None, **options)


# A loss with a gradient.

MSE = '''
def mse(x, target):
    """x target (N, D) -> loss ()."""
    return ((x - target) ** 2).mean()


def mse_backward(dy, x, target):
    """dy (), x target (N, D) -> dx (N, D)."""
    return 2 * (x - target) / x.size * dy
'''


def pair(rng, shape=(4, 3), scale=1.0):
    return {"x": scale * rng.normal(size=shape), "target": scale * rng.normal(size=shape)}


MSE_SPEC = Spec(
    "mse",
    ("loss",),
    reference=None,
    backward="mse_backward",
    gradients=("x",),
    cases=(
        Case("plain", pair),
        Case("one row", lambda rng: pair(rng, (1, 5))),
        Case("huge", lambda rng: pair(rng, scale=1e6), stage="stability"),
    ),
    mistakes=(
        mistake("sum", ".mean()", ".sum()"),
        mistake("over-the-rows", ".mean()", ".sum() / len(x)"),
        mistake("halved", "((x - target) ** 2)", "((x - target) ** 2 / 2)"),
        mistake("way-back-not-averaged", "/ x.size * dy", "* dy"),
        mistake("way-back-negated", "(x - target) / x.size", "(target - x) / x.size"),
        mistake("cotangent-forgotten", "/ x.size * dy", "/ x.size"),
    ),
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("((x - target) ** 2).mean()", "((target - x) ** 2).sum() / x.size"),
        ("((x - target) ** 2).mean()", "float(((x - target) ** 2).mean())"),
        ("((x - target) ** 2).mean()", "(x * x - 2 * x * target + target * target).mean()"),
        ("2 * (x - target) / x.size * dy", "(2 * dy / x.size) * x - (2 * dy / x.size) * target"),
    ],
)
def test_a_right_loss_is_accepted(old, new, numpy_nursery):
    verdict = judged(MSE, MSE_SPEC, edited(MSE, (old, new)), numpy_nursery)
    assert verdict.is_accepted, verdict
    assert [s.state for s in verdict.stages] == ["passed"] * 4
    assert (verdict.mistakes, verdict.conventions, verdict.widened) == ((), (), ())


@pytest.mark.parametrize(
    ("old", "new", "name", "stage", "output"),
    [
        (".mean()", ".sum()", "sum", "forward", "loss"),
        (".mean()", ".mean(0).sum()", "over-the-rows", "forward", "loss"),
        ("((x - target) ** 2)", "(0.5 * (target - x) ** 2)", "halved", "forward", "loss"),
        ("/ x.size * dy", "* dy", "way-back-not-averaged", "backward", "dx"),
        ("2 * (x - target)", "-2 * (x - target)", "way-back-negated", "backward", "dx"),
        ("/ x.size * dy", "/ x.size", "cotangent-forgotten", "backward", "dx"),
    ],
)
def test_a_mistake_of_a_loss_has_its_name_and_its_place(
    old, new, name, stage, output, numpy_nursery
):
    verdict = judged(MSE, MSE_SPEC, edited(MSE, (old, new)), numpy_nursery)
    assert (verdict.kind, mistakes_of(verdict)) == ("mistake", [name])
    assert (verdict.stage.name, verdict.output) == (stage, output)
    assert verdict.case == "plain"
    assert verdict.counterexample is not None


@pytest.mark.parametrize(
    ("source", "stage"),
    [
        ("((x - target) ** 2).mean()", None),
        ("torch.nn.functional.mse_loss(x, target)", None),
        ("((x - target) ** 2).sum()", "forward"),
        ("((x - target).detach() ** 2).mean()", "backward"),
        ("((x - target.detach()) ** 2).mean()", None),  # its gradient is not asked for
        ("torch.tensor(((x - target) ** 2).mean().item(), dtype=x.dtype)", "backward"),
    ],
)
def test_the_gradients_of_a_torch_submission_are_autograds(source, stage, torch_nursery):
    text = f"import torch\ndef mse(x, target):\n    return {source}\n"
    verdict = judged(MSE, MSE_SPEC, text, torch_nursery, "torch")
    assert verdict.is_accepted == (stage is None), verdict
    assert (verdict.stage and verdict.stage.name) == stage


def test_a_detached_torch_submission_is_told_so(torch_nursery):
    text = "import torch\ndef mse(x, target):\n    return ((x - target).detach() ** 2).mean()\n"
    verdict = judged(MSE, MSE_SPEC, text, torch_nursery, "torch")
    assert (verdict.kind, verdict.stage.name) == ("shape", "backward")
    assert verdict.detail == "autograd finds no way from loss back to x"
    assert verdict.mistakes == ()


def test_a_gradient_of_autograd_that_is_wrong_is_found(torch_nursery):
    """Right in the forward pass, but half of it detached."""
    text = edited(
        "import torch\ndef mse(x, target):\n    return ((x - target) * D).mean()\n",
        ("D", "(x - target).detach()"),
    )
    verdict = judged(MSE, MSE_SPEC, text, torch_nursery, "torch")
    assert (verdict.kind, verdict.stage.name, verdict.output) == ("wrong", "backward", "dx")


def test_the_mistake_of_a_torch_submission_is_named(torch_nursery):
    text = "import torch\ndef mse(x, target):\n    return ((x - target) ** 2).sum() / len(x)\n"
    verdict = judged(MSE, MSE_SPEC, text, torch_nursery, "torch")
    assert mistakes_of(verdict) == ["over-the-rows"]


# The way back.


@pytest.mark.parametrize("wrong", ["2 * s * x", "2 * s * x * dy.mean()", "2 * s * x * abs(dy)"])
def test_a_way_back_that_is_right_for_a_sum_is_wrong(wrong, numpy_nursery):
    source = edited(SQUARE, ("2 * s * x * dy", wrong))
    verdict = judged(SQUARE, SQUARE_SPEC, source, numpy_nursery)
    assert (verdict.kind, verdict.stage.name, verdict.output) == ("wrong", "backward", "dx")


def test_a_way_back_that_is_not_there_is_unwritten(numpy_nursery):
    source = edited(SQUARE, ("def square_backward", "def square_back"))
    verdict = judged(SQUARE, SQUARE_SPEC, source, numpy_nursery)
    assert (verdict.kind, verdict.stage.name) == ("unwritten", "backward")
    assert verdict.detail == "square_backward"
    assert [s.state for s in verdict.stages] == ["passed", "passed", "passed", "failed", "open"]


ECHO = """
def half(x, n):
    y = x / 2
    return y, y + n

def half_backward(dy, GIVEN):
    assert dy is not None
    return RESULT
"""


@pytest.mark.parametrize(
    ("given", "result"),
    [("x", "dy / 2 + 0 * x"), ("y, z, n", "dy / 2 + 0 * (z - y - n)"), ("x, y", "dy * (y / x)")],
)
def test_a_way_back_is_given_what_it_names_of_arguments_and_outputs(given, result, numpy_nursery):
    text = ECHO.replace("GIVEN", given).replace("RESULT", result)
    spec = Spec(
        "half",
        ("y", "z"),
        reference=None,
        backward="half_backward",
        gradients=("x",),
        cases=(Case("plain", lambda rng: {"x": rng.normal(size=5), "n": 1.0}),),
    )
    assert judged(text, spec, text, numpy_nursery).is_accepted


def test_the_outputs_that_a_way_back_is_given_are_its_own(numpy_nursery):
    """Not the right ones: those would give the answer away, and hide which half is wrong."""
    text = edited(ECHO, ("GIVEN", "z"), ("RESULT", "dy * (z > 0)"))
    spec = Spec(
        "half",
        ("y", "z"),
        reference=None,
        backward="half_backward",
        gradients=("x",),
        cases=(
            Case("plain", lambda rng: {"x": np.array([1.0, 2.0]), "n": 0.0}),
            Case("negative", lambda rng: {"x": np.array([1.0, -2.0]), "n": 0.0}),
        ),
    )
    own = edited(
        text, ("def half(x, n):", "def half(x, n, z=None):"), ("dy * (z > 0)", "dy * (z > -9)")
    )
    verdict = judged(text, spec, own, numpy_nursery)
    assert (verdict.stage.name, verdict.case) == ("backward", "negative")


# A layer with a state that is carried over.

LAYER = """
def centre(x, mean, training=True, momentum=0.25):
    if training:
        now = x.mean(0)
        mean = (1 - momentum) * mean + momentum * now
    else:
        now = mean
    return x - now, mean
"""


def layer_draw(rng):
    return {"x": rng.normal(1, 2, (5, 3)), "mean": rng.normal(size=3)}


def layer_calls(rng):
    return [
        Call(layer_draw(rng)),
        Call({"x": rng.normal(3, 1, (4, 3))}),
        Call({"x": rng.normal(size=(2, 3)), "training": False}),
    ]


LAYER_SPEC = Spec(
    "centre",
    ("y", "mean"),
    reference=None,
    cases=(
        Case("plain", layer_draw),
        Case("evaluation", lambda rng: {**layer_draw(rng), "training": False}, stage="evaluation"),
        Case("three calls", layer_calls, stage="steps"),
    ),
    mistakes=(
        mistake("eval-uses-the-batch", "now = mean\n", "now = x.mean(0)\n"),
        mistake("updated-in-eval", "now = mean\n", "now = mean\n        mean = 0.75 * mean\n"),
        mistake("over-everything", "now = x.mean(0)\n", "now = x.mean() + 0 * mean\n"),
    ),
    conventions=(
        convention("old-weight", "(1 - momentum) * mean + momentum", "momentum * mean + 0.75"),
    ),
)


def test_a_layer_with_a_state_is_accepted_and_its_stages_come_in_order(numpy_nursery):
    other = edited(
        LAYER, ("(1 - momentum) * mean + momentum * now", "mean + momentum * (now - mean)")
    )
    verdict = judged(LAYER, LAYER_SPEC, other, numpy_nursery)
    assert verdict.is_accepted
    assert [s.stage.name for s in verdict.stages] == [
        "shape",
        "forward",
        "evaluation",
        "steps",
        "stability",
    ]


def test_a_layer_that_forgets_its_state_in_a_later_call_fails_in_the_steps(numpy_nursery):
    """It keeps the state for itself, and right for one call."""
    source = "kept = {}\n" + edited(
        LAYER,
        (
            "    if training:",
            "    mean = kept.setdefault('mean', mean) if len(x) < 5 else mean\n    if training:",
        ),
    )
    verdict = judged(LAYER, LAYER_SPEC, source, numpy_nursery)
    assert (verdict.kind, verdict.stage.name) == ("wrong", "steps")
    assert verdict.case == "three calls"
    assert verdict.output.split("[")[0] in ("y", "mean")


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        ("eval-uses-the-batch", "evaluation"),
        ("updated-in-eval", "evaluation"),
        ("over-everything", "forward"),
    ],
)
def test_a_mistake_of_a_layer_is_named_in_its_stage(name, stage, numpy_nursery):
    (found,) = (m for m in LAYER_SPEC.mistakes if m.name == name)
    verdict = judged(LAYER, LAYER_SPEC, edited(LAYER, (found.old, found.new)), numpy_nursery)
    assert (mistakes_of(verdict), verdict.stage.name) == ([name], stage)


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        ("x -= now; return x, mean", "modified its input x"),
        ("mean *= 2; return x - now, mean", "modified its input mean"),
    ],
)
def test_a_layer_that_modifies_its_input_is_told_so(line, detail, numpy_nursery):
    source = edited(LAYER, ("return x - now, mean", line))
    if "mean *=" in line:
        source = edited(source, ("        mean = (1", "        mean[:] = (1"))
    verdict = judged(LAYER, LAYER_SPEC, source, numpy_nursery)
    assert (verdict.kind, verdict.detail) == ("modified", detail)
    assert verdict.mistakes == ()


# An optimizer over several steps.

STEP = """
def step(w, b, grad_w, grad_b, v_w, v_b, t, lr=0.1, momentum=0.9):
    v_w = momentum * v_w + grad_w
    v_b = momentum * v_b + grad_b
    rate = lr / t
    return w - rate * v_w, b - rate * v_b, v_w, v_b
"""


def steps(rng):
    def grads():
        return {"grad_w": rng.normal(size=(3, 2)), "grad_b": rng.normal(size=2)}

    first = {"w": rng.normal(size=(3, 2)), "b": rng.normal(size=2)}
    zero = {"v_w": np.zeros((3, 2)), "v_b": np.zeros(2)}
    return [Call({**first, **zero, **grads(), "t": 1})] + [
        Call({**grads(), "t": t}) for t in (2, 3)
    ]


STEP_SPEC = Spec(
    "step",
    ("w", "b", "v_w", "v_b"),
    reference=None,
    cases=(Case("three steps", steps, stage="steps"),),
    mistakes=(
        mistake("decay-ignored", "lr / t", "lr"),
        mistake("one-velocity", "momentum * v_b + grad_b", "v_w.sum(0)"),
        mistake(
            "old-velocity",
            "v_w = momentum * v_w + grad_w",
            "v_w, old = momentum * v_w + grad_w, v_w",
            also=(("w - rate * v_w", "w - rate * old"),),
        ),
        mistake("momentum-from-the-second-step", "momentum * v_b", "(t > 1) * v_b"),
    ),
)


def test_an_optimizer_of_two_parameters_is_accepted(numpy_nursery, torch_nursery):
    assert judged(STEP, STEP_SPEC, STEP, numpy_nursery).is_accepted
    in_torch = "import torch\n" + edited(STEP, ("momentum * v_b", "v_b.mul(momentum)"))
    assert judged(STEP, STEP_SPEC, in_torch, torch_nursery, "torch").is_accepted


@pytest.mark.parametrize("variant", STEP_SPEC.mistakes, ids=lambda m: m.name)
def test_a_mistake_of_an_optimizer_is_named(variant, numpy_nursery):
    source = edited(STEP, *variant.edits)
    verdict = judged(STEP, STEP_SPEC, source, numpy_nursery)
    assert (mistakes_of(verdict), verdict.stage.name) == ([variant.name], "steps")


def test_an_optimizer_that_goes_wrong_in_its_third_step_is_found_there(numpy_nursery):
    source = edited(STEP, ("lr / t", "lr / min(t, 2)"))
    verdict = judged(STEP, STEP_SPEC, source, numpy_nursery)
    assert (verdict.kind, verdict.output) == ("wrong", "w[3]")
    wrong = {c.name for c in verdict.errors if not c.is_right}
    assert wrong == {"w[3]", "b[3]"}


def test_an_optimizer_in_place_is_told_so(numpy_nursery):
    source = edited(STEP, ("    return w - rate * v_w, b", "    w -= rate * v_w\n    return w, b"))
    verdict = judged(STEP, STEP_SPEC, source, numpy_nursery)
    assert (verdict.kind, verdict.detail) == ("modified", "modified its input w")


# A schedule.


def schedule(formula):
    return one_line(
        "warmup",
        "steps, peak=0.1",
        formula,
        ("lr",),
        None,
        cases=(
            Case("plain", lambda rng: {"steps": 7}),
            Case("other peak", lambda rng: {"steps": 4, "peak": 0.5}, stage="options"),
        ),
    )


@pytest.mark.parametrize(
    "formula",
    [
        "np.arange(1, steps + 1) / steps * peak",
        "np.array([peak * t / steps for t in range(1, steps + 1)])",
        "np.linspace(0, peak, steps + 1)[1:]",
        "(np.arange(1, steps + 1) * peak / steps).astype('f4').astype('f8')",
    ],
)
def test_the_values_of_a_schedule_are_compared(formula, numpy_nursery):
    text, spec = schedule("peak * np.arange(1, steps + 1) / steps")
    verdict = judged(text, spec, schedule(formula)[0], numpy_nursery)
    assert verdict.is_accepted == ("f4" not in formula), verdict
    assert verdict.widened == ()  # nobody gave it a type


@pytest.mark.parametrize(
    ("formula", "detail"),
    [
        ("[peak * t / steps for t in range(1, steps + 1)]", "lr is a list instead of an array"),
        ("np.arange(1, steps + 1)", "lr is int64 instead of float64"),
        ("np.arange(steps + 1) / steps * peak", "lr has the shape (8,) instead of (7,)"),
        ("(peak * t / steps for t in range(1, steps))", "lr is a generator instead of an array"),
        ("None", "lr is None instead of an array"),
        ("np.arange(1, steps + 1) / steps * peak, 1", "returned 2 outputs instead of 1"),
    ],
)
def test_what_is_no_array_is_told_in_words(formula, detail, numpy_nursery):
    text, spec = schedule("peak * np.arange(1, steps + 1) / steps")
    verdict = judged(text, spec, schedule(formula)[0], numpy_nursery)
    assert (verdict.kind, verdict.detail) == ("shape", detail)
    assert verdict.stage.name == "shape"
    assert verdict.case == "plain"


# Plain mathematics.


@pytest.mark.parametrize(
    "formula",
    [
        "1 / (1 + math.exp(-z))",
        "1 / (1 + np.exp(-z))",
        "np.asarray(1 / (1 + math.exp(-z)))",
        "0.5 * (1 + math.tanh(z / 2))",
    ],
)
def test_a_number_may_be_a_python_float_or_numpys(formula, numpy_nursery):
    text, spec = one_line(
        "sigmoid",
        "z",
        "1 / (1 + math.exp(-z))",
        ("p",),
        None,
        cases=(
            Case("plain", lambda rng: {"z": float(rng.normal())}),
            Case("zero", lambda rng: {"z": 0.0}),
        ),
    )
    verdict = judged(text, spec, text.replace("1 / (1 + math.exp(-z))", formula), numpy_nursery)
    assert verdict.is_accepted, verdict
    wrong = judged(text, spec, edited(text, ("-z", "z")), numpy_nursery)
    assert (wrong.kind, wrong.output) == ("wrong", "p")


def test_a_whole_number_has_to_be_whole_and_exact(numpy_nursery):
    text, spec = one_line(
        "choose",
        "n, k",
        "math.comb(n, k)",
        ("count",),
        None,
        cases=(Case("plain", lambda rng: {"n": 30, "k": 12}),),
    )
    assert judged(text, spec, text, numpy_nursery).is_accepted
    off = judged(
        text, spec, edited(text, ("math.comb(n, k)", "math.comb(n, k) + 1")), numpy_nursery
    )
    assert off.kind == "wrong"
    floats = edited(text, ("math.comb(n, k)", "float(math.comb(n, k))"))
    found = judged(text, spec, floats, numpy_nursery)
    assert (found.kind, found.detail) == ("shape", "count is float64 instead of int64")


# Detection: indices, in their order.

NMS = """
import numpy as np

def keep(place, score, far=0.5):
    kept = []
    for i in np.argsort(-score):
        if all(abs(place[i] - place[j]) > far for j in kept):
            kept.append(i)
    return np.array(kept, np.int64)
"""
NMS_SPEC = Spec(
    "keep",
    ("kept",),
    reference=None,
    cases=(
        Case("plain", lambda rng: {"place": rng.uniform(0, 4, 12), "score": rng.uniform(size=12)}),
        Case("one", lambda rng: {"place": np.ones(1), "score": np.ones(1)}),
        Case("all apart", lambda rng: {"place": np.arange(5.0), "score": rng.uniform(size=5)}),
        Case(
            "other distance",
            lambda rng: {"place": rng.uniform(0, 4, 12), "score": rng.uniform(size=12), "far": 1.5},
            stage="options",
        ),
    ),
    mistakes=(
        mistake("worst-first", "-score", "score"),
        mistake("only-the-last-kept", "for j in kept)", "for j in kept[-1:])"),
        mistake("sorted-by-place", "np.array(kept, np.int64)", "np.sort(np.array(kept, np.int64))"),
        mistake("only-the-best-suppresses", "for j in kept)", "for j in kept[:1])"),
    ),
)


def test_indices_are_accepted_however_they_are_found(numpy_nursery, torch_nursery):
    other = """
import numpy as np
def keep(place, score, far=0.5):
    alive, kept = np.ones(len(place), bool), []
    while alive.any():
        best = np.flatnonzero(alive)[score[alive].argmax()]
        kept.append(best)
        alive &= np.abs(place - place[best]) > far
    return np.asarray(kept)
"""
    assert judged(NMS, NMS_SPEC, other, numpy_nursery).is_accepted
    in_torch = """
import torch
def keep(place, score, far=0.5):
    order, kept = score.argsort(descending=True), []
    while len(order):
        kept.append(order[0])
        order = order[(place[order] - place[order[0]]).abs() > far]
    return torch.stack(kept)
"""
    assert judged(NMS, NMS_SPEC, in_torch, torch_nursery, "torch").is_accepted


@pytest.mark.parametrize("variant", NMS_SPEC.mistakes, ids=lambda m: m.name)
def test_a_mistake_of_indices_is_named_though_it_keeps_another_number(variant, numpy_nursery):
    verdict = judged(NMS, NMS_SPEC, edited(NMS, *variant.edits), numpy_nursery)
    assert (verdict.kind, mistakes_of(verdict)) == ("mistake", [variant.name])


def test_the_order_of_indices_matters(numpy_nursery):
    spec = replace(NMS_SPEC, mistakes=())
    source = edited(NMS, ("np.array(kept, np.int64)", "np.array(kept[::-1], np.int64)"))
    verdict = judged(NMS, spec, source, numpy_nursery)
    assert (verdict.kind, verdict.output) == ("wrong", "kept")


@pytest.mark.parametrize(
    ("result", "detail"),
    [
        ("np.array(kept, np.int32)", "kept is int32 instead of int64"),
        ("np.array(kept, float)", "kept is float64 instead of int64"),
        ("np.isin(np.arange(len(place)), kept)", "kept has the shape (12,) instead of"),
        ("kept", "kept is a list instead of an array"),
    ],
)
def test_indices_of_another_type_are_told_in_words(result, detail, numpy_nursery):
    source = edited(NMS, ("np.array(kept, np.int64)", result))
    verdict = judged(NMS, NMS_SPEC, source, numpy_nursery)
    assert verdict.kind == "shape"
    assert verdict.detail.startswith(detail)
    assert verdict.mistakes == ()


# Random results.


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("formula", OTHER_COINS[:2])
def test_a_right_generator_is_accepted_with_every_seed(formula, seed, numpy_nursery):
    source = edited(COIN, ("(rng.random(n) < p) * 1.0", formula))
    assert judged(COIN, COIN_SPEC, source, numpy_nursery, seed=seed).is_accepted


def test_a_torch_generator_is_one_too(torch_nursery):
    source = "import torch\ndef coin(n, p, rng):\n    return (R < p).double()\n"
    right = edited(source, ("R", "torch.rand(n, generator=rng)"))
    assert judged(COIN, COIN_SPEC, right, torch_nursery, "torch").is_accepted
    biased = edited(source, ("R", "torch.randn(n, generator=rng)"))
    assert judged(COIN, COIN_SPEC, biased, torch_nursery, "torch").kind == "wrong"


COINS = replace(
    COIN_SPEC,
    repeats=64,  # so that no two shares are close to each other
    mistakes=(
        mistake("normal", "rng.random(n)", "rng.normal(size=n)"),
        mistake("never", "(rng.random(n) < p) * 1.0", "np.zeros(n)"),
    ),
    conventions=(convention("keeps", "< p", "> p"),),
)


@pytest.mark.parametrize(
    ("formula", "mistakes", "conventions"),
    [
        ("(rng.standard_normal(n) < p) * 1.0", ["normal"], []),
        ("0 * rng.random(n)", ["never"], []),
        ("(rng.random(n) >= p) * 1.0", [], ["keeps"]),
        ("(rng.random(n) < p / 2) * 1.0", [], []),
    ],
)
def test_a_random_mistake_is_named_by_its_statistics(formula, mistakes, conventions, numpy_nursery):
    source = edited(COIN, ("(rng.random(n) < p) * 1.0", formula))
    verdict = judged(COIN, COINS, source, numpy_nursery)
    assert (mistakes_of(verdict), conventions_of(verdict)) == (mistakes, conventions)
    assert verdict.is_accepted == bool(conventions)


@pytest.mark.parametrize("seed", range(4))
def test_a_random_answer_between_the_right_one_and_a_mistake_has_no_name(seed, numpy_nursery):
    """It is rejected, by a share of 0.15 instead of 0.3; but 0.15 is not "never" either."""
    spec = replace(COIN_SPEC, mistakes=COINS.mistakes)
    verdict = judged(COIN, spec, edited(COIN, ("< p", "< p / 2")), numpy_nursery, seed=seed)
    assert (verdict.kind, mistakes_of(verdict)) == ("wrong", [])


def of_another_form(arguments, results):
    """The law of the coin, and one number more where there is a 1."""
    yield from COIN_SPEC.law(arguments, results)
    if any(r["y"].any() for r in results):
        yield Statistic("largest", max(float(r["y"].max()) for r in results), 1.0)


def that_fails(arguments, results):
    yield from COIN_SPEC.law(arguments, results)
    yield Statistic("first", float(next(r["y"][r["y"] > 0][0] for r in results)), 1.0)


@pytest.mark.parametrize("law", [of_another_form, that_fails])
def test_a_submission_that_its_law_cannot_judge_is_wrong_and_no_crash(law, numpy_nursery):
    spec = replace(COIN_SPEC, law=law)
    assert judged(COIN, spec, COIN, numpy_nursery).is_accepted
    never = edited(COIN, ("(rng.random(n) < p) * 1.0", "np.zeros(n)"))
    assert not judged(COIN, spec, never, numpy_nursery).is_accepted


def test_a_generator_that_ignores_the_seed_is_no_generator(numpy_nursery):
    """Every repeat has another seed; a fixed one draws the same eight times."""
    law = COIN_SPEC.law

    def different(arguments, results):
        yield from law(arguments, results)
        yield Statistic("different", float(len({r["y"].tobytes() for r in results})), 8.0)

    spec = replace(COIN_SPEC, law=different)
    assert judged(COIN, spec, COIN, numpy_nursery).is_accepted
    fixed = edited(COIN, ("rng.random(n)", "np.random.default_rng(0).random(n)"))
    verdict = judged(COIN, spec, fixed, numpy_nursery)
    assert "different" in [c.name for c in verdict.errors if not c.is_right]


# A class.

AVERAGE = """
class Average:
    def __init__(self, momentum=0.9):
        self.momentum, self.value, self.count = momentum, 0.0, 0

    def update(self, x):
        self.count += 1
        self.value = self.momentum * self.value + (1 - self.momentum) * x
        return self.value

    def read(self):
        return self.value / (1 - self.momentum**self.count), self.count
"""


def class_calls(rng, **options):
    made = Call(options, outputs=())
    updates = [Call({"x": rng.normal(size=3)}, "update", ("value",)) for _ in range(3)]
    return [made, *updates, Call({}, "read")]


AVERAGE_SPEC = Spec(
    "Average",
    ("mean", "count"),
    reference=None,
    cases=(
        Case("plain", class_calls),
        Case("other momentum", lambda rng: class_calls(rng, momentum=0.5), stage="options"),
    ),
    mistakes=(
        mistake("no-correction", "self.value / (1 - self.momentum**self.count)", "self.value"),
        mistake(
            "weights-swapped",
            "self.momentum * self.value + (1 - self.momentum) * x",
            "(1 - self.momentum) * self.value + self.momentum * x",
        ),
        mistake("momentum-ignored", "self.count = momentum,", "self.count = 0.9,"),
    ),
)


def test_a_class_with_a_state_is_accepted(numpy_nursery, torch_nursery):
    other = edited(
        AVERAGE,
        (
            "self.momentum * self.value + (1 - self.momentum) * x",
            "self.value + (1 - self.momentum) * (x - self.value)",
        ),
    )
    assert judged(AVERAGE, AVERAGE_SPEC, other, numpy_nursery).is_accepted
    in_torch = "import torch\n" + other
    assert judged(AVERAGE, AVERAGE_SPEC, in_torch, torch_nursery, "torch").is_accepted


@pytest.mark.parametrize("variant", AVERAGE_SPEC.mistakes, ids=lambda m: m.name)
def test_a_mistake_of_a_class_is_named(variant, numpy_nursery):
    verdict = judged(AVERAGE, AVERAGE_SPEC, edited(AVERAGE, *variant.edits), numpy_nursery)
    assert mistakes_of(verdict) == [variant.name]


def test_a_class_whose_objects_share_their_state_is_wrong(numpy_nursery):
    """Right for the first object alone."""
    source = edited(
        AVERAGE,
        ("    def __init__", "    value, count = 0.0, 0\n\n    def __init__"),
        ("self.momentum, self.value, self.count = momentum, 0.0, 0", "self.momentum = momentum"),
        ("self.count += 1", "Average.count += 1"),
        ("self.value = self.m", "Average.value = self.m"),
    )
    verdict = judged(AVERAGE, AVERAGE_SPEC, source, numpy_nursery)
    assert verdict.kind == "wrong"


@pytest.mark.parametrize(
    ("old", "new", "kind", "detail"),
    [
        ("class Average", "class Mean", "missing", "Average"),
        ("momentum=0.9", "beta=0.9", "signature", "Average(beta) instead of Average(momentum)"),
        ("momentum=0.9", "momentum=0.5", "signature", "Average: momentum=0.5 instead of "),
        ("def read", "def get", "raised", "AttributeError: 'Average' object has no attribute"),
        ("def update(self, x)", "def update(self, y)", "raised", "TypeError: "),
        (", self.count\n", "\n", "shape", "returned 1 outputs instead of 2"),
    ],
)
def test_what_a_class_lacks_is_told_in_words(old, new, kind, detail, numpy_nursery):
    verdict = judged(AVERAGE, AVERAGE_SPEC, edited(AVERAGE, (old, new)), numpy_nursery)
    assert verdict.kind == kind
    assert verdict.detail.startswith(detail)


# Names: conventions, mistakes, both and neither.


def affine(total="(x * w).sum(1)", y="s * total + b"):
    return f"import numpy as np\ndef affine(x, w, b, s=2.0):\n    total = {total}\n    return {y}\n"


@pytest.mark.parametrize(
    ("y", "mistakes", "conventions"),
    [
        ("b + total * s", [], []),
        ("s * total - b", [], [MINUS_BIAS]),
        ("total / s - b", [], [MINUS_BIAS, DIVIDES]),
        ("total / s / 2 - b", [], [MINUS_BIAS, DIVIDES, HALF_W]),
        ("s * total / x.shape[1] + b", [MEAN], []),
        ("s * total / x.shape[1]", [MEAN, NO_BIAS], []),
        ("s * total / x.shape[1] - b", [MEAN], [MINUS_BIAS]),
        ("s * s * total / 2 + b", [S_TWICE], [HALF_W]),
        ("total / s / x.shape[1] - b", [MEAN], [MINUS_BIAS, DIVIDES]),
    ],
)
def test_conventions_are_noted_and_mistakes_named_on_top_of_them(
    y, mistakes, conventions, numpy_nursery
):
    verdict = judged(AFFINE, AFFINE_SPEC, affine(y=y), numpy_nursery)
    assert set(verdict.mistakes) == set(mistakes), verdict
    assert set(verdict.conventions) == set(conventions), verdict
    assert verdict.kind == ("mistake" if mistakes else "accepted")


def test_what_follows_a_convention_is_judged_by_it(numpy_nursery):
    """Recognised by its outputs; then its gradients are the convention's, and not the answer's."""
    text = edited(SQUARE, ("s * x * x\n", "s * x * x / 1\n"))
    halved = convention(
        "halved", "x * x / 1", "x * x / 2", also=(("2 * s * x * dy", "s * x * dy"),)
    )
    forgotten = mistake("s-forgotten", "2 * s * x * dy", "2 * x * dy")
    spec = replace(SQUARE_SPEC, conventions=(halved,), mistakes=(forgotten,))
    right = edited(text, ("x * x / 1", "x * x * 0.5"), ("2 * s * x * dy", "s * x * dy"))
    verdict = judged(text, spec, right, numpy_nursery)
    assert verdict.is_accepted
    assert conventions_of(verdict) == ["halved"]
    assert [s.state for s in verdict.stages] == ["passed"] * 5
    mixed = edited(text, ("x * x / 1", "x * x * 0.5"))  # its gradients are the answer's
    verdict = judged(text, spec, mixed, numpy_nursery)
    assert (verdict.kind, verdict.stage.name) == ("wrong", "backward")
    assert conventions_of(verdict) == ["halved"]
    assert np.allclose(verdict.counterexample.expected * 2, verdict.counterexample.mine)


def test_a_mistake_after_a_convention_is_named_beside_it(numpy_nursery):
    """The convention is known by the outputs, and the mistake by the gradients."""
    halved = convention(
        "halved", "s * x * x\n", "s * x * x / 2\n", also=(("2 * s * x * dy", "s * x * dy"),)
    )
    positive = mistake("positive", "x * dy", "x * abs(dy)")
    spec = replace(SQUARE_SPEC, conventions=(halved,), mistakes=(positive,))
    source = edited(
        SQUARE, ("s * x * x\n", "s / 2 * x * x\n"), ("2 * s * x * dy", "s * x * abs(dy)")
    )
    verdict = judged(SQUARE, spec, source, numpy_nursery)
    assert (verdict.kind, verdict.stage.name) == ("mistake", "backward")
    assert (mistakes_of(verdict), conventions_of(verdict)) == (["positive"], ["halved"])


def test_every_stage_is_told_once_though_judging_begins_again(numpy_nursery):
    found = events(exercise(AFFINE, AFFINE_SPEC), affine(y="total / s - b"), numpy_nursery)
    *stages, verdict = found
    names = [e.stage.name for e in stages]
    assert names == ["shape", "forward", "options", "stability"]
    assert verdict.stages == tuple(stages)


@pytest.mark.parametrize("y", ["2 * s * total + b", "s * total + 3 * b", "total", "0 * total"])
def test_a_wrong_answer_that_is_no_variant_has_no_name(y, numpy_nursery):
    verdict = judged(AFFINE, AFFINE_SPEC, affine(y=y), numpy_nursery)
    assert (verdict.kind, verdict.mistakes, verdict.conventions) == ("wrong", (), ())
    assert (verdict.stage.name, verdict.case, verdict.dtype) == ("forward", "plain", "float64")
    assert verdict.output == "y"


@pytest.mark.parametrize(
    ("y", "kind"),
    [("s * total + c", "raised"), ("list(s * total + b)", "shape"), ("None", "shape")],
)
def test_what_has_no_answer_is_not_named_as_a_mistake_that_has_none(y, kind, numpy_nursery):
    wrong_axis = mistake("wrong-axis", ".sum(1)", ".sum(2)")
    spec = replace(AFFINE_SPEC, mistakes=(wrong_axis,), conventions=())
    verdict = judged(AFFINE, spec, affine(y=y), numpy_nursery)
    assert (verdict.kind, verdict.mistakes) == (kind, ())


def test_two_mistakes_that_nothing_tells_apart_are_wrong_without_a_name(numpy_nursery):
    zeroed = mistake("bias-zeroed", "+ b", "+ b * 0")
    spec = replace(AFFINE_SPEC, mistakes=(NO_BIAS, zeroed), conventions=())
    verdict = judged(AFFINE, spec, affine(y="s * total"), numpy_nursery)
    assert (verdict.kind, verdict.mistakes) == ("wrong", ())


# Numbers.

VARIANCE = "import numpy as np\ndef variance(x):\n    return ((x - x.mean(0)) ** 2).mean(0)\n"
TWO_PASSES = "((x - x.mean(0)) ** 2).mean(0)"
ONE_PASS = "(x * x).mean(0) - x.mean(0) ** 2"
VARIANCE_SPEC = Spec(
    "variance",
    ("var",),
    reference=None,
    rtol=1e-5,
    cases=(
        Case("plain", lambda rng: {"x": rng.normal(size=(30, 3))}),
        Case("far", lambda rng: {"x": rng.normal(1e4, 1, (64, 3))}, stage="stability"),
    ),
)


def test_right_in_float64_and_lost_in_float32_is_fragile(numpy_nursery):
    source = edited(VARIANCE, (TWO_PASSES, ONE_PASS))
    verdict = judged(VARIANCE, VARIANCE_SPEC, source, numpy_nursery)
    assert (verdict.kind, verdict.stage.name) == ("fragile", "stability")
    assert (verdict.case, verdict.dtype) == ("far", "float32")
    assert verdict.mistakes == ()


def test_a_fragile_answer_that_has_a_name_is_named(numpy_nursery):
    spec = replace(VARIANCE_SPEC, mistakes=(mistake("one-pass", TWO_PASSES, ONE_PASS),))
    other = "np.einsum('nc,nc->c', x, x) / len(x) - x.mean(0) ** 2"
    verdict = judged(VARIANCE, spec, edited(VARIANCE, (TWO_PASSES, other)), numpy_nursery)
    assert (verdict.kind, mistakes_of(verdict)) == ("mistake", ["one-pass"])


@pytest.mark.parametrize("factor", ["1e-3", "1e3"])
def test_garbage_of_another_size_has_no_name(factor, numpy_nursery):
    spec = replace(VARIANCE_SPEC, mistakes=(mistake("one-pass", TWO_PASSES, ONE_PASS),))
    other = f"x.var(0) + np.asarray({factor} * 8 * (x.dtype == 'f4') * (x.max() > 99), x.dtype)"
    verdict = judged(VARIANCE, spec, edited(VARIANCE, (TWO_PASSES, other)), numpy_nursery)
    assert verdict.mistakes == ()
    assert verdict.kind in ("fragile", "accepted")


def test_wrong_in_float64_too_is_not_fragile(numpy_nursery):
    source = edited(VARIANCE, (TWO_PASSES, f"{ONE_PASS} + (x.max() > 99)"))
    verdict = judged(VARIANCE, VARIANCE_SPEC, source, numpy_nursery)
    assert (verdict.kind, verdict.dtype) == ("wrong", "float64")


def test_a_lost_gradient_is_fragile_too(numpy_nursery):
    source = edited(
        SQUARE, ("2 * s * x * dy", "2 * s * ((x + np.float32(1e5)) - np.float32(1e5)) * dy")
    )
    verdict = judged(SQUARE, SQUARE_SPEC, source, numpy_nursery)
    assert (verdict.kind, verdict.stage.name, verdict.output) == ("fragile", "stability", "dx")


def test_float64_out_of_float32_is_accepted_and_noted(numpy_nursery):
    source = edited(SQUARE, ("s * x * x\n", "s * x * x.astype('f8')\n"))
    verdict = judged(SQUARE, SQUARE_SPEC, source, numpy_nursery)
    assert verdict.is_accepted
    assert verdict.widened == ("y",)
    assert as_data(verdict)["widened"] == ["y"]


# Stages, as they come.


def test_the_stages_come_one_by_one_and_the_cheapest_first(numpy_nursery, monkeypatch):
    asked = []
    call = Child.call

    def counted(self, *args, **options):
        asked.append(args)
        return call(self, *args, **options)

    monkeypatch.setattr(Child, "call", counted)
    found = judge(exercise(SQUARE, SQUARE_SPEC), SQUARE, "numpy", numpy_nursery)
    seen = []
    for event in found:
        if isinstance(event, StageResult):
            seen.append((event.stage.name, event.state, len(asked)))
    assert [s[:2] for s in seen] == [
        (name, "passed") for name in ("shape", "forward", "options", "backward", "stability")
    ]
    counts = [count for _, _, count in seen]
    assert counts[0] == 1
    assert counts == sorted(counts)
    assert counts[-1] > counts[-2] + 4


def test_a_judge_that_is_left_ends_its_child(numpy_nursery, monkeypatch):
    closed = []
    close = Child.close
    monkeypatch.setattr(Child, "close", lambda self: (closed.append(self), close(self))[1])
    found = judge(exercise(SQUARE, SQUARE_SPEC), SQUARE, "numpy", numpy_nursery)
    next(found)
    assert closed == []
    found.close()
    (child,) = closed
    assert not child.is_open


def test_nothing_is_asked_after_the_stage_that_fails(numpy_nursery):
    source = edited(SQUARE, ("return s * x * x\n", "return 2.0 * x * x\n"))
    *stages, verdict = events(exercise(SQUARE, SQUARE_SPEC), source, numpy_nursery)
    assert [(e.stage.name, e.state) for e in stages] == [
        ("shape", "passed"),
        ("forward", "passed"),
        ("options", "failed"),
    ]
    assert [s.state for s in verdict.stages] == ["passed", "passed", "failed", "open", "open"]
    assert (verdict.stage.name, verdict.case) == ("options", "other s")


def test_a_wrong_value_is_no_wrong_shape(numpy_nursery):
    """The stage shape asks for the form alone."""
    source = edited(SQUARE, ("return s * x * x\n", "return 7 * x\n"))
    first, second, _ = events(exercise(SQUARE, SQUARE_SPEC), source, numpy_nursery)
    assert (first.stage.name, first.state) == ("shape", "passed")
    assert (second.stage.name, second.state) == ("forward", "failed")


@pytest.mark.parametrize(
    ("until", "stages"),
    [
        ("shape", ["shape"]),
        ("forward", ["shape", "forward"]),
        ("backward", ["shape", "forward", "options", "backward"]),
        ("stability", ["shape", "forward", "options", "backward", "stability"]),
        (None, ["shape", "forward", "options", "backward", "stability"]),
    ],
)
def test_judging_ends_with_the_stage_it_is_told(until, stages, numpy_nursery):
    *found, verdict = events(exercise(SQUARE, SQUARE_SPEC), SQUARE, numpy_nursery, until=until)
    assert [e.stage.name for e in found] == stages
    assert [s.stage.name for s in verdict.stages] == stages
    assert verdict.is_accepted


def test_what_is_wrong_later_is_no_matter_before(numpy_nursery):
    source = edited(SQUARE, ("return 2 * s * x * dy", "raise NotImplementedError"))
    assert judged(SQUARE, SQUARE_SPEC, source, numpy_nursery, until="options").is_accepted
    assert not judged(SQUARE, SQUARE_SPEC, source, numpy_nursery, until="backward").is_accepted


# Chance.


def told(verdict):
    data = copy.deepcopy(as_data(verdict))
    data.pop("elapsed_ms", None)
    return data


@pytest.mark.parametrize(
    ("text", "spec", "old", "new"),
    [
        (SQUARE, SQUARE_SPEC, "s * x * x\n", "s * x * x * 1.01\n"),
        (SQUARE, SQUARE_SPEC, "2 * s * x * dy", "2 * s * x"),
        (AFFINE, AFFINE_SPEC, ".sum(1)", ".mean(1)"),
        (COIN, COIN_SPEC, "< p", "< p * p"),
    ],
)
def test_the_same_seed_gives_the_same_verdict_and_another_one_other_numbers(
    text, spec, old, new, numpy_nursery
):
    source = edited(text, (old, new))
    one, two, other = (judged(text, spec, source, numpy_nursery, seed=s) for s in (3, 3, 4))
    assert told(one) == told(two)
    assert one.errors != other.errors
    assert (one.kind, one.stage, one.mistakes) == (other.kind, other.stage, other.mistakes)
    assert (one.seed, other.seed) == (3, 4)


# What a submission does otherwise.


def test_what_is_raised_is_told_with_its_line(numpy_nursery):
    source = edited(SQUARE, ("return s * x * x\n", "return s * x * z\n"))
    verdict = judged(SQUARE, SQUARE_SPEC, source, numpy_nursery)
    assert (verdict.kind, verdict.detail) == ("raised", "NameError: name 'z' is not defined")
    assert source.splitlines()[verdict.line - 1] == "    return s * x * z"


@pytest.mark.parametrize(
    ("source", "detail", "line"),
    [
        ("def square(:\n", "SyntaxError: ", 1),
        ("x = 1\n1 / 0\n", "ZeroDivisionError: division by zero", 2),
        ("import nothing_of_the_kind\n", "ModuleNotFoundError: ", 1),
    ],
)
def test_a_module_that_does_not_load_is_told_before_any_stage(source, detail, line, numpy_nursery):
    verdict = judged(SQUARE, SQUARE_SPEC, source, numpy_nursery)
    assert verdict.kind == "raised"
    assert verdict.detail.startswith(detail)
    assert (verdict.line, verdict.stage) == (line, None)
    assert [s.state for s in verdict.stages] == ["open"] * 5


@pytest.mark.parametrize(
    "state",
    [
        "return s * x * x if N[0] < 6 else s * x",  # another value
        "return s * x * x if N[0] < 6 else (s * x * x)[:1]",  # another shape
        "return s * x * x if N[0] < 6 else [][0]",
        "return s * x * x if N[0] < 3 else None",
        "return s * x * x * N[0]",
        "return s * x * x * np.random.default_rng().normal()",
    ],
)
def test_a_submission_that_answers_otherwise_each_time_is_wrong_and_no_crash(state, numpy_nursery):
    source = edited(SQUARE, ("    return s * x * x\n", f"    N[0] += 1\n    {state}\n"))
    verdict = judged(SQUARE, SQUARE_SPEC, "N = [0]\n" + source, numpy_nursery)
    assert isinstance(verdict, Verdict)
    assert verdict.kind in ("wrong", "shape", "raised", "fragile")
    assert verdict.mistakes == ()


@pytest.mark.parametrize("count", range(4, 18))
def test_a_submission_that_changes_its_shape_while_it_is_asked_again_is_no_crash(
    count, numpy_nursery
):
    """Wrong in float32, so that it is asked everything once more, and then of another shape."""
    source = edited(
        SQUARE,
        (
            "    return s * x * x\n",
            "    N[0] += 1\n    y = s * x * x\n"
            "    y = y if x.dtype == 'f8' else y + np.float32(abs(y).max())\n"
            f"    return y if N[0] < {count} else y[:1]\n",
        ),
    )
    verdict = judged(SQUARE, SQUARE_SPEC, "N = [0]\n" + source, numpy_nursery)
    assert verdict.kind in ("wrong", "shape", "fragile")


def test_what_is_printed_is_kept(numpy_nursery):
    source = edited(SQUARE, ("    return s * x * x\n", "    print('s =', s)\n    return s * x\n"))
    verdict = judged(SQUARE, SQUARE_SPEC, source, numpy_nursery)
    assert verdict.kind == "wrong"
    assert set(verdict.printed.split("\n")) == {"s = 2.0", ""}
    # What it printed while the judge looked for a name and a counterexample is not its own.
    assert verdict.printed_bytes == len(verdict.printed) == 2 * len("s = 2.0\n")


def test_what_is_the_answer_itself_is_right_but_no_answer(numpy_nursery, torch_nursery):
    text, spec = one_line(
        "centre", "x", "x - x.mean()", ("y",), lambda rng: {"x": rng.normal(size=5)}
    )
    spec = replace(spec, forbidden=("*std*", "*softmax*"))
    clean = judged(text, spec, text, numpy_nursery)
    assert (clean.kind, clean.forbidden) == ("accepted", ())
    looks = edited(text, ("x - x.mean()", "x - x.mean() + 0 * x.std()"))
    verdict = judged(text, spec, looks, numpy_nursery)
    assert (verdict.kind, verdict.is_accepted) == ("forbidden", False)
    assert all("std" in name for name in verdict.forbidden)
    in_torch = "import torch\ndef centre(x):\n    return x - x.mean() + 0 * x.softmax(0)\n"
    verdict = judged(text, spec, in_torch, torch_nursery, "torch")
    assert (verdict.kind, verdict.is_accepted) == ("forbidden", False)
    assert any("softmax" in name for name in verdict.forbidden)


def test_a_source_of_randomness_comes_with_its_seed(numpy_nursery):
    text, spec = one_line(
        "draw", "n, rng", "rng.normal(size=n)", ("y",), lambda rng: {"n": 4, "rng": Rng(5)}
    )
    assert judged(text, spec, text, numpy_nursery).is_accepted
    other = edited(text, ("rng.normal(size=n)", "rng.normal(size=n + 1)[:n]"))
    assert judged(text, spec, other, numpy_nursery).is_accepted
    wrong = edited(text, ("rng.normal(size=n)", "rng.uniform(size=n)"))
    assert judged(text, spec, wrong, numpy_nursery).kind == "wrong"
