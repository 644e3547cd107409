"""The proof of the bank finds every kind of hole, and says which."""

from dataclasses import replace

import pytest

from interview_cli.judge.verify import Nurseries, Report, chosen, told_of, verify
from interview_cli.spec import Case, Spec

from .toys import (
    AFFINE,
    AFFINE_SPEC,
    HALF_W,
    MEAN,
    S_TWICE,
    SQUARE,
    SQUARE_SPEC,
    Toy,
    convention,
    edited,
    judged,
    mistake,
)


@pytest.fixture(scope="module")
def nurseries(numpy_nursery, torch_nursery):
    """Those of the other tests, which must not be closed here."""
    found = Nurseries()
    found.born = {"numpy": numpy_nursery, "torch": torch_nursery}
    return found


def report(text, spec, nurseries, others=(), seed=0):
    return verify(Toy(text, spec, tuple(others)), nurseries, seed)


def faults(text, spec, nurseries, others=()):
    return report(text, spec, nurseries, others).faults


def written(folder, **sources):
    """Alternatives on disk."""
    paths = [folder / f"{name}.py" for name in sources]
    for path, source in zip(paths, sources.values(), strict=True):
        path.write_text(source, encoding="utf-8")
    return paths


IN_TORCH = "import torch\ndef affine(x, w, b, s=2.0):\n    return s * (x @ w) + b\n"
IN_LOOPS = """
import numpy as np

def affine(x, w, b, s=2.0):
    y = np.empty(len(x), x.dtype)
    for n, row in enumerate(x):
        y[n] = sum(v * u for v, u in zip(row, w)) * s + b
    return y
"""


# A bank without holes.


@pytest.mark.parametrize("seed", [0, 1])
def test_a_proven_solution_has_no_faults_and_its_counts(seed, nurseries, tmp_path):
    others = written(tmp_path, loops=IN_LOOPS, torch=IN_TORCH)
    found = report(AFFINE, AFFINE_SPEC, nurseries, others, seed)
    assert found.faults == []
    assert found.is_proven
    assert found.name == "toy/toy"
    assert found.cases == 6  # three cases in two types
    assert (found.mistakes, found.rejected, found.named) == (4, 4, 4)
    assert (found.conventions, found.recognised) == (3, 3)
    assert (found.alternatives, found.accepted) == (2, 2)


def test_a_solution_with_gradients_is_proven(nurseries):
    found = report(SQUARE, SQUARE_SPEC, nurseries)
    assert found.faults == []
    assert (found.mistakes, found.named) == (2, 2)


def test_a_report_without_faults_is_a_proof():
    assert Report("toy").is_proven
    assert not Report("toy", faults=["a hole"]).is_proven


# Mistakes.


def test_a_mistake_that_no_case_sees_is_a_hole(nurseries):
    """s² is 2s for the default alone, and no case has another."""
    doubled = mistake("doubled", "s * total", "2 * total")
    spec = replace(AFFINE_SPEC, cases=AFFINE_SPEC.cases[:2], mistakes=(doubled,))
    found = report(AFFINE, spec, nurseries)
    assert found.faults == ["the mistake doubled is accepted: a hole in the cases"]
    assert (found.mistakes, found.rejected, found.named) == (1, 0, 0)
    assert faults(AFFINE, replace(spec, cases=AFFINE_SPEC.cases), nurseries) == []


def test_a_mistake_below_the_tolerance_is_a_hole(nurseries):
    tiny = mistake("tiny", "s * total", "s * (1 + 1e-12) * total")
    found = faults(AFFINE, replace(AFFINE_SPEC, mistakes=(tiny,)), nurseries)
    assert found == ["the mistake tiny is accepted: a hole in the cases"]


def test_a_mistake_that_is_named_as_another_is_reported(nurseries):
    """Two that nothing tells apart: both are wrong, and neither has a name."""
    averaged = mistake("averaged", "(x * w).sum(1)", "(x * w).sum(1) / x.shape[1]")
    found = report(AFFINE, replace(AFFINE_SPEC, mistakes=(MEAN, averaged)), nurseries)
    assert (found.rejected, found.named) == (2, 0)
    assert [f.split(":")[0] for f in found.faults] == [
        "the mistake mean is not named as itself",
        "the mistake averaged is not named as itself",
    ]
    assert "wrong · forward · plain · float64 · y" in found.faults[0]


