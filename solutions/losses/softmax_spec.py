"""Proof of softmax: torch.softmax and autograd."""

from functools import partial

import numpy as np

from interview_cli.spec import Case, Hint, Mistake, Spec


def reference(x, axis=-1):
    import torch

    return torch.softmax(x, axis)


def draw(rng, shape=(5, 3), loc=0.0, scale=1.0, rows_apart=0.0, **options):
    x = rng.normal(loc, scale, shape)
    rows = np.arange(shape[0]) - shape[0] // 2
    return {"x": x + rows_apart * rows.reshape(-1, *[1] * (len(shape) - 1)), **options}


def huge(rng, n=5):
    """Two entries of each row compete at about 1000, the others are far below."""
    levels = rng.permuted(np.tile([1e3, 1e3, 0.0, -1e3], (n, 1)), axis=1)
    return {"x": levels + rng.normal(size=levels.shape)}


def masked(rng, n=5, k=4):
    """As in causal attention: row i may see the first i + 1 entries, the rest is −∞."""
    x = rng.normal(size=(n, k))
    x[np.arange(k) > np.arange(n)[:, None]] = -np.inf
    return {"x": x}


SPEC = Spec(
    function="softmax",
    outputs=("y",),
    reference=reference,
    backward="softmax_backward",
    gradients=("x",),
    minutes=8,
    oracle="torch.softmax and autograd",
    forbidden=("*softmax*", "*softmin*"),
    cases=(
        Case("plain", draw),
        Case("one row", partial(draw, shape=(1, 4))),
        Case("a vector", partial(draw, shape=(6,))),
        Case("three axes", partial(draw, shape=(2, 3, 4))),
        Case("as many rows as columns", partial(draw, shape=(4, 4), scale=3.0)),
        Case("axis 0", partial(draw, shape=(4, 3), axis=0), stage="options"),
        Case("axis 1 of three", partial(draw, shape=(3, 4, 2), axis=1), stage="options"),
        Case("axis 0 of three", partial(draw, shape=(4, 2, 3), axis=0), stage="options"),
        Case("axis -2 of four", partial(draw, shape=(2, 2, 3, 2), axis=-2), stage="options"),
        Case("huge", huge, stage="stability"),
        Case("rows 2000 apart", partial(draw, rows_apart=2000.0), stage="stability"),
        Case("far below zero", partial(draw, loc=-1e4), stage="stability"),
        Case("tiny", partial(draw, scale=1e-6), stage="stability"),
        Case("constant", partial(draw, loc=7.0, scale=0.0), stage="stability"),
        Case("partly minus infinity", masked, stage="stability"),
        Case(
            "partly minus infinity, far below zero",
            lambda rng: {"x": masked(rng, n=3, k=6)["x"] - 1e4},
            stage="stability",
        ),
    ),
    hints=(
        Hint(
            "y_k = exp(x_k) / Σ_j exp(x_j)，求和沿 axis，要 keepdims。",
            "y_k = exp(x_k) / Σ_j exp(x_j); the sum runs along axis, with keepdims.",
        ),
        Hint(
            "先让每一行减去自己的最大值：结果不变，exp 不再溢出。",
            "Subtract each row's own maximum first: the result stays, and exp cannot overflow.",
        ),
        Hint(
            "反向：雅可比矩阵是 ∂y_k/∂x_j = y_k (δ_kj − y_j)，用 dy 乘它，不必把它写出来。",
            "Backward: the Jacobian is ∂y_k/∂x_j = y_k (δ_kj − y_j); multiply dy by it unformed.",
        ),
        Hint(
            "dx = y · (dy − Σ_k dy_k y_k)，求和沿 axis。",
            "dx = y · (dy − Σ_k dy_k y_k), summed along axis.",
        ),
    ),
    mistakes=(
        Mistake(
            "no-maximum-subtracted",
            "np.exp(x - x.max(axis, keepdims=True))",
            "np.exp(x)",
            zh="没有先减去最大值：x 很大时 exp 溢出得 NaN，很小时全部下溢，0/0 也是 NaN。",
            en="no maximum subtracted: exp overflows to NaN, or far below zero all is 0/0.",
            card="softmax-shift",
        ),
        Mistake(
            "one-maximum-for-all-rows",
            "x.max(axis, keepdims=True)",
            "x.max()",
            zh="减去的是整个数组的最大值：比它小得多的行全部下溢，得到 0/0；每行要用自己的。",
            en="subtracted one maximum of all: rows far below it become 0/0; take each row's own.",
            card="softmax-shift",
        ),
        Mistake(
            "minimum-subtracted",
            "x.max(axis, keepdims=True)",
            "x.min(axis, keepdims=True)",
            zh="减去的是最小值：最大的指数反而更大，照样溢出；应减去最大值。",
            en="subtracted the minimum, which leaves exponents large; subtract the maximum.",
            card="softmax-shift",
        ),
        Mistake(
            "divided-by-the-maximum",
            "np.exp(x - x.max(axis, keepdims=True))",
            "np.exp(x / x.max(axis, keepdims=True))",
            zh="x 除以了最大值，这会改变结果；只有加减常数，结果才不变。",
            en="divided x by the maximum, which changes the result; only a shift leaves it alone.",
            card="softmax-shift",
        ),
        Mistake(
            "shift-in-the-numerator-only",
            "e / e.sum(axis, keepdims=True)",
            "e / np.exp(x).sum(axis, keepdims=True)",
            zh="只有分子减了最大值；分母也要减，否则各项之和不是 1。",
            en="only the numerator was shifted; the denominator must be too, or the sum is not 1.",
            card="softmax-shift",
        ),
        Mistake(
            "clamped",
            "np.exp(x - x.max(axis, keepdims=True))",
            "np.exp(np.clip(x, -80, 80))",
            zh="用截断来防溢出：超出界限的值变得一样大，名次也丢了；应减去最大值。",
            en="clamped x against overflow: what lies beyond becomes equal; subtract the maximum.",
            card="softmax-shift",
        ),
        Mistake(
            "eps-in-the-denominator",
            "e / e.sum(axis, keepdims=True)",
            "e / (e.sum(axis, keepdims=True) + 1e-8)",
            zh="分母加了 ε：减去最大值之后和至少为 1，不需要 ε，加了反而使各项之和小于 1。",
            en="ε in the denominator: the shifted sum is at least 1, and ε makes y sum to less.",
            card="softmax-shift",
        ),
        Mistake(
            "maximum-for-the-sum",
            "e / e.sum(axis, keepdims=True)",
            "e / e.max(axis, keepdims=True)",
            zh="除以的是最大的一项；应除以各项之和，y 才是概率。",
            en="divided by the largest term; divide by their sum, so that y are probabilities.",
            card="softmax-axis",
        ),
        Mistake(
            "sum-over-everything",
            "e.sum(axis, keepdims=True)",
            "e.sum()",
            zh="分母对整个数组求了和；应只沿 axis 求，每一行的和各为 1。",
            en="the denominator sums over the whole array; sum along axis: each row has its own 1.",
            card="softmax-axis",
        ),
        Mistake(
            "axis-ignored",
            "    e = np.exp(",
            "    axis = -1\n    e = np.exp(",
            zh="没有用参数 axis，总是沿最后一个轴。",
            en="the argument axis is not used: it is always the last one.",
            card="softmax-axis",
        ),
        Mistake(
            "always-axis-one",
            "    e = np.exp(",
            "    axis = 1\n    e = np.exp(",
            zh="轴写死成了 1：向量没有轴 1，三维输入的轴 1 也不是最后一个；应使用参数 axis。",
            en="axis 1 is hard-coded: a vector has none, of three it is not the last; use axis.",
            card="softmax-axis",
        ),
        Mistake(
            "over-the-batch",
            "    e = np.exp(",
            "    axis = 0\n    e = np.exp(",
            zh="总是沿轴 0，也就是跨样本归一化；默认沿最后一个轴，每个样本的和为 1。",
            en="always along axis 0, across the examples; the default is the last, within each.",
            card="softmax-axis",
        ),
        Mistake(
            "keepdims-forgotten",
            "x.max(axis, keepdims=True)",
            "x.max(axis)",
            zh="漏了 keepdims=True：(N, K) 与 (N,) 对不上，N = K 时还会悄悄沿错误的轴广播。",
            en="keepdims=True is missing: (N, K) and (N,) do not fit, or for N = K fit wrongly.",
            card="softmax-axis",
            also=(("e.sum(axis, keepdims=True)", "e.sum(axis)"),),
        ),
        Mistake(
            "keepdims-forgotten-in-the-sum",
            "e.sum(axis, keepdims=True)",
            "e.sum(axis)",
            zh="求和漏了 keepdims=True：(N, K) 与 (N,) 对不上，N = K 时还会悄悄沿错误的轴广播。",
            en="the sum lacks keepdims=True: (N, K) and (N,) do not fit, or for N = K fit wrongly.",
            card="softmax-axis",
        ),
        Mistake(
            "elementwise-derivative",
            "y * (dy - (dy * y).sum(axis, keepdims=True))",
            "dy * y * (1 - y)",
            zh="用了 sigmoid 的逐元素导数 y(1 − y)；softmax 的每个 x 影响这一行所有的 y。",
            en="used sigmoid's elementwise y(1 − y); in softmax each x reaches every y of its row.",
            card="softmax-jacobian",
        ),
        Mistake(
            "off-diagonal-forgotten",
            "y * (dy - (dy * y).sum(axis, keepdims=True))",
            "y * dy",
            zh="反向漏掉了分母那条路径：dx = y · (dy − Σ dy · y)。",
            en="the path through the denominator is missing in dx = y · (dy − Σ dy · y).",
            card="softmax-jacobian",
        ),
        Mistake(
            "sum-of-dy-alone",
            "(dy * y).sum(axis, keepdims=True)",
            "dy.sum(axis, keepdims=True)",
            zh="反向减去的是 Σ dy；应以 y 为权重：Σ dy · y。",
            en="subtracted Σ dy in the backward pass; it is weighted by y: Σ dy · y.",
            card="softmax-jacobian",
        ),
        Mistake(
            "mean-for-the-sum",
            "(dy * y).sum(axis, keepdims=True)",
            "(dy * y).mean(axis, keepdims=True)",
            zh="反向对 dy · y 取了平均；应求和，权重 y 的和已经是 1。",
            en="took the mean of dy · y in the backward pass; sum it, as y sums to 1 already.",
            card="softmax-jacobian",
        ),
        Mistake(
            "factor-y-missing",
            "y * (dy - (dy * y).sum(axis, keepdims=True))",
            "dy - (dy * y).sum(axis, keepdims=True)",
            zh="反向漏了外面的因子 y：dx = y · (dy − Σ dy · y)。",
            en="the outer factor y is missing in the backward pass: dx = y · (dy − Σ dy · y).",
            card="softmax-jacobian",
        ),
        Mistake(
            "gradient-of-log-softmax",
            "y * (dy - (dy * y).sum(axis, keepdims=True))",
            "dy - y * dy.sum(axis, keepdims=True)",
            zh="这是 log-softmax 的梯度 dy − y Σ dy；softmax 的是 y · (dy − Σ dy · y)。",
            en="that is the gradient of log-softmax, dy − y Σ dy; softmax has y · (dy − Σ dy · y).",
            card="softmax-jacobian",
        ),
        Mistake(
            "softmax-of-y",
            "    return y * (dy",
            "    y = softmax(y, axis)\n    return y * (dy",
            zh="反向对 y 又做了一次 softmax；传进来的 y 已经是前向的输出。",
            en="the backward pass applied softmax to y again; y is the forward output already.",
            card="softmax-jacobian",
        ),
        Mistake(
            "backward-axis-ignored",
            "(dy * y).sum(axis, keepdims=True)",
            "(dy * y).sum(-1, keepdims=True)",
            zh="反向没有用参数 axis，总是沿最后一个轴求和。",
            en="the backward pass does not use axis: it always sums along the last one.",
            card="softmax-axis",
        ),
        Mistake(
            "backward-sum-over-everything",
            "(dy * y).sum(axis, keepdims=True)",
            "(dy * y).sum()",
            zh="反向对整个数组求了和；每一行只对自己求和。",
            en="the backward pass sums over the whole array; each row has a sum of its own.",
            card="softmax-axis",
        ),
    ),
)
