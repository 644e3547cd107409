"""The form of every solution and of its proof: what a reader may count on."""

import ast
import re
import unicodedata
from collections import Counter

import pytest

from .bank import CARDS, FOUND, PROVEN

MODULES = {"numpy", "math"}
MISTAKES = [(s, m) for s in PROVEN for m in s.spec().mistakes]
NAMES = [f"{s.topic}/{s.name}" for s in FOUND]
PROVEN_NAMES = [f"{s.topic}/{s.name}" for s in PROVEN]
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
WIDTH = 100


def functions(solution):
    tree = ast.parse(solution.source())
    return [node for node in tree.body if isinstance(node, ast.FunctionDef)]


def public(solution):
    return [node for node in functions(solution) if not node.name.startswith("_")]


def test_every_solution_is_found_and_proven():
    assert len(FOUND) >= 6
    assert FOUND == PROVEN


def test_no_two_solutions_share_a_name():
    """They are found by their name alone."""
    assert [n for n, count in Counter(s.name for s in FOUND).items() if count > 1] == []


@pytest.mark.parametrize("solution", FOUND, ids=NAMES)
def test_a_solution_imports_numpy_and_math_alone(solution):
    for node in ast.walk(ast.parse(solution.source())):
        match node:
            case ast.Import(names=names):
                assert {alias.name for alias in names} <= MODULES
            case ast.ImportFrom(module=module):
                assert module in MODULES
            case ast.Name(id="__import__" | "exec" | "eval" | "open" | "globals"):
                pytest.fail(ast.unparse(node))


@pytest.mark.parametrize("solution", FOUND, ids=NAMES)
def test_a_solution_prints_nothing_and_runs_nothing(solution):
    tree = ast.parse(solution.source())
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert "print" not in names
    allowed = (ast.Import, ast.ImportFrom, ast.FunctionDef)
    first, *rest = tree.body
    assert isinstance(first, ast.Expr)  # the docstring
    assert all(isinstance(node, allowed) for node in rest)


@pytest.mark.parametrize("solution", FOUND, ids=NAMES)
def test_a_solution_begins_with_a_title_and_names_its_source(solution):
    doc = ast.get_docstring(ast.parse(solution.source()))
    assert doc is not None
    title, blank, *rest = doc.splitlines()
    assert re.fullmatch(r"[A-Z][^\n]*\.", title)
    assert blank == ""
    assert solution.title() == title.rstrip(".")
    assert re.search(r"https?://\S+$", "\n".join(rest), re.MULTILINE)


@pytest.mark.parametrize("solution", FOUND, ids=NAMES)
def test_every_public_function_says_its_shapes_or_what_it_gives(solution):
    assert public(solution)
    for node in public(solution):
        doc = ast.get_docstring(node)
        assert doc, node.name
        first = doc.splitlines()[0]
        shapes = " -> " in first and "(" in first
        sentence = re.match(r"[A-Za-z]", first) and first.endswith(".")
        assert shapes or sentence, f"{node.name}: {first}"


@pytest.mark.parametrize("solution", FOUND, ids=NAMES)
def test_a_solution_fits_a_screen(solution):
    for line in solution.source().splitlines():
        width = sum(not unicodedata.combining(c) for c in line)  # x̂ is two characters
        assert width <= WIDTH or "https://" in line
    assert solution.source().endswith("\n")


@pytest.mark.parametrize("solution", FOUND, ids=NAMES)
def test_no_argument_has_a_default_that_could_be_changed(solution):
    for node in functions(solution):
        for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
            assert isinstance(ast.literal_eval(default), int | float | tuple | str | type(None))


# Their proofs.


@pytest.mark.parametrize("solution", PROVEN, ids=PROVEN_NAMES)
def test_a_proof_calls_functions_that_are_there(solution):
    spec = solution.spec()
    arguments = {node.name: [a.arg for a in node.args.args] for node in functions(solution)}
    assert spec.function in arguments
    assert (spec.backward is None) == (spec.gradients == ())
    if spec.backward:
        assert "dy" in arguments[spec.backward]
        known = {"dy", *arguments[spec.function], *spec.outputs}
        assert set(arguments[spec.backward]) <= known
        assert set(spec.gradients) <= set(arguments[spec.function])
    assert set(spec.numbers) <= set(arguments)


@pytest.mark.parametrize("solution", PROVEN, ids=PROVEN_NAMES)
def test_cases_and_mistakes_have_names_of_their_own(solution):
    spec = solution.spec()
    for names in ([c.name for c in spec.cases], [m.name for m in spec.mistakes]):
        assert len(names) == len(set(names))
    assert all(SLUG.fullmatch(m.name) for m in spec.mistakes)
    edits = [v.edits for v in (*spec.mistakes, *spec.conventions)]
    assert len(edits) == len(set(edits))


@pytest.mark.parametrize("solution", PROVEN, ids=PROVEN_NAMES)
def test_every_case_runs_in_float64_and_float32(solution):
    for case in solution.spec().cases:
        assert case.dtypes == ("float64", "float32") or case.why
        assert case.rtol is None or case.why


def drawn(case, rng):
    """Every argument of every call by name."""
    found = case.draw(rng)
    calls = [found] if isinstance(found, dict) else [call.arguments for call in found]
    return {f"{n}[{i}]": v for i, call in enumerate(calls) for n, v in call.items()}


@pytest.mark.parametrize("solution", PROVEN, ids=PROVEN_NAMES)
def test_a_case_draws_the_same_from_the_same_seed(solution):
    import numpy as np

    for case in solution.spec().cases:
        one, two = (drawn(case, np.random.default_rng(7)) for _ in range(2))
        assert one.keys() == two.keys()
        for name, value in one.items():
            if isinstance(value, np.ndarray):
                assert np.array_equal(value, two[name], equal_nan=True), f"{case.name}: {name}"
                assert str(value.dtype) in ("float64", "int64", "bool")
            else:
                assert value == two[name], f"{case.name}: {name}"


@pytest.mark.parametrize(("solution", "mistake"), MISTAKES, ids=lambda v: v.name)
def test_a_mistake_is_explained_by_a_card_that_exists(solution, mistake):
    assert mistake.card in CARDS
    assert mistake.zh.endswith("。")
    assert mistake.en.endswith(".")
    assert "\n" not in mistake.zh + mistake.en


@pytest.mark.parametrize(("solution", "mistake"), MISTAKES, ids=lambda v: v.name)
def test_a_mistake_is_a_module_that_can_be_loaded(solution, mistake):
    """It fails because it is wrong, not because it cannot be read."""
    source = solution.source()
    assert source.count(mistake.old) == 1
    compile(source.replace(mistake.old, mistake.new), mistake.name, "exec")


def test_every_solution_that_a_card_links_is_there():
    links = {card.solution for card in CARDS.values() if card.solution is not None}
    assert links <= set(NAMES)
