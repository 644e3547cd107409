"""Proof of layer_norm: torch's F.layer_norm and autograd."""

from functools import partial

from interview_cli.spec import Case, Mistake, Spec


def reference(x, gamma, beta, eps=1e-5):
    import torch.nn.functional as F

    return F.layer_norm(x, gamma.shape, gamma, beta, eps)


def draw(rng, examples=(8,), features=(5,), loc=0.0, scale=1.0, constant=False, **options):
    x = rng.normal(loc, scale, (*examples, *([1] * len(features) if constant else features)))
    return {
        "x": x + 0 * rng.normal(size=(*examples, *features)),
        "gamma": rng.normal(1, 0.5, features),
        "beta": rng.normal(size=features),
        **options,
    }


SPEC = Spec(
    function="layer_norm",
    outputs=("y",),
    reference=reference,
    backward="layer_norm_backward",
    gradients=("x", "gamma", "beta"),
    oracle="torch.nn.functional.layer_norm and autograd",
    cases=(
        Case("plain", draw),
        Case("tokens", partial(draw, examples=(2, 3), features=(5,))),
        Case("images, uneven sides", partial(draw, examples=(2,), features=(3, 4, 5))),
        Case("one token", partial(draw, examples=(), features=(6,))),
        Case("as many tokens as features", partial(draw, examples=(4,), features=(4,))),
        Case("two features", partial(draw, features=(2,))),
        Case("one feature", partial(draw, features=(1,))),
        Case("huge", partial(draw, scale=1e6)),
        Case("tiny", partial(draw, scale=1e-4)),
        Case("far from zero", partial(draw, loc=1e4, features=(16,))),
        Case("constant", partial(draw, constant=True)),
        Case("eps given", partial(draw, eps=1e-2)),
    ),
    mistakes=(
        Mistake(
            "batch-axis",
            "axes = tuple(range(-gamma.ndim, 0))  #",
            "axes = tuple(range(x.ndim - gamma.ndim))  #",
            zh="均值和方差沿 batch 求了，那是 BN 的做法；LN 沿每个样本自己的特征求。",
            en="the statistics run over the batch, as in BN; LN's run over each one's features.",
            card="ln-axes",
        ),
        Mistake(
            "all-but-the-first-axis",
            "axes = tuple(range(-gamma.ndim, 0))  #",
            "axes = tuple(range(1, x.ndim))  #",
            zh="同一序列的所有 token 共用了均值和方差；应当每个 token 各有一组。",
            en="all tokens of a sequence share one mean and variance; each token has its own.",
            card="ln-axes",
        ),
        Mistake(
            "last-axis-only",
            "axes = tuple(range(-gamma.ndim, 0))  #",
            "axes = (-1,)  #",
            zh="只沿最后一维求均值和方差；应当跨 γ 的所有维度 (C, H, W)。",
            en="the statistics run over the last dimension only, not over all of γ's (C, H, W).",
            card="ln-axes",
        ),
        Mistake(
            "unbiased",
            "x.var(axes, keepdims=True)  # biased",
            "x.var(axes, ddof=1, keepdims=True)  # biased",
            zh="用了无偏方差（除以 D−1）；LN 用有偏方差（除以 D）。",
            en="normalised with the unbiased variance (D − 1); LN divides by D.",
            card="ln-which-variance",
        ),
        Mistake(
            "cancellation",
            "mean, var = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)  # biased",
            "mean = x.mean(axes, keepdims=True)\n"
            "    var = (x**2).mean(axes, keepdims=True) - mean**2  # biased",
            zh="方差用了 E[x²] − μ²：均值远离 0 时两个大数相减，float32 里甚至得到 NaN。",
            en="var as E[x²] − μ² subtracts two large numbers far from zero; in float32 even NaN.",
            card="bn-far-from-zero",
        ),
        Mistake(
            "eps-outside-root",
            "(x - mean) / np.sqrt(var + eps)",
            "(x - mean) / (np.sqrt(var) + eps)",
            zh="ε 应在根号里面：√(σ² + ε)。",
            en="eps belongs inside the root: √(σ² + ε).",
            card="ln-eps",
        ),
        Mistake(
            "no-eps",
            "(x - mean) / np.sqrt(var + eps)",
            "(x - mean) / np.sqrt(var)",
            zh="漏掉了 ε：特征全相等时 σ² = 0，得到 0/0。",
            en="eps is missing: where all features are equal, σ² = 0 and the result is 0/0.",
            card="ln-eps",
        ),
        Mistake(
            "gamma-per-example",
            "return gamma * x_hat + beta",
            "return gamma[:, None] * x_hat + beta[:, None]",
            zh="γ、β 按样本相乘相加了；它们每个特征一个，所有样本共用。",
            en="γ and β were applied per example; there is one of each per feature, shared by all.",
            card="ln-parameters",
        ),
        Mistake(
            "gamma-out-of-the-means",
            "through_mean = dx_hat.mean(axes, keepdims=True)\n"
            "    through_var = x_hat * (dx_hat * x_hat)",
            "through_mean = gamma * dy.mean(axes, keepdims=True)\n"
            "    through_var = gamma * x_hat * (dy * x_hat)",
            zh="反向时把 γ 提到了均值外面；与 BN 不同，γ 在求均值的范围内并不相同。",
            en="the backward pass took γ out of the means; unlike in BN, γ varies within them.",
            card="ln-backward",
        ),
        Mistake(
            "statistics-are-constants",
            "dx = (dx_hat - through_mean - through_var) * inv_std",
            "dx = dx_hat * inv_std",
            zh="反向时把 μ、σ² 当成了常数；它们也依赖 x。",
            en="the backward pass took μ and σ² for constants; they depend on x.",
            card="ln-backward",
        ),
    ),
)
