"""How far apart two arrays are, and whether they can be compared at all."""

from itertools import combinations

import numpy as np
import pytest

from interview_cli.judge.compare import (
    NUDGES,
    RANDOM_NUDGES,
    Comparison,
    Scalar,
    converted,
    differences,
    error_of,
    is_wider,
    largest_of,
    misfit,
    nudged,
)

INF, NAN = np.inf, np.nan


def scalar(value):
    return np.asarray(value).view(Scalar)


# How far apart.


@pytest.mark.parametrize(
    ("mine", "right", "error"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0.0),
        ([1.0, 2.5], [1.0, 2.0], 0.5),
        ([1.0, 1.5], [1.0, 2.0], 0.5),
        ([INF], [INF], 0.0),
        ([-INF], [INF], INF),
        ([INF], [1.0], INF),
        ([1.0], [-INF], INF),
        ([NAN], [NAN], 0.0),
        ([NAN], [1.0], INF),
        ([1.0], [NAN], INF),
        ([NAN], [INF], INF),
        ([INF], [NAN], INF),
        ([0.0, NAN, 3.0], [0.0, 1.0, 3.0], INF),
        ([-0.0], [0.0], 0.0),
        ([1.7e308], [-1.7e308], INF),  # their difference overflows
        ([], [], 0.0),
    ],
)
def test_the_error_is_the_largest_difference(mine, right, error):
    assert error_of(np.array(mine), np.array(right)) == error


def test_what_overflows_is_infinitely_wrong_and_no_warning():
    with np.errstate(all="raise"):
        assert error_of(np.array([1.7e308]), np.array([-1.7e308])) == INF
        assert error_of(np.array([INF]), np.array([INF])) == 0.0


def test_errors_are_computed_in_float64():
    """In float32 these two would be equal."""
    mine, right = np.array([1.0], np.float32), np.array([1.0 + 1e-9])
    assert error_of(mine, right) == pytest.approx(1e-9, rel=1e-6)


def test_whole_numbers_and_truth_values_have_an_error_too():
    assert error_of(np.array([3, 1]), np.array([3, 2])) == 1.0
    assert error_of(np.array([True, False]), np.array([True, True])) == 1.0
    assert error_of(np.array([True]), np.array([True])) == 0.0


def test_differences_keep_the_shape():
    found = differences(np.array([[1.0, 2.0]]), np.array([[1.0, 4.0]]))
    assert found.tolist() == [[0.0, 2.0]]


@pytest.mark.parametrize(
    ("error", "allowed", "is_right"),
    [(0.0, 0.0, True), (1.0, 1.0, True), (1.1, 1.0, False), (INF, 1e300, False), (NAN, 1.0, False)],
)
def test_what_is_allowed_is_right_and_what_is_no_number_is_not(error, allowed, is_right):
    assert Comparison("y", error, allowed).is_right is is_right


# How large.


@pytest.mark.parametrize(
    ("value", "largest"),
    [
        (np.array([1.0, -3.0, 2.0]), 3.0),
        (np.array([1.0, INF, NAN, -INF]), 1.0),
        (np.array([INF, NAN]), 0.0),
        (np.array([]), 0.0),
        (np.array(-2.5), 2.5),
        (np.array([5, 7]), 0.0),  # whole numbers have to be exact
        (3.0, 0.0),
    ],
)
def test_the_largest_is_the_largest_finite_float(value, largest):
    assert largest_of(value) == largest


# Comparable at all.