def test_a_mistake_that_is_a_convention_is_reported(nurseries):
    same = mistake("bias-subtracted", "+ b", "+ -b")
    found = faults(AFFINE, replace(AFFINE_SPEC, mistakes=(same,)), nurseries)
    assert len(found) == 2
    assert found[0].startswith("the mistake bias-subtracted is not named as itself: wrong · ")
    assert found[1].startswith("the convention minus-bias is not recognised: wrong · ")


def test_a_mistake_that_two_others_make_up_is_named_as_itself(nurseries):
    both = mistake("both", "s * total + b", "s * s * total / x.shape[1] + b")
    spec = replace(AFFINE_SPEC, mistakes=(MEAN, S_TWICE, both))
    assert faults(AFFINE, spec, nurseries) == []


def test_an_edit_that_is_no_python_is_reported(nurseries):
    broken = mistake("broken", "return s", "return s s")
    found = faults(AFFINE, replace(AFFINE_SPEC, mistakes=(broken,)), nurseries)
    assert len(found) == 1
    assert "broken" in found[0]
    assert "SyntaxError" in found[0]


# Edits.


@pytest.mark.parametrize(
    ("old", "found"),
    [
        ("total", "edit: what it edits does not stand there exactly once"),
        ("x @ w", "edit: what it edits does not stand there exactly once"),
    ],
)
@pytest.mark.parametrize("kind", ["mistakes", "conventions"])
def test_an_edit_of_a_place_that_is_not_unique_is_reported(kind, old, found, nurseries):
    make = {"mistakes": mistake, "conventions": convention}[kind]
    spec = replace(AFFINE_SPEC, mistakes=(), conventions=())
    spec = replace(spec, **{kind: (make("edit", old, "0"),)})
    assert faults(AFFINE, spec, nurseries) == [found]


def test_a_further_edit_has_to_be_unique_too(nurseries):
    edit = mistake("edit", ".sum(1)", ".mean(1)", also=(("total", "sum"),))
    assert faults(AFFINE, replace(AFFINE_SPEC, mistakes=(edit,)), nurseries) == [
        "edit: what it edits does not stand there exactly once"
    ]


@pytest.mark.parametrize("kind", ["mistakes", "conventions"])
def test_an_edit_that_edits_nothing_is_reported(kind, nurseries):
    make = {"mistakes": mistake, "conventions": convention}[kind]
    spec = replace(AFFINE_SPEC, mistakes=(), conventions=())
    spec = replace(spec, **{kind: (make("edit", ".sum(1)", ".sum(1)"),)})
    first, second = faults(AFFINE, spec, nurseries)
    assert first == "edit edits nothing"
    assert second.startswith(f"the {kind[:-1]} edit is ")


# Conventions.


def test_a_convention_that_is_the_answer_is_not_recognised(nurseries):
    same = convention("same", ".sum(1)", ".sum(axis=1)")
    found = report(AFFINE, replace(AFFINE_SPEC, conventions=(same,)), nurseries)
    assert found.faults == ["the convention same is not recognised: accepted"]
    assert (found.conventions, found.recognised) == (1, 0)


def test_two_conventions_that_nothing_tells_apart_are_reported(nurseries):
    half_x = convention("half-x", "(x * w)", "(x * w * 0.5)")
    found = faults(AFFINE, replace(AFFINE_SPEC, conventions=(HALF_W, half_x)), nurseries)
    assert [f.split(":")[0] for f in found] == [
        "the convention half-w is not recognised",
        "the convention half-x is not recognised",
    ]


def test_a_convention_whose_way_back_is_forgotten_is_recognised_and_then_wrong(nurseries):
    """As `also` should have told: the forward pass is the convention's, the way back is not."""
    halved = convention("halved", "s * x * x\n", "s * x * x / 2\n")
    spec = replace(SQUARE_SPEC, conventions=(halved,), mistakes=())
    # Judged by itself the variant is consistent: what is right is what it says.
    assert faults(SQUARE, spec, nurseries) == []
    consistent = convention(
        "halved", "s * x * x\n", "s * x * x / 2\n", also=(("2 * s * x * dy", "s * x * dy"),)
    )
    spec = replace(SQUARE_SPEC, conventions=(consistent,), mistakes=())
    assert faults(SQUARE, spec, nurseries) == []


