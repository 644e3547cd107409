"""What a child makes of a source and its calls, in numpy and in torch: plain arrays and facts."""

import contextlib
import sys
import textwrap
from importlib.util import find_spec

import numpy as np
import pytest

from interview_cli.judge.child import Child, Raised
from interview_cli.spec import Rng

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the zygote is Linux's")
with_torch = pytest.mark.skipif(find_spec("torch") is None, reason="torch is not installed")
BOTH = ("numpy", pytest.param("torch", marks=with_torch))

F = {"function": "f"}


@pytest.fixture
def loaded(request):
    """Makes children, each with a source."""
    with contextlib.ExitStack() as stack:

        def made(source, language="numpy"):
            born = request.getfixturevalue(f"{language}_nursery")
            child = stack.enter_context(Child(born, limit_s=20))
            child.load(textwrap.dedent(source), language=language)
            return child

        yield made


@pytest.fixture
def returned(loaded):
    """What `f` returns."""

    def found(source, language="numpy", **arguments):
        return loaded(source, language).call(F, arguments)

    return found


@pytest.fixture
def raised(loaded):
    """What is raised where `f` is defined or called."""

    def found(source, language="numpy", **arguments):
        with pytest.raises(Raised) as caught:
            loaded(source, language).call(F, arguments)
        return caught.value

    return found


def numbers(arrays):
    return [a.tolist() for a in arrays]


# What a call returns.


@pytest.mark.parametrize(
    ("result", "kinds", "right"),
    [
        ("x, x + 1", ["array", "array"], [[1.0, 2.0], [2.0, 3.0]]),
        ("x.sum()", ["array"], [3.0]),
        ("x.astype('float32')", ["array"], [[1.0, 2.0]]),
        ("x > 1", ["array"], [[False, True]]),
        ("float(x[0])", ["scalar"], [1.0]),
        ("3, True", ["scalar", "scalar"], [3, True]),
        ("()", [], []),
        ("None", ["NoneType"], []),
        ("[x, x]", ["list"], []),
        ("{'y': x}, x", ["dict", "array"], [[1.0, 2.0]]),
        ("x.astype(complex)", ["an array of complex128"], []),
        ("x.astype('float16')", ["an array of float16"], []),
        ("np.array('text')", ["an array of <U4"], []),
        ("np.broadcast_to(x, (2**40, 2))", ["an array that is far too large"], []),
        pytest.param("10**400", ["int"], []),
        pytest.param("2**63, x", ["int", "array"], [[1.0, 2.0]]),
    ],
)
def test_every_result_has_a_kind_and_numbers_travel(returned, result, kinds, right):
    source = f"import numpy as np\ndef f(x):\n    return {result}"
    found = returned(source, x=np.array([1.0, 2.0]))
    assert (found.kinds, numbers(found.arrays)) == (kinds, right)


@with_torch
@pytest.mark.parametrize(
    ("result", "kinds", "right"),
    [
        ("x, x.sum()", ["array", "array"], [[1.0, 2.0], 3.0]),
        ("x.float()", ["array"], [[1.0, 2.0]]),
        ("x > 1", ["array"], [[False, True]]),
        ("x.requires_grad_() + 1", ["array"], [[2.0, 3.0]]),
        ("torch.nn.Parameter(x)", ["array"], [[1.0, 2.0]]),
        ("torch.complex(x, x).conj().imag", ["array"], [[-1.0, -2.0]]),
        ("x.numpy()", ["array"], [[1.0, 2.0]]),
        ("x.sum().item()", ["scalar"], [3.0]),
        ("x.half()", ["an array of float16"], []),
        ("[x]", ["list"], []),
        pytest.param("x.bfloat16()", ["an array of bfloat16"], []),
        ("x.expand(2**40, 2)", ["an array that is far too large"], []),
        ("x.to_sparse()", ["a tensor without all its values"], []),
        ("x.to('meta')", ["a tensor without all its values"], []),
    ],
)
def test_every_result_in_torch_has_a_kind_and_numbers_travel(returned, result, kinds, right):
    source = f"import torch\ndef f(x):\n    return {result}"
    found = returned(source, "torch", x=np.array([1.0, 2.0]))
    assert (found.kinds, numbers(found.arrays)) == (kinds, right)


def test_a_tensor_in_a_numpy_solution_is_no_array(torch_nursery):
    with Child(torch_nursery) as child:
        child.load("import torch\ndef f(x):\n    return torch.ones(2)")
        found = child.call(F, {"x": np.ones(2)})
    assert (found.kinds, found.arrays) == (["torch.Tensor"], [])


