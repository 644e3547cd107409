"""Tensors as text: aligned, never wider than the screen, and readable without colour."""

import subprocess
import sys
from textwrap import dedent

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from rich.cells import cell_len

from interview_cli.cli.view.look import Look
from interview_cli.cli.view.tensors import MAX_ROWS, number, side_by_side, tensor

EN60, EN80, ZH60, ZH80 = (Look(lang, width) for lang in ("en", "zh") for width in (60, 80))
ASCII = Look("zh", 60, "latex")

RIGHT = np.array([[0.1257, -0.1321, 0.64], [1.304, 12.5, -0.7037], [-3, 0, 1e-7]])
MINE = np.array([[0.1257, -0.1321, 0.64], [1.304, -25.0, np.nan], [-3, 1e-5, 1e-7]])
IMAGES = (np.arange(120).reshape(2, 3, 4, 5) - 60) / 8


def shown(lines):
    return "".join(f"{line.plain.rstrip()}\n" for line in lines)


def compared(mine, right, view, **options):
    mine, right = np.asarray(mine), np.asarray(right)
    return shown(side_by_side(mine, right, mine != right, view, **options))


def screen(text):
    return dedent(text).removeprefix("\n")


# Whole screens.


@pytest.mark.parametrize(
    ("view", "yours", "expected"), [(EN80, "yours   ", "expected"), (ZH80, "你的    ", "期望")]
)
def test_a_matrix_stands_beside_the_truth(view, yours, expected):
    assert compared(MINE, RIGHT, view) == screen(f"""
        {yours}                            {expected}
        [  0.1257   -0.1321     0.64    ]   [  0.1257   -0.1321     0.64    ]
        [  1.304   -25*       NaN*      ]   [  1.304    12.5       -0.7037  ]
        [ -3         1e-5*      1e-7    ]   [ -3         0          1e-7    ]
    """)


@pytest.mark.parametrize(
    ("view", "yours", "expected"),
    [(EN60, "yours", "expected"), (ZH60, "你的", "期望"), (ASCII, "yours", "expected")],
)
def test_a_wide_matrix_stands_above_the_truth(view, yours, expected):
    assert compared(MINE, RIGHT, view) == screen(f"""
        {yours}
          [  0.1257   -0.1321     0.64    ]
          [  1.304   -25*       NaN*      ]
          [ -3         1e-5*      1e-7    ]
        {expected}
          [  0.1257   -0.1321     0.64    ]
          [  1.304    12.5       -0.7037  ]
          [ -3         0          1e-7    ]
    """)


def test_vectors_and_numbers_stand_column_under_column():
    assert compared([1.5, 2, 30], [1.5, -2.25, 30], EN60) == screen("""
        yours     [ 1.5   2*     30 ]
        expected  [ 1.5  -2.25   30 ]
    """)
    assert compared(1.5, -2.25, ZH60) == screen("""
        你的   1.5*
        期望  -2.25
    """)
    assert compared([True, False], [True, True], EN60, names=("mask", "torch's")) == screen("""
        mask     [ True  False* ]
        torch's  [ True   True  ]
    """)


def test_long_titles_leave_the_numbers_their_room():
    names = ("the gradient with respect to gamma, as yours has it", "torch's")
    assert compared([1.5, 2], [1.5, 3], EN60, names=names) == screen("""
        the gradient with respect to gamma, as yours has it
          [ 1.5  2* ]
        torch's
          [ 1.5  3  ]
    """)


def test_of_many_blocks_those_with_errors_are_shown():
    mine = IMAGES.copy()
    mine[1, 0, 2] *= -1
    assert compared(mine, IMAGES, ZH60) == screen("""
        你的
          …
          [1, 0, :, :]
          [  0        0.125    0.25     0.375    0.5    ]
          [  0.625    0.75     0.875    1        1.125  ]
          [ -1.25*   -1.375*  -1.5*    -1.625*  -1.75*  ]
          [  1.875    2        2.125    2.25     2.375  ]
          …
        期望
          …
          [1, 0, :, :]
          [  0        0.125    0.25     0.375    0.5    ]
          [  0.625    0.75     0.875    1        1.125  ]
          [  1.25     1.375    1.5      1.625    1.75   ]
          [  1.875    2        2.125    2.25     2.375  ]
          …
        形状 (2, 3, 4, 5)
    """)


def test_of_a_long_vector_the_error_is_shown():
    mine = np.arange(30)
    mine[20] = 0
    assert compared(mine, np.arange(30), ASCII) == screen("""
        yours     [ 0  1  2  3  4  5  6  7  8  ..  19   0*  21  .. ]
        expected  [ 0  1  2  3  4  5  6  7  8  ..  19  20   21  .. ]
        shape (30,)
    """)


