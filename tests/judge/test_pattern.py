"""What is said of an answer's errors is true of every element, and no coincidence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from interview_cli.judge.pattern import PATTERNS, pattern
from interview_cli.judge.pattern.answer import answer_of
from interview_cli.judge.pattern.evidence import is_certain
from interview_cli.judge.pattern.words import short

SHAPES = [(3, 4), (8, 5), (2, 3, 4), (2, 3, 4, 5), (12,), (6, 6)]
ALLOWED = {"float64": 1e-9, "float32": 2e-5}
shapes, seeds = st.sampled_from(SHAPES), st.integers(0, 2**32 - 1)


def drawn(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def found(mine, right, allowed=1e-9, **inputs):
    return pattern(np.asarray(mine), np.asarray(right), allowed, inputs)


def name(*args, **inputs):
    said = found(*args, **inputs)
    return said and said.name


def test_a_right_answer_has_no_pattern():
    x = drawn((3, 4))
    assert found(x, x) is None
    assert found(x + 1e-12, x) is None


# Laws: what is made wrong in one way is said to be wrong in that way.


EVERYWHERE = {
    "not-finite": lambda x: x * np.nan,
    "zeros": np.zeros_like,
    "constant": lambda x: np.full_like(x, 0.7),
    "sign": np.negative,
    "factor": lambda x: 0.731 * x,
    "offset": lambda x: x + 0.731,
    "square": np.square,
    "absolute": np.abs,
    "reciprocal": np.reciprocal,
    "complement": lambda x: 1 - x,
    "exponential": np.exp,
    "affine": lambda x: 0.731 * x + 0.317,
    "reversed": lambda x: np.flip(x, -1),
    "shifted": lambda x: np.roll(x, 1, -1),
    "permuted": lambda x: np.random.default_rng(0).permutation(x.ravel()).reshape(x.shape),
}


@pytest.mark.parametrize("wanted", EVERYWHERE)
@given(shape=shapes, seed=seeds, dtype=st.sampled_from(["float64", "float32"]))
def test_a_pattern_is_recognised_at_every_shape(wanted, shape, seed, dtype):
    x = drawn(shape, seed)
    x.flat[:4] = [-0.4, 0.7, -1.3, -2.2]  # signs enough to see that they are lost
    mine = EVERYWHERE[wanted](x).astype(dtype)
    said = name(mine, x.astype(dtype), ALLOWED[dtype] * max(1, np.abs(x).max()))
    if wanted == "permuted" and (dtype == "float32" or len(shape) == 1):
        assert said in {"permuted", "reordered", "count"}  # the order may take all they say
    else:
        assert said == wanted


@given(shape=shapes, seed=seeds, axis=st.integers(0, 3))
def test_each_line_with_a_factor_or_offset_of_its_own(shape, seed, axis):
    x, axis = drawn(shape, seed), axis % len(shape)
    if x.ndim == 1:
        return
    own = np.linspace(2, 3, shape[axis]).reshape([-1 if i == axis else 1 for i in range(x.ndim)])
    assert name(own * x, x) == "line-factors"
    assert name(own + x, x) == "line-offsets"


@given(shape=shapes, seed=seeds, axis=st.integers(0, 3), end=st.sampled_from([0, -1]))
def test_one_wrong_line_is_named(shape, seed, axis, end):
    x, axis = drawn(shape, seed), axis % len(shape)
    if x.ndim == 1 or shape[axis] == 2:
        return
    mine = x.copy()
    line = np.moveaxis(mine, axis, 0)[end]
    line += drawn(line.shape, seed + 1)
    said = found(mine, x)
    assert said.name == "one-line"
    which = "last" if end else "first"
    if x.ndim == 2:
        assert said.en == f"wrong only in the {which} {('row', 'column')[axis]}"
    else:
        assert said.en == f"wrong only at the {which} index of axis {axis}"


@given(shape=st.sampled_from([(4, 6), (2, 4, 5), (2, 2, 4, 4)]), seed=seeds)
def test_wrong_only_where_the_expected_value_is_negative(shape, seed):
    x = drawn(shape, seed)
    x.flat[::2] = -np.abs(x.flat[::2])
    x.flat[1::4] = np.abs(x.flat[1::4])
    mine = np.where(x < 0, x + drawn(shape, seed + 1), x)
    if 6 < (x < 0).sum() < x.size - 6:
        assert name(mine, x) in {"where-sign", "every-other-line"}


@given(shape=st.sampled_from([(3, 5), (2, 3, 4), (2, 3, 4, 5)]), seed=seeds)
def test_a_reshape_in_place_of_a_transpose(shape, seed):
    x = drawn(shape, seed)
    assert name(np.moveaxis(x, 0, -1).reshape(shape), x) in {"reshaped", "transposed"}


# Laws: nothing is made up.


@given(shape=st.sampled_from([*SHAPES, (), (1,), (2,), (1, 1), (2, 2), (1, 1, 1, 1)]), seed=seeds)
def test_noise_has_no_pattern_but_the_count(shape, seed):
    rng = np.random.default_rng(seed)
    mine, right, x = rng.normal(size=(3, *shape))
    assert name(mine, right, x=x) in {None, "count"}
    with_noise = right + rng.normal(size=shape) * np.where(rng.random(shape) < 0.5, 0.1, 0)
    assert name(2 * with_noise, right, x=x) in {None, "count", "one-element"} | {
        said for said in [name(2 * right, right)] if np.array_equal(with_noise, right)
    }


def test_chance_finds_places_seldom():
    rng = np.random.default_rng(0)
    right = rng.normal(size=(4, 5))
    names = [name(right + (rng.random((4, 5)) < 0.2), right) for _ in range(500)]
    others = [n for n in names if n not in {None, "count", "one-element"}]
    assert len(others) < 25


def pairs(dtype):
    shape = arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
    return shape.flatmap(lambda s: st.tuples(*(arrays.arrays(dtype, s) for _ in range(3))))


numbers = st.sampled_from(["float64", "float32", "float16", "int64", "uint8", "bool"])


@given(numbers.flatmap(pairs), st.sampled_from([0.0, 1e-9, 1.0, np.inf, np.nan]))
def test_any_pair_of_arrays_has_a_pattern_or_none(three, allowed):
    mine, right, x = three
    said = found(mine, right, allowed, x=x)
    if said:
        assert said.zh
        assert said.en
        assert "\n" not in said.zh + said.en


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 0.0, 1e308, 5e-324])
@pytest.mark.parametrize("shape", [(), (1,), (0,), (3, 0), (2, 3), (2, 1, 3, 2)])
def test_extreme_values_raise_nothing(value, shape):
    x = drawn(shape)
    for mine, right in ((x, x * 0 + value), (x * 0 + value, x), (x * 0 - value, x * 0 + value)):
        found(mine, right, 0.0, x=x, c=np.ones(2))
        found(mine, right, 1e-9, x=right)


def test_texts_and_complex_numbers_have_no_pattern():
    assert found(np.array(["a"]), np.array(["b"])) is None
    assert found(np.array([1j]), np.array([2j])) is None


# What is said.

R = drawn((4, 3), 7)
X = drawn((8, 3), 8)
Q = drawn((2, 3, 4), 9)
ONE, V = np.array(0.8130), drawn(12, 3)


def changed(right, where, value):
    mine = right.copy()
    mine[where] = value
    return mine


def noisy(right, mask):
    return right + np.where(mask, 1 + drawn(right.shape, 5) ** 2, 0)


UPPER = np.triu(np.ones((5, 5), bool), 1)
S = drawn((5, 5), 4)
P = np.exp(S)

SAID = {
    "all nan": (R * np.nan, R, {}, "每个值都是 NaN", "every value is NaN"),
    "nan in a row": (
        changed(R, 2, np.nan),
        R,
        {},
        "12 个值中有 3 个是 NaN，只在下标为 2 的行",
        "3 of 12 values are NaN, only in row 2 (counting from 0)",
    ),
    "one inf": (
        changed(Q, (1, 2, 3), -np.inf),
        Q,
        {},
        "24 个值中有 1 个是 -inf：[1, 2, 3]",
        "1 of 24 values is -inf: [1, 2, 3]",
    ),
    "no mask": (
        S,
        np.where(UPPER, -np.inf, S),
        {},
        "只错在应为 -inf 的地方：那里得到的是有限的数",
        "wrong only where -inf is expected: a finite number stands there",
    ),
    "zeros": (0 * R, R, {}, "每个值都是 0", "every value is 0"),
    "the input": (R, R + Q[0, 0, :3], {"x": R}, "结果就是 x，没有变", "the result is x, unchanged"),
    "sign": (-ONE, ONE, {}, "每个值的正负号都反了", "every value has the opposite sign"),
    "sum for mean": (
        8 * ONE,
        ONE,
        {"x": X},
        "每个值都是期望值的 8 倍；8 是 x 轴 0 的大小",
        "every value is 8 times the expected one; 8 is the size of axis 0 of x",
    ),
    "biased": (
        R * 7 / 8,
        R,
        {"x": X},
        "每个值都是期望值的 0.875 = 7/8 倍；8 是 x 轴 0 的大小",
        "every value is 0.875 = 7/8 times the expected one; 8 is the size of axis 0 of x",
    ),
    "unscaled": (
        R * np.sqrt(8),
        R,
        {"x": X},
        "每个值都是期望值的 2.828 ≈ √8 倍；8 是 x 轴 0 的大小",
        "every value is 2.828 ≈ √8 times the expected one; 8 is the size of axis 0 of x",
    ),
    "log2": (
        R / np.log(2),
        R,
        {},
        "每个值都是期望值的 1.443 ≈ 1/ln 2 倍",
        "every value is 1.443 ≈ 1/ln 2 times the expected one",
    ),
    "minus two": (
        -2 * R,
        R,
        {},
        "每个值都是期望值的 −2 倍",
        "every value is −2 times the expected one",
    ),
    "factor": (
        0.7311 * R,
        R,
        {},
        "每个值都是期望值的 0.7311 倍",
        "every value is 0.7311 times the expected one",
    ),
    "log n": (
        ONE - np.log(8),
        ONE,
        {"x": X},
        "每个值都小了 2.079 ≈ ln 8；8 是 x 轴 0 的大小",
        "every value is 2.079 ≈ ln 8 too small; 8 is the size of axis 0 of x",
    ),
    "one too large": (
        np.arange(10) + 1,
        np.arange(10),
        {},
        "每个值都大了 1",
        "every value is 1 too large",
    ),
    "root": (
        np.sqrt(ONE),
        ONE,
        {},
        "每个值都是期望值的平方根",
        "every value is the square root of the expected one",
    ),
    "no bias": (
        X - R[0],
        X,
        {"beta": R[0]},
        "每个值都是期望值减去 beta",
        "every value is the expected one minus beta",
    ),
    "no channel scale": (
        Q / R[1][:, None],
        Q,
        {"gamma": R[1]},
        "每个值都是期望值除以 gamma",
        "every value is the expected one divided by gamma",
    ),
    "affine": (
        0.31 * R - 0.57,
        R,
        {},
        "每个值都是 0.31 × 期望值 − 0.57",
        "every value is 0.31 × the expected one − 0.57",
    ),
    "row factors": (
        R * np.array([[2], [3], [0.5], [0.3]]),
        R,
        {},
        "每一行都有自己的倍数：2，3，0.5，0.3",
        "each row has its own factor: 2, 3, 0.5, 0.3",
    ),
    "pair offsets": (
        Q + np.arange(1, 7).reshape(2, 3, 1) ** 2,
        Q,
        {},
        "轴 0、1 的每组下标都有自己的偏移：1，4，9，16，…",
        "each index of axes 0 and 1 has its own offset: 1, 4, 9, 16, …",
    ),
    "transposed": (S.T, S, {}, "结果转置了", "the result is transposed"),
    "columns reversed": (
        R[:, ::-1],
        R,
        {},
        "各列的次序反了",
        "the columns are in reverse order",
    ),
    "late": (
        np.concatenate([Q[:, :, :1] * 0, Q[:, :, :-1]], 2),
        Q,
        {},
        "轴 2 上的各个切片向后错了一位",
        "the slices along axis 2 come one place too late",
    ),
    "rows reordered": (
        R[[2, 0, 3, 1]],
        R,
        {},
        "各行的次序不对：[2, 0, 3, 1]",
        "the rows are in another order: [2, 0, 3, 1]",
    ),
    "clipped": (
        np.clip(V, -0.5, 1),
        V,
        {},
        "被截断：小于 −0.5 的都变成 −0.5，大于 1 的都变成 1",
        "clipped: values below −0.5 became −0.5 and values above 1 became 1",
    ),
    "another order": (
        np.array([2, 0, 1, 3, 5, 4]),
        np.array([0, 1, 2, 4, 3, 5]),
        {},
        "值都对，次序不对",
        "the right values in another order",
    ),
    "softmax, wrong axis": (
        P / P.sum(0),
        P / P.sum(1, keepdims=True),
        {},
        "沿轴 1 的和应为 1；你的结果沿轴 0 的和为 1",
        "sums along axis 1 should be 1; yours are along axis 0",
    ),
    "same rows": (
        np.broadcast_to(Q[0, 0, :3], (4, 3)),
        R,
        {},
        "各行都相同，本应不同",
        "the rows are all equal, but should differ",
    ),
    "one element": (
        changed(R, (1, 2), 9),
        R,
        {},
        "12 个值中只错了一个：[1, 2]",
        "only one of 12 values is wrong: [1, 2]",
    ),
    "last column": (
        changed(R, (..., -1), 0),
        R,
        {},
        "只错在最后一列；错处每个值都是 0",
        "wrong only in the last column; there every value is 0",
    ),
    "from row": (
        noisy(X, np.arange(8)[:, None] > 2),
        X,
        {},
        "只错在下标为 3 的行及以后",
        "wrong only from row 3 on (counting from 0)",
    ),
    "odd": (
        noisy(V, np.arange(12) % 2 == 1),
        V,
        {},
        "只错在奇数下标处",
        "wrong only at the odd indices",
    ),
    "above the diagonal": (
        noisy(S, UPPER),
        S,
        {},
        "只错在对角线以上",
        "wrong only above the diagonal",
    ),
    "on the border": (
        noisy(
            drawn((2, 4, 4)),
            np.pad(np.zeros((2, 2, 2)), ((0, 0), (1, 1), (1, 1)), constant_values=1) > 0,
        ),
        drawn((2, 4, 4)),
        {},
        "只错在最后两轴的边缘",
        "wrong only on the border of the last two axes",
    ),
    "no leak": (
        np.where(X < 0, 0, X),
        np.where(X < 0, 0.01 * X, X),
        {"x": X},
        "被截断：小于 0 的都变成 0",
        "clipped: values below 0 became 0",
    ),
    "absolute": (
        np.abs(X),
        X,
        {},
        "每个值都是期望值的绝对值",
        "every value is the absolute value of the expected one",
    ),
    "half where negative": (
        np.where(X < 0, X / 2, X),
        X,
        {},
        "只错在期望值为负处；错处每个值都是期望值的 0.5 = 1/2 倍",
        "wrong only where the expected value is negative; there every value is 0.5 = 1/2 times "
        "the expected one",
    ),
    "where x is negative": (
        noisy(X**2, X < 0),
        X**2,
        {"x": X},
        "只错在 x 为负处",
        "wrong only where x is negative",
    ),
    "where x is largest": (
        noisy(X**2, X.max(1, keepdims=True) == X),
        X**2,
        {"x": X},
        "只错在 x 沿轴 1 最大处",
        "wrong only where x is largest along axis 1",
    ),
    "where the mask is true": (
        noisy(X, X > 0.5),
        X,
        {"mask": X > 0.5},
        "只错在 mask 为 True 处",
        "wrong only where mask is True",
    ),
    "only the first step": (
        noisy(X, np.arange(8)[:, None] > 0),
        X,
        {},
        "只有第一行正确",
        "right only in the first row",
    ),
    "all but the middle": (
        noisy(X, np.arange(8)[:, None] != 4),
        X,
        {},
        "只有下标为 4 的行正确",
        "right only in row 4 (counting from 0)",
    ),
    "bool negated": (
        X < 0,
        X >= 0,
        {},
        "每个值都反了：True 与 False 互换",
        "every value is negated",
    ),
    "bool constant": (
        np.ones_like(X, bool),
        X > 0,
        {},
        "每个值都是 True",
        "every value is True",
    ),
    "nearly right": (
        X + 1e-5 * np.abs(X) * drawn(X.shape, 1).clip(-1, 1),
        X,
        {},
        "每个值的相对误差都不超过 1e−4：查 ε 这样的小量，或精度的损失",
        "every relative error is at most 1e−4: look for a small term like ε, or lost precision",
    ),
    "all wrong": (X + drawn(X.shape, 1), X, {}, "24 个值全错", "all 24 values are wrong"),
    "some wrong": (
        noisy(X, drawn(X.shape, 21) > 0.6),
        X,
        {},
        "24 个值中错了 10 个",
        "10 of 24 values are wrong",
    ),
    "some dropped": (
        np.where(drawn(X.shape, 21) > 0.6, 0, X),
        X,
        {},
        "24 个值中错了 10 个；错处每个值都是 0",
        "10 of 24 values are wrong; there every value is 0",
    ),
}


@pytest.mark.parametrize("case", SAID)
def test_what_is_said(case):
    mine, right, inputs, zh, en = SAID[case]
    said = found(mine, right, **inputs)
    assert (said.zh, said.en) == (zh, en)


def test_one_number_says_little():
    """A single factor fits any single number; only one that means something is certain."""
    assert found(0.7311 * ONE, ONE) is None
    assert found(ONE + 0.1, ONE) is None
    assert name(0.5 * ONE, ONE) == "factor"
    assert name(0.5 * ONE, ONE, 1e-4) is None


def test_a_choice_among_many_must_be_paid_for():
    assert is_certain(np.full(2, 6.0))
    assert not is_certain(np.full(2, 6.0), cost=3.0)
    assert not is_certain(np.full(2, 6.0), fitted=1)
    assert not is_certain(None)


def test_an_element_alone_must_say_more():
    assert is_certain(np.array([14.0, 0]))
    assert not is_certain(np.array([12.0, 0]))
    assert not is_certain(np.array([12.0, 12]), fitted=1)


def test_a_coarse_tolerance_makes_nothing_certain():
    assert name(R * 0.9, R, 0.05) == "count"
    assert name(R * 0.9, R, 1e-9) == "factor"


def test_equal_expected_values_are_one_piece_of_evidence():
    assert name(np.full(6, 1.2345), np.full(6, 2.7182)) == "count"
    assert name(np.full(6, 1.2), np.full(6, 2.7), 0.05) == "count"  # nearly 4/9, six times over
    nearly_equal = 1e-7 * np.arange(6)
    assert name(1.2 + nearly_equal, 2.7 + nearly_equal, 0.05) == "count"


def test_an_input_within_the_tolerance_is_not_the_result():
    assert name(R + 0.03, R + 3, 0.05, x=R) == "offset"


# What would be false is not said.

ROW = np.arange(4)[:, None]
SQUARE = drawn((4, 4), 11)
NAN = np.nan

TRUE = {
    "every finite one is NaN": (
        [NAN] * 4,
        [NAN, 1, 2.5, 3],
        {},
        "every value that should be finite is NaN",
    ),
    "one of the expected NaN": (
        np.where(ROW < 2, NAN, R),
        np.where(ROW < 1, NAN, R),
        {},
        "3 of 9 values that should be finite are NaN, only in row 1 (counting from 0)",
    ),
    "minus infinity is no infinity": (
        [-np.inf, NAN, 1, 2],
        [1.0, 2, 1, 2],
        {},
        "2 of 4 values are -inf/NaN",
    ),
    "a long integer": (np.full(9, 12345), 999 * np.arange(9), {}, "every value is 12345"),
    "a factor near 1": (
        R * (1 + 1e-6),
        R,
        {},
        "every value is 1.000001 times the expected one",
    ),
    "a factor near 1/2": (
        R * 0.50003,
        R,
        {},
        "every value is 0.50003 times the expected one",
    ),
    "an offset near 1": (R + 1.00002, R, {}, "every value is 1.00002 too large"),
    "a size of two axes": (
        3 * R,
        R,
        {"x": drawn((3, 3))},
        "every value is 3 times the expected one; 3 is the size of axes 0 and 1 of x",
    ),
    "the errors are not in the right place": (
        np.where(ROW > 0, 2 * R, R),
        R,
        {},
        "right only in the first row; elsewhere every value is 2 times the expected one",
    ),
    "zeros and ones are not bools": (
        noisy(X, X > 0.5),
        X,
        {"t": 1.0 * (X > 0.5)},
        "wrong only where t is positive",
    ),
    "the diagonal of which axes": (
        noisy(drawn((2, 5, 5)), UPPER),
        drawn((2, 5, 5)),
        {},
        "wrong only above the diagonal of the last two axes",
    ),
    "an input's own axes": (
        noisy(drawn((2, 4, 4)), SQUARE.max(0) == SQUARE),
        drawn((2, 4, 4)),
        {"w": SQUARE},
        "wrong only where w is largest along axis 0",
    ),
    "halves go to the even integer": (
        [0.0, 2, 2, 4, -1, 7],
        [0.5, 1.5, 2.5, 3.7, -1.2, 6.6],
        {},
        "every value is the integer nearest to the expected one",
    ),
}


@pytest.mark.parametrize("case", TRUE)
def test_what_is_said_is_true(case):
    mine, right, inputs, en = TRUE[case]
    assert found(mine, right, **inputs).en == en


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.73112, "0.7311"),
        (0.70004, "0.70004"),
        (0.7 + 1e-12, "0.7"),
        (-0.0, "0"),
        (12345.0, "12345"),
        (1 / 3, "0.3333"),
        (-1.5e-7, "−1.5e−7"),
        (1.2346e30, "1.235e30"),
        (np.inf, "inf"),
    ],
)
def test_a_number_does_not_look_rounder_than_it_is(value, text):
    assert short(value) == text


def test_a_number_is_no_more_exact_than_the_answer():
    assert short(0.700003, blur=1e-5) == "0.7"


# Each detector, an answer that it must name, and answers that only look like it.

DETECTORS = {find.__name__: find for _, find in PATTERNS}
GAMMA = drawn(3, 12)
STEPS = np.array([[2.0], [3], [0.5], [0.3]])
SOFTMAX = P / P.sum(1, keepdims=True)
ALMOST = 1 + 1e-5 * drawn((4, 3), 13).clip(-1, 1)
LATE = np.concatenate([V[-1:], V[:-1]])
CLIPPED = V.clip(-0.5, 1)
LEVEL = 1 + 1.5e-9 * np.arange(3)  # three values, hardly told apart
ONES = np.ones(3)


def off(mine, at=-1):
    """With one value changed."""
    mine = np.array(mine)
    mine.flat[at] += 0.01
    return mine


NAMED = {
    "not_finite": (R * NAN, R),
    "finite_instead": (S, np.where(UPPER, NAN, S)),
    "all_zero": (0 * R, R),
    "equal_to_input": (R, R + 1, R),
    "constant": (0 * R + 0.7, R),
    "negated": (-R, R),
    "one_factor": (0.7311 * R, R),
    "one_offset": (R + 0.7311, R),
    "by_rule": (R**2, R),
    "by_input": (R * GAMMA, R, GAMMA),
    "affine": (0.31 * R - 0.57, R),
    "only_one": (off(R), R),
    "transposed": (S.T, S),
    "reshaped": (R.T.reshape(4, 3), R),
    "reversed_along": (R[::-1], R),
    "shifted": (LATE, V),
    "reordered": (R[[2, 0, 3, 1]], R),
    "clipped": (CLIPPED, V),
    "permuted": (np.sort(Q, None).reshape(Q.shape), Q),
    "wrong_axis": (P / P.sum(0), SOFTMAX),
    "same_lines": (R[[0, 0, 0, 0]], R),
    "wrong_place": (noisy(X, np.arange(3) > 1), X),
    "right_place": (noisy(X, np.arange(3) > 0), X),
    "line_factors": (R * STEPS, R),
    "line_offsets": (R + STEPS, R),
    "nearly_right": (R * ALMOST, R),
    "how_many": (R + drawn(R.shape, 1), R),
}

NOT_NAMED = {
    "not_finite": [([NAN, 1, 2], [NAN, 2, 3]), ([-np.inf, 1, 2], [NAN, 2, 3])],
    "finite_instead": [
        (off(S, 5), np.where(UPPER, NAN, S)),
        (S, np.where(UPPER, np.where(np.eye(5, k=1), NAN, np.inf), S)),
    ],
    "all_zero": [(off(0 * R), R), (0 * R, 0 * R), (0 * R, R * 1e-10)],
    "equal_to_input": [
        ([1], [0], [1]),
        (off(R), R + 1, R),
        (R, R + 1, R + 1e-6),
        (R, R + 1, R[:, :1]),
    ],
    "constant": [
        ([True, True, True], [True, False, True]),
        (off(0 * R + 0.7), R),
        (0 * R + 0.7, 0 * R + 0.3),
        ([0.7, 0.7], [1.0, 2]),
    ],
    "negated": [
        ([True, False], [False, True]),
        (off(-R), R),
        (np.where(ROW > 0, -R, R), R),
        ([-1e-10], [1e-10]),
    ],
    "one_factor": [
        (0 * LEVEL + 1.2345, LEVEL),
        (off(0.7311 * R), R),
        (0 * R, R),
        (0.7311 * ONE, ONE),
        (R + 1, R),
    ],
    "one_offset": [
        ([1], [0]),
        (0 * LEVEL + 1.2345, LEVEL),
        (off(R + 0.7311), R),
        (0 * R + 1, R),
        (ONE + 0.7311, ONE),
        (2 * R, R),
    ],
    "by_rule": [
        ([4], [2]),
        (off(R**2), R),
        (np.abs(R), np.abs(R) + 1),
        ([5, 1 / 1.3, 1 / 2.7, 1 / 0.3], [1e-10, 1.3, 2.7, 0.3]),  # a pole
        ([1.5, 1, 0, -3, -2, 4], [2 - 1e-10, 1.3, 0.7, -2.2, -1.1, 4.4]),  # a jump
    ],
    "by_input": [(off(R * GAMMA), R, GAMMA), (R * 2, R, GAMMA), (R, R, 1 + 0 * GAMMA)],
    "affine": [
        (off(0.31 * R - 0.57), R),
        (0.31 * R[0, :2] - 0.57, R[0, :2]),
        (2 * R, R),
        (R + 2, R),
        (0 * R + 2, R),
    ],
    "only_one": [(off(off(R), 0), R), (off(R[0, :2]), R[0, :2])],
    "transposed": [
        ([[0, 0], [1, 0]], [[0, 1], [0, 0]]),
        (off(S.T), S),
        (off(S + S.T), S + S.T),
        (R.T.reshape(4, 3), R),
    ],
    "reshaped": [
        ([[0, 0, 1], [0, 0, 0]], [[0, 1, 0], [0, 0, 0]]),
        (off(R.T.reshape(4, 3)), R),
        (R[::-1], R),
    ],
    "reversed_along": [([1, 0], [0, 1]), (off(R[::-1]), R), (R[[3, 1, 2, 0]], R), (S.T, S)],
    "shifted": [
        ([0, 0, 1, 0], [0, 1, 0, 0]),
        (off(LATE), V),
        (np.roll(V, 2), V),
        (changed(LATE, 0, 5.0), V),
    ],
    "reordered": [
        ([[1, 0], [0, 1]], [[0, 1], [1, 0]]),
        (off(R[[2, 0, 3, 1]]), R),
        (R[[2, 0, 3, 3]], R),
        (Q.ravel()[::-1], Q.ravel()),
    ],
    "clipped": [
        (off(CLIPPED, V.argmin()), V),  # not the bound
        (changed(V, V.argmin(), V.min() + 0.1), V),  # one element makes no bound
        (changed(V.clip(None, 0.3), V.argmin(), V.min() + 0.1), V),  # nor beside another
        (V.clip(-0.5, 1), V.clip(-0.5, 1)),
    ],
    "permuted": [
        (LEVEL[::-1], LEVEL),
        (off(np.sort(Q, None).reshape(Q.shape)), Q),
        ([1, 0, 1, 0], [0, 1, 0, 1]),
        (changed(np.sort(Q, None).reshape(Q.shape), (0, 0, 0), NAN), Q),
    ],
    "wrong_axis": [
        (off(P / P.sum(0)), SOFTMAX),
        (P / P.sum(), SOFTMAX),
        (SOFTMAX[:, ::-1], SOFTMAX),
        (P / P.sum(0), P),
    ],
    "same_lines": [
        ([[1, 0], [1, 0]], [[1, 0], [0, 1]]),
        (off(R[[0, 0, 0, 0]]), R),
        (R[[0, 0, 0, 0]], R[[1, 1, 1, 1]]),
    ],
    "wrong_place": [
        (off(noisy(X, np.arange(3) > 1), 0), X),
        (off(off(X, 2), 4), X),  # in every other column, but two are too few
        (noisy(X, X < 9), X),
    ],
    "right_place": [
        (noisy(X[:2, :2], ROW[:2] > 0), X[:2, :2]),
        (off(noisy(X, np.arange(3) > 0), 0), X),
        (noisy(X, (np.arange(24) % 7 > 1).reshape(8, 3)), X),
    ],
    "line_factors": [
        ((STEPS**2 + 0.1) * ONES, STEPS * ONES),
        (off(R * STEPS), R),
        (R[:, :1] * STEPS, R[:, :1]),  # a factor fits any one value
        (np.broadcast_to(STEPS, R.shape), R),
        (np.where(ROW == 1, 2 * R, R), R),  # not each
    ],
    "line_offsets": [
        ((STEPS**2 + 0.1) * ONES, STEPS * ONES),
        (off(R + STEPS), R),
        (R[:, :1] + STEPS, R[:, :1]),
        (np.broadcast_to(STEPS, R.shape), R),
        (np.where(ROW == 1, 2 + R, R), R),
    ],
    "nearly_right": [(off(R * ALMOST), R), (off(0 * R) - 0.01, 0 * R), ([NAN, 1.0], [NAN, 2.0])],
    "how_many": [(2 * ONE, ONE)],
}


def detected(detector, mine, right, *inputs):
    arrays = {f"x{i}": value for i, value in enumerate(inputs)}
    with np.errstate(all="ignore"):
        answer = answer_of(np.asarray(mine), np.asarray(right), 1e-9, arrays)
        return DETECTORS[detector](answer)


@pytest.mark.parametrize("detector", DETECTORS)
def test_a_detector_names_what_it_is_for(detector):
    assert detected(detector, *NAMED[detector])


@pytest.mark.parametrize(
    ("detector", "case"),
    [(name, i) for name, cases in NOT_NAMED.items() for i in range(len(cases))],
)
def test_a_detector_is_silent_about_what_only_looks_like_it(detector, case):
    assert detected(detector, *NOT_NAMED[detector][case]) is None


def test_every_detector_has_its_near_misses():
    assert NAMED.keys() == NOT_NAMED.keys() == DETECTORS.keys()


def test_every_pattern_is_for_some_kind():
    assert all(set(kinds) <= set("fib") and kinds for kinds, _ in PATTERNS)