@pytest.mark.parametrize(
    ("mine", "right", "dtype", "told"),
    [
        (np.zeros(3), np.zeros(3), "float64", ""),
        (np.zeros(3, "f4"), np.zeros(3), "float32", ""),
        (np.zeros(3), np.zeros(3), "float32", ""),  # wider, and nothing is lost
        (np.zeros(3, "f4"), np.zeros(3), "float64", "y is float32 instead of float64"),
        (np.zeros((3, 1)), np.zeros(3), "float64", "y has the shape (3, 1) instead of (3,)"),
        (np.zeros(()), np.zeros(1), "float64", "y has the shape () instead of (1,)"),
        (np.zeros((2, 3)), np.zeros((3, 2)), "float64", "y has the shape (2, 3) instead of (3, 2)"),
        (np.zeros(3, "i8"), np.zeros(3), "float64", "y is int64 instead of float64"),
        (np.zeros(3, bool), np.zeros(3), "float64", "y is bool instead of float64"),
        (np.zeros(3, "i8"), np.zeros(3, "i8"), "float32", ""),
        (np.zeros(3, "i4"), np.zeros(3, "i8"), "float64", "y is int32 instead of int64"),
        (np.zeros(3), np.zeros(3, "i8"), "float64", "y is float64 instead of int64"),
        (np.zeros(3, bool), np.zeros(3, bool), "float32", ""),
        (np.zeros(3, "i8"), np.zeros(3, bool), "float64", "y is int64 instead of bool"),
    ],
)
def test_a_wrong_shape_or_dtype_is_told_in_words(mine, right, dtype, told):
    assert misfit("y", mine, right, dtype) == told


@pytest.mark.parametrize(
    ("mine", "right", "told"),
    [
        (1.5, np.zeros(()), ""),
        (2, np.zeros(()), ""),
        (2, np.array(2), ""),
        (True, np.array(True), ""),
        (2.0, np.array(2), "y is float64 instead of int64"),
        (1, np.array(True), "y is int64 instead of bool"),
        (1.5, np.zeros(1), "y has the shape () instead of (1,)"),
    ],
)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_python_number_has_no_floating_dtype_of_its_own(mine, right, told, dtype):
    assert misfit("y", scalar(mine), right, dtype) == told


@pytest.mark.parametrize(
    ("mine", "dtype", "is_so"),
    [
        (np.zeros(1), "float32", True),
        (np.zeros(1), "float64", False),
        (np.zeros(1, "f4"), "float32", False),
        (np.zeros(1, "f4"), "float64", False),
        (np.zeros(1, "i8"), "float32", False),
    ],
)
def test_wider_is_float64_where_float32_was_given(mine, dtype, is_so):
    assert is_wider(mine, dtype) is is_so


# Other types, and one ulp away.


def test_only_floating_arrays_are_converted():
    value = [np.ones(2), (np.ones(1, "f4"), np.arange(3), np.array([True])), 0.1, "mean", None]
    one, (two, three, four), *rest = converted(value, "float32")
    assert [a.dtype.str[1:] for a in (one, two, three, four)] == ["f4", "f4", "i8", "b1"]
    assert rest == [0.1, "mean", None]
    assert isinstance(converted((1, 2), "float32"), tuple)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("number", range(NUDGES))
def test_every_number_is_nudged_by_about_an_ulp_of_its_own_type(number, dtype):
    value = np.random.default_rng(0).normal(size=100).astype(dtype)
    moved = nudged(value, number, np.random.default_rng(1), "float64")
    ratio = np.abs(moved / value.astype("float64") - 1) / np.finfo(dtype).eps
    assert moved.dtype == np.float64
    assert ratio == pytest.approx(np.ones(100), rel=0.6)  # float64 rounds to whole ulps
    assert (moved > value).any()
    assert (moved < value).any()


@pytest.mark.parametrize("shape", [(2,), (3, 2), (5, 4), (2, 3, 4), (8, 1)])
def test_of_any_two_numbers_of_a_row_or_column_some_nudge_moves_only_one_up(shape):
    """Else their difference might stay as it was in all of them."""
    rng = np.random.default_rng(0)
    ups = [nudged(np.ones(shape), n, rng, "float64") > 1 for n in range(RANDOM_NUDGES, NUDGES)]
    for axis, side in enumerate(shape):
        for one, two in combinations(range(side), 2):
            apart = [np.take(up, one, axis) != np.take(up, two, axis) for up in ups]
            assert np.any(apart, axis=0).all()


def test_only_floating_arrays_are_nudged():
    rng = np.random.default_rng(0)
    value = [np.arange(3), np.array([True]), 0.5, "mean", None, np.zeros(2)]
    moved = nudged(value, 0, rng, "float64")
    assert [np.array_equal(a, b) for a, b in zip(moved, value, strict=True)] == [True] * 6
    assert isinstance(nudged((np.ones(1),), 0, rng, "float64"), tuple)