OVERRIDES = {
    "numpy": """
        import numpy as np
        class Mine(np.ndarray):
            def __array_function__(self, *a, **k): return np.zeros(2)
            def __array_ufunc__(self, *a, **k): return np.zeros(2)
            def __array__(self, *a, **k): return np.zeros(2)
            shape = property(lambda self: (7,))
        def f(x):
            return x.view(Mine)
    """,
    "torch": """
        import torch
        class Mine(torch.Tensor):
            @classmethod
            def __torch_function__(cls, function, types, args=(), kwargs=None):
                return torch.zeros(2)
            def numpy(self): return torch.zeros(2).numpy()
        def f(x):
            return torch.Tensor._make_subclass(Mine, x)
    """,
}


@pytest.mark.parametrize("language", BOTH)
def test_a_subclass_is_stripped_of_what_it_overrides(returned, language):
    found = returned(OVERRIDES[language], language, x=np.array([1.0, 2.0]))
    assert (found.kinds, numbers(found.arrays)) == (["array"], [[1.0, 2.0]])


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ("(x,) * 33", "33 arrays; at most 32"),
        ("x.reshape([1] * 9)", "an array of a kind that does not travel"),
    ],
)
def test_what_cannot_travel_is_an_exception(raised, result, words):
    assert raised(f"def f(x):\n    return {result}", x=np.ones(1)).message == words


# What a call is given.


@pytest.mark.parametrize("language", BOTH)
def test_arguments_arrive_in_the_language_and_in_their_places(returned, language):
    source = """
        import sys
        def f(betas, sizes, training, x, states):
            Array = sys.modules["torch"].Tensor if LANGUAGE == "torch" else np.ndarray
            assert betas == (0.9, 0.999) and type(betas) is tuple
            assert sizes == [3, (1, 2)] and training is True
            assert type(x) is Array and x.shape == () and "float32" in str(x.dtype)
            assert type(states) is list and type(states[1]) is tuple
            assert all(type(a) is Array for a in (states[0], states[1][0]))
            return states[0] + states[1][0]
    """
    found = returned(
        f"import numpy as np\nLANGUAGE = {language!r}\n" + textwrap.dedent(source),
        language,
        betas=(0.9, 0.999),
        sizes=[3, (1, 2)],
        training=True,
        x=np.float32(3),
        states=[np.ones(2), (np.ones(2), None)],
    )
    assert numbers(found.arrays) == [[2, 2]]


def test_a_source_of_randomness_is_numpys_generator(returned):
    found = returned("def f(rng):\n    return rng.normal(size=3)", rng=Rng(7))
    assert np.array_equal(found.arrays[0], np.random.default_rng(7).normal(size=3))


@with_torch
def test_a_source_of_randomness_is_torchs_generator(returned):
    source = """
        import torch
        def f(rng):
            same = torch.Generator().manual_seed(7)
            return torch.rand(3, generator=rng) - torch.rand(3, generator=same)
    """
    assert numbers(returned(source, "torch", rng=Rng(7)).arrays) == [[0, 0, 0]]


@pytest.mark.parametrize("language", BOTH)
def test_inputs_that_were_changed_are_named_also_inside_of_lists(returned, language):
    source = """
        def f(x, y, z, rows):
            x += 1
            z[0] = float("nan")
            rows[1][0] = 7
            return y
    """
    x, y, z, rows = np.zeros(2), np.array([np.nan]), np.ones(2), [np.ones(1), np.ones(1)]
    assert returned(source, language, x=x, y=y, z=z, rows=rows).changed == ["x", "z", "rows"]
    assert (x.tolist(), rows[1].tolist()) == ([0, 0], [1])  # ours are never touched


@pytest.mark.parametrize("language", BOTH)
def test_a_call_finds_what_the_call_before_left(loaded, language):
    child = loaded("n = 0\ndef f(x):\n    global n; n += 1\n    return x + n", language)
    assert [child.call(F, {"x": np.zeros(())}).arrays[0].item() for _ in range(3)] == [1, 2, 3]


# Objects.


@pytest.mark.parametrize("language", BOTH)
def test_an_object_is_made_and_keeps_its_state_between_its_methods(loaded, language):
    source = """
        class Sum:
            def __init__(self, start):
                self.total = start
            def add(self, x):
                self.total = self.total + x
                return self.total
    """
    child = loaded(source, language)
    made = child.call({"function": "Sum", "makes": True}, {"start": np.float64(1)})
    found = [child.call({"method": "add"}, {"x": np.float64(2)}).arrays[0] for _ in range(2)]
    assert (made.kinds, made.arrays) == ([], [])
    assert found == [3, 5]