INPUTS = {
    "a vector": (np.array([1.5, -2]), "x =  [ 1.5  -2 ]\n"),
    "a matrix": (
        np.array([[1.5, -2], [10, np.inf]]),
        "x =  [  1.5   -2 ]\n     [ 10    inf ]\n",
    ),
    "blocks": (
        np.arange(8).reshape(2, 2, 2),
        "x =  [0, :, :]\n     [ 0  1 ]\n     [ 2  3 ]\n"
        "     [1, :, :]\n     [ 4  5 ]\n     [ 6  7 ]\n",
    ),
    "a 0-d array": (np.array(0.25), "x = 0.25\n"),
    "empty": (np.zeros((0, 3)), "x =  shape (0, 3)\n"),
    "booleans": (np.array([True, False]), "x =  [ True  False ]\n"),
    "a number": (1e-5, "x = 1e-05\n"),
    "a numpy number": (np.float32(0.1), "x = 0.1\n"),
    "a pair": ((0.9, 0.999), "x = (0.9, 0.999)\n"),
    "one": ((np.int64(2),), "x = (2,)\n"),
    "none": (None, "x = None\n"),
    "truth": (True, "x = True\n"),
    "text": ("mean", "x = 'mean'\n"),
    "tensors": (
        [np.array([1, 2]), None, np.array([[3], [4]])],
        "x[0] =  [ 1  2 ]\nx[1] = None\nx[2] =  [ 3 ]\n        [ 4 ]\n",
    ),
    "a state": ({"m": np.array([1.0])}, "x['m'] =  [ 1 ]\n"),
    "many": ([np.zeros(1)] * 6, "".join(f"x[{i}] =  [ 0 ]\n" for i in range(4)) + "…\n"),
    "texts": (np.array(["a", "b\n" * 20]), "x =  [ a  b\\nb\\nb\\nb\\nb\\.. ]\n"),
}


@pytest.mark.parametrize("case", INPUTS)
def test_inputs_of_every_kind(case):
    value, expected = INPUTS[case]
    assert shown(tensor("x", value, EN60)) == expected


def test_a_long_name_stands_above():
    assert shown(tensor("running_variance", np.array([1.0]), EN60)) == screen("""
        running_variance =
          [ 1 ]
    """)


def test_a_large_input_is_cut():
    lines = shown(tensor("x", np.zeros((1000, 1000)), ZH60)).splitlines()
    assert len(lines) == MAX_ROWS + 1
    assert lines[-2:] == ["     …", "     形状 (1000, 1000)"]
    assert lines[0].endswith("… ]")


# What tells right from wrong.


def test_a_wrong_number_has_a_star_and_is_red_and_bold():
    line = next(side_by_side(np.array([1.0, 2]), np.array([1.0, 3]), np.array([0, 1]), EN60))
    assert [line.plain[s.start : s.end] for s in line.spans if s.style == "bold red"] == ["2*"]


@pytest.mark.parametrize(
    ("mine", "right", "texts"),
    [
        (1.00001, 1.0, ["1.00001*", "1"]),
        (0.1, np.nextafter(0.1, 1), ["0.10000000000000001*", "0.10000000000000002"]),
        (123456.0, 123456.5, ["123456*", "123456.5"]),
        (
            np.float32(0.3),
            np.nextafter(np.float32(0.3), np.float32(1)),
            ["0.30000001*", "0.30000004"],
        ),
        (2, 3, ["2*", "3"]),
        (np.nan, 1.5, ["NaN*", "1.5"]),
    ],
)
def test_as_many_digits_as_it_takes_to_see_the_error(mine, right, texts):
    assert compared(mine, right, EN60).split()[1::2] == texts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.23456, "1.235"),
        (12345.6, "12346"),
        (999999.0, "999999"),
        (1e6, "1e6"),
        (1.5e-7, "1.5e-7"),
        (-1e300, "-1e300"),
        (1e-300, "1e-300"),
        (-np.inf, "-inf"),
        (np.nan, "NaN"),
        (np.bool_(True), "True"),
        (np.uint8(7), "7"),
        (2**62, "4611686018427387904"),
        (1 + 2j, "(1+2j)"),
    ],
)
def test_numbers_have_four_digits(value, text):
    assert number(value) == text


# Laws.

views = st.builds(
    Look,
    st.sampled_from(["zh", "en", "both"]),
    st.integers(40, 100),
    st.sampled_from(["2d", "line", "latex"]),
)
dtypes = st.sampled_from(["float64", "float32", "float16", "int64", "uint8", "bool", "complex64"])
shapes = arrays.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=7)
tensors = dtypes.flatmap(lambda dtype: arrays.arrays(dtype, shapes))
pairs = st.tuples(dtypes, shapes).flatmap(
    lambda found: st.tuples(*(arrays.arrays(d, found[1]) for d in (*[found[0]] * 2, "bool")))
)
values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=99) | tensors,
    lambda inner: st.lists(inner, max_size=6) | st.lists(inner, max_size=3).map(tuple),
    max_leaves=8,
)


def assert_fits(lines, view):
    for line in lines:
        assert cell_len(line.plain) <= view.width
        assert "\n" not in line.plain
        assert view.math != "latex" or line.plain.isascii()


@given(
    pairs, views, st.lists(st.text(min_size=1, max_size=70), min_size=2, max_size=2) | st.just([])
)
def test_two_tensors_never_leave_the_screen(three, view, names):
    lines = list(side_by_side(*three, view, names))
    assert_fits(lines, view)
    assert len(lines) <= 2 * MAX_ROWS + 4
    if three[2].any():
        assert any("*" in line.plain for line in lines)


@given(st.text(max_size=80), values, views)
def test_an_input_never_leaves_the_screen(name, value, view):
    assert_fits(tensor(name, value, view), view)


@given(st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=MAX_ROWS), views)
def test_the_points_of_a_column_stand_in_line(thousandths, view):
    column = np.array(thousandths).reshape(-1, 1) / 1000
    rows = [line.plain for line in tensor("x", column, view)]
    assert len({row.index(".") for row in rows if "." in row}) <= 1
    assert len({len(row) for row in rows}) == 1


def test_the_module_itself_needs_no_numpy():
    code = "import sys, interview_cli.cli.view.tensors; sys.exit('numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