# Alternatives.


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (edited(AFFINE, ("+ b", "+ 2 * b")), "other.py is not accepted: wrong · forward"),
        (edited(AFFINE, (".sum(1)", ".mean(1)")), "other.py is not accepted: mistake · mean"),
        (edited(AFFINE, ("+ b", "- b")), "other.py is not accepted: accepted · minus-bias"),
        (edited(AFFINE, ("def affine", "def line")), "other.py is not accepted: missing"),
        (edited(AFFINE, ("s=2.0", "s")), "other.py is not accepted: signature"),
        ("1 / 0\n", "other.py is not accepted: raised · ZeroDivisionError"),
        (
            IN_TORCH.replace("s * (x @ w) + b", "torch.addmv(b, x, w, alpha=s)"),
            "other.py is not accepted: forbidden · torch.addmv",
        ),
        (IN_TORCH.replace("x @ w", "x @ w * 2"), "other.py is not accepted: wrong"),
    ],
)
def test_an_alternative_that_is_wrong_or_not_its_own_is_reported(
    source, found, nurseries, tmp_path
):
    spec = replace(AFFINE_SPEC, forbidden=("*addmv*",))
    result = report(AFFINE, spec, nurseries, written(tmp_path, other=source))
    assert len(result.faults) == 1
    assert result.faults[0].startswith(found)
    assert (result.alternatives, result.accepted) == (1, 0)


def test_a_forbidden_call_of_the_solution_itself_is_reported(nurseries):
    text = edited(AFFINE, ("s * total + b", "s * total + b + 0 * x.std(1)"))
    reference = AFFINE_SPEC.reference
    spec = replace(AFFINE_SPEC, forbidden=("*std*",), mistakes=(), reference=reference)
    spec = replace(spec, conventions=())
    (found,) = faults(text, spec, nurseries)
    assert found.startswith("the judge does not accept the solution: forbidden · ")
    assert "std" in found


# Stubs.


@pytest.mark.parametrize(
    ("text", "count", "told"),
    [
        # The default is not there in the stub.
        (AFFINE.replace("def affine", "S = 2.0\n\n\ndef affine").replace("s=2.0", "s=S"), 2,
         "raised · NameError: name 'S' is not defined"),
        # Not a `def`: nothing is left of it.
        ("import numpy as np\naffine = lambda x, w, b, s=2.0: s * (x * w).sum(1) + b\n", 2,
         "missing · affine"),
    ],
)  # fmt: skip
def test_a_stub_that_is_no_start_is_reported(text, count, told, nurseries):
    spec = replace(AFFINE_SPEC, mistakes=(), conventions=())
    found = faults(text, spec, nurseries)
    assert len(found) == count
    for language, fault in zip(("numpy", "torch"), found, strict=True):
        assert fault == f"the {language} stub is not called unwritten: {told}"


def test_a_stub_that_would_pass_is_reported(nurseries, monkeypatch):
    from interview_cli.judge import verify as module

    monkeypatch.setattr(module, "stub", lambda source, spec, language: source)
    spec = replace(AFFINE_SPEC, mistakes=(), conventions=())
    numpys, torchs = faults(AFFINE, spec, nurseries)
    assert numpys == "the numpy stub is not called unwritten: accepted"
    assert torchs.startswith("the torch stub is not called unwritten: ")


# The solution itself.


def test_a_solution_that_is_wrong_against_torch_is_reported(nurseries):
    """The judge cannot tell: the solution is what is right to it."""
    spec = replace(AFFINE_SPEC, mistakes=(), conventions=())
    found = faults(edited(AFFINE, ("+ b", "- b")), spec, nurseries)
    assert len(found) == 6
    assert found[0].startswith("against torch: plain, float64: y ")
    assert " > " in found[0]
    assert {f.split(": ")[1] for f in found} == {
        f"{case}, {dtype}"
        for case in ("plain", "wide", "other s")
        for dtype in ("float64", "float32")
    }


def test_a_wrong_gradient_of_a_solution_is_reported(nurseries):
    text = edited(SQUARE, ("2 * s * x * dy", "2.5 * s * x * dy"))
    found = faults(text, replace(SQUARE_SPEC, mistakes=()), nurseries)
    assert len(found) == 6
    assert all(": dx " in fault for fault in found)