def test_a_class_that_changes_what_it_is_made_of_is_told(loaded):
    child = loaded("class Layer:\n    def __init__(self, w):\n        w *= 0")
    made = child.call({"function": "Layer", "makes": True}, {"w": np.ones(2)})
    assert made.changed == ["w"]


# Gradients, by autograd.


def gradients_of(child, *names):
    """With respect to these; x = (1, 2), w = 3 and dy = (10, 100)."""
    arguments = {"x": np.array([1.0, 2.0]), "w": np.array(3.0)}
    return child.call(F, arguments, wrt=names, dy=np.array([10.0, 100.0]))


@with_torch
def test_the_gradients_are_those_of_the_first_result_times_dy(loaded):
    found = gradients_of(loaded("def f(x, w):\n    return w * x**2, 1e9 * x", "torch"), "x", "w")
    assert found.kinds == ["array", "array"]
    assert found.gradients == ["array", "array"]
    assert numbers(found.arrays[2:]) == [[60, 1200], 410]  # 2 w x dy; sum(x² dy)
    assert found.changed == []


@with_torch
def test_a_gradient_comes_for_those_arguments_only_that_were_named(loaded):
    found = gradients_of(loaded("def f(x, w):\n    return w * x", "torch"), "w")
    assert numbers(found.arrays[1:]) == [210]


@with_torch
@pytest.mark.parametrize(
    "result",
    [
        pytest.param("w + torch.zeros(2)", id="x has no part in it"),
        pytest.param("(w * x).detach()", id="it is cut off"),
        pytest.param("w * x.sum()", id="its shape is not that of dy"),
        pytest.param("2.0", id="it is a number"),
    ],
)
def test_where_there_is_no_gradient_none_comes(loaded, result):
    found = gradients_of(loaded(f"import torch\ndef f(x, w):\n    return {result}", "torch"), "x")
    assert (len(found.kinds), found.gradients) == (1, ["NoneType"])


# Signatures and scripts.


def test_loading_tells_the_signatures_of_what_is_defined(numpy_nursery):
    source = "def f(x, eps=1e-5, *, axes=(0, 1), key=None): pass\ndef g(*a, **k): pass\nh = 3"
    with Child(numpy_nursery) as child:
        found = child.load(source, ["f", "g", "h", "missing"])
    assert found == {
        "f": [["x", False, None], ["eps", True, 1e-5], ["axes", True, [0, 1]], ["key", True, None]],
        "g": [["*a", False, None], ["*k", False, None]],
    }


@pytest.mark.parametrize(
    "source",
    ["f = max", "import numpy as np\ndef f(x, axes=(np.int64(0),)):\n    return x"],
    ids=["a function without a signature", "a default that JSON does not know"],
)
def test_loading_does_not_fail_for_a_signature_that_cannot_be_told(numpy_nursery, source):
    with Child(numpy_nursery) as child:
        child.load(source, ["f"])


def test_a_script_runs_as_a_program_and_its_traceback_is_printed(numpy_nursery):
    with Child(numpy_nursery) as child:
        printed = child.script("print(__name__)\n1 / 0\n")
    first, *_, last = printed.splitlines()
    assert (first, last) == ("__main__", "ZeroDivisionError: division by zero")


# Exceptions.


def test_an_exception_comes_back_with_its_line(raised):
    error = raised("def f(x):\n    y = x\n    raise ValueError('no γ')", x=np.ones(1))
    assert (error.name, error.message, error.line) == ("ValueError", "no γ", 3)


def test_an_exception_in_numpy_has_the_line_that_called_it(raised):
    error = raised("import numpy as np\ndef f(x):\n    return np.ones(2) + x", x=np.ones(3))
    assert error.line == 3
    assert error.message.startswith("operands could not be broadcast together")


@pytest.mark.parametrize(
    ("source", "text", "line"),
    [
        ("x = 1\n1 / 0", "ZeroDivisionError: division by zero", 2),
        ("x = 1\ndef f(:\n", "SyntaxError: invalid syntax", 2),
        ("def f():\n    raise KeyError", "KeyError", 2),
        ("import sys\ndef f():\n    sys.exit(0)", "SystemExit: 0", 3),
        ("def f():\n    raise KeyboardInterrupt", "KeyboardInterrupt", 2),
        ("class E(Exception):\n    def __str__(self): 1 / 0\ndef f():\n    raise E", "E", 4),
        ("def g():\n    1 / 0\ndef f():\n    g()", "ZeroDivisionError: division by zero", 2),
        ("def g():\n    pass", "KeyError: 'f'", None),
    ],
)
def test_whatever_is_raised_is_told_in_its_own_words(raised, source, text, line):
    error = raised(source)
    assert (str(error), error.line) == (text, line)