def test_a_solution_that_is_wrong_in_one_case_is_reported_there(nurseries):
    text = edited(AFFINE, ("s * total", "2.0 * total"))
    spec = replace(AFFINE_SPEC, mistakes=(), conventions=())
    found = faults(text, spec, nurseries)
    assert [f.split(": ")[1] for f in found] == ["other s, float64", "other s, float32"]


def test_a_solution_that_modifies_its_input_is_reported(nurseries):
    text = edited(AFFINE, ("(x * w)", "np.multiply(x, w, out=x)"))
    spec = replace(AFFINE_SPEC, mistakes=(), conventions=())
    found = faults(text, spec, nurseries)
    assert found[0] == "against torch: plain, float64: modified its input x"
    assert found[-1].startswith("the judge does not accept the solution: modified · shape")


def test_a_solution_that_widens_is_reported(nurseries):
    """Accepted from a learner; not from the bank."""
    text = edited(AFFINE, ("s * total", "np.float64(s) * total.astype('f8')"))
    spec = replace(AFFINE_SPEC, mistakes=(), conventions=())
    found = faults(text, spec, nurseries)
    assert [f.partition(": ")[2] for f in found[:3]] == [
        f"{case}, float32: y is float64 instead of float32" for case in ("plain", "wide", "other s")
    ]


def test_a_solution_that_cannot_be_loaded_is_reported(nurseries):
    spec = replace(AFFINE_SPEC, mistakes=(), conventions=())
    found = faults(AFFINE + "\n\n1 / 0\n", spec, nurseries)
    assert found[0].startswith("against torch: loading")
    assert "ZeroDivisionError: division by zero" in found[0]


# Sentences.


def test_a_verdict_is_told_in_one_line(numpy_nursery):
    wrong = edited(AFFINE, ("+ b", "+ 3 * b"))
    verdict = judged(AFFINE, AFFINE_SPEC, wrong, numpy_nursery)
    told = told_of(verdict)
    assert told.startswith("wrong · forward · plain · float64 · y · y ")
    assert "\n" not in told
    on_top = edited(AFFINE, ("+ b", "- b"), (".sum(1)", ".mean(1)"))
    verdict = judged(AFFINE, AFFINE_SPEC, on_top, numpy_nursery)
    assert told_of(verdict).startswith("mistake · mean + minus-bias · forward")


# Which of them.


class Found:
    def __init__(self, name, has_spec=True):
        self.name, self.has_spec = name, has_spec

    @property
    def spec_path(self):
        return self

    def exists(self):
        return self.has_spec


FOUND = [Found("layer_norm"), Found("adam"), Found("draft", has_spec=False)]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ([], ["layer_norm", "adam"]),
        (["adam"], ["adam"]),
        (["layer-norm"], ["layer_norm"]),
        (["normalization/layer_norm"], ["layer_norm"]),
        (["adam", "layer-norm"], ["layer_norm", "adam"]),
        (["draft"], []),
        (["nothing"], []),
    ],
)
def test_solutions_are_chosen_by_any_of_their_names(names, found):
    assert [s.name for s in chosen(FOUND, names)] == found


# Warm processes.


def test_a_nursery_is_started_when_it_is_first_needed_and_kept(monkeypatch):
    from interview_cli.judge import verify as module

    class Fake:
        closed = 0

        def close(self):
            self.closed += 1

    started = []
    monkeypatch.setattr(module, "nursery", lambda language: (started.append(language), Fake())[1])
    with Nurseries() as found:
        assert started == []
        one = found.of("numpy")
        assert found.of("numpy") is one
        two = found.of("torch")
        assert started == ["numpy", "torch"]
    assert (one.closed, two.closed) == (1, 1)
    found.close()
    assert (one.closed, two.closed) == (1, 1)


def test_unused_names_of_a_spec_do_no_harm(nurseries):
    """The smallest spec there is."""
    text = '"""One."""\n\n\ndef one(x):\n    """x (N,) -> y (N,)."""\n    return x + 1\n'
    spec = Spec(
        "one",
        ("y",),
        reference=lambda x: x + 1,
        cases=(Case("plain", lambda rng: {"x": rng.normal(size=3)}),),
    )
    found = report(text, spec, nurseries)
    assert found.faults == []
    assert (found.cases, found.mistakes, found.conventions, found.alternatives) == (2, 0, 0, 0)