def test_a_message_of_megabytes_is_cut_before_it_is_sent(raised):
    """A header would hold no more than one."""
    assert raised("def f():\n    raise ValueError('x' * 2_000_000)").name == "ValueError"


# What the machine refused.


def refused(what, source, language="numpy", marks=()):
    return pytest.param(what, source, language, id=f"{what}: {source}"[:50], marks=marks)


@pytest.mark.parametrize(
    ("what", "source", "language"),
    [
        refused("workers", "import multiprocessing as m; m.Process(target=print).start()"),
        refused("workers", "import multiprocessing as m; m.Pool(2)"),
        refused(
            "workers",
            "from concurrent.futures import ProcessPoolExecutor as P; P(2).submit(print).result()",
        ),
        refused(
            "workers",
            "import torch.utils.data as d; list(d.DataLoader([1, 2], num_workers=2))",
            "torch",
            with_torch,
        ),
        refused("programs", "import subprocess; subprocess.run(['true'])"),
        refused("programs", "import os; os.fork()"),
        refused("files", "import tempfile; tempfile.TemporaryFile()"),
        refused("files", "open('new', 'w')"),
        refused("files", "import numpy; numpy.save('new', 1)"),
        refused("files", "import torch; torch.save(1, 'new')", "torch", with_torch),
        refused("network", "import socket; socket.socket()"),
        refused("network", "from urllib.request import urlopen; urlopen('http://127.0.0.1')"),
        refused(
            "network",
            "from urllib.request import urlopen; urlopen('http://localhost')",
        ),
        refused("torch.compile", "import torch; torch.compile(abs)", "torch", with_torch),
        refused("torch.compile", "import torch; torch.compile(mode='x')", "torch", with_torch),
        refused("", "open('missing')"),
        refused("", "raise PermissionError('my own')"),
        refused("", "1 / 0"),
    ],
)
def test_what_was_refused_has_a_name(raised, what, source, language):
    assert raised(f"def f():\n    {source}", language).refused == what


@pytest.mark.parametrize("since", ["", " from None", " from error"])
def test_a_refusal_is_known_behind_another_exception(raised, since):
    source = f"""
        def f():
            try:
                open("new", "w")
            except OSError as error:
                raise ValueError("my own"){since}
    """
    error = raised(source)
    assert (str(error), error.refused) == ("ValueError: my own", "files")


# What was called.


def test_a_trace_names_what_is_called_outside_of_the_submission(loaded):
    source = """
        import textwrap
        def helper(text):
            import colorsys  # runs the body of a module, which nobody called
            return textwrap.dedent(text)
        def f():
            return sum([len(helper("x"))])
    """
    seen = loaded(source).trace(F, {})
    assert {"textwrap.dedent", "builtins.sum"} <= set(seen)
    assert not [name for name in seen if name.startswith(("submission.", "colorsys."))]
    assert len(set(seen)) == len(seen)


@with_torch
def test_a_trace_names_what_torch_dispatches_whoever_calls_it(loaded):
    """No profiler sees what C calls: here `map`, there autograd."""
    source = """
        import torch
        def f(x):
            (y,) = map(torch.exp, [x.requires_grad_()])
            return torch.autograd.grad(y.tanh().sum(), x)[0]
    """
    seen = loaded(source, "torch").trace(F, {"x": np.ones(2)})
    assert {"aten.exp.default", "aten.tanh_backward.default"} <= set(seen)


def test_a_trace_is_of_a_bounded_length(loaded):
    source = """
        import types
        def f():
            for n in range(3000):
                code = compile(f"def g{n}(): pass\\ng{n}()", "many.py", "exec")
                exec(code, {"__name__": "many"})
    """
    assert len(loaded(source).trace(F, {})) == 2000


def test_a_trace_of_what_raises_raises_and_watches_no_longer(loaded):
    source = """
        import sys
        def f(x):
            if x > 0:
                raise ValueError
            return 0 if sys.getprofile() is None else 1
    """
    child = loaded(source)
    with pytest.raises(Raised, match="ValueError"):
        child.trace(F, {"x": 1})
    assert numbers(child.call(F, {"x": 0}).arrays) == [0]


def test_a_trace_names_nothing_that_the_submission_did_not_call(loaded):
    assert loaded("def f(x):\n    return x").trace(F, {"x": np.ones(2)}) == []


@with_torch
def test_a_trace_imports_nothing(loaded):
    child = loaded("import sys\ndef f(x):\n    return x.new_tensor(len(sys.modules))", "torch")
    before, _, after = (do(F, {"x": np.ones(2)}) for do in (child.call, child.trace, child.call))
    assert numbers(before.arrays) == numbers(after.arrays)
