"""Proof of layer_norm: torch's F.layer_norm and autograd."""

from functools import partial

from interview_cli.spec import Case, Convention, Hint, Mistake, Spec


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


UNLIKE = [[1e-3], [1.0], [1e3]]  # a scale for each of three tokens

SPEC = Spec(
    function="layer_norm",
    outputs=("y",),
    reference=reference,
    backward="layer_norm_backward",
    gradients=("x", "gamma", "beta"),
    minutes=10,
    oracle="torch.nn.functional.layer_norm and autograd",
    forbidden=(
        "*layer_norm*",
        "*layernorm*",
        "*group_norm*",
        "*groupnorm*",
        "*batch_norm*",
        "*batchnorm*",
        "*instance_norm*",
        "*instancenorm*",
        "*rms_norm*",
        "*rmsnorm*",
    ),
    cases=(
        Case("plain", draw),
        Case("tokens", partial(draw, examples=(2, 3), features=(5,))),
        Case("images, uneven sides", partial(draw, examples=(2,), features=(3, 4, 5))),
        Case("tokens that are matrices", partial(draw, examples=(2, 3), features=(4, 5))),
        Case("one token", partial(draw, examples=(1,), features=(6,))),
        Case("as many tokens as features", partial(draw, examples=(4,), features=(4,))),
        Case(
            "two features",
            partial(draw, features=(2,)),
            dtypes=("float64",),
            why="dx is what a cancellation leaves; there torch's float32 is off 50 times our error",
        ),
        Case("eps given", partial(draw, eps=1e-2), stage="options"),
        Case("huge", partial(draw, scale=1e6), stage="stability"),
        Case("tiny", partial(draw, scale=1e-4), stage="stability"),
        Case("far from zero", partial(draw, loc=1e4, features=(16,)), stage="stability"),
        Case(
            "tokens of unlike size", partial(draw, examples=(3,), scale=UNLIKE), stage="stability"
        ),
        Case("constant", partial(draw, constant=True, features=(8,)), stage="stability"),
    ),
    hints=(
        Hint(
            "均值和方差在一个样本（token）自己的特征上求：γ 有几维，就沿 x 的最后几维。",
            "Each example (token) averages over its own features: as many last axes as γ has.",
        ),
        Hint(
            "求均值和方差时保留被平均的维度（keepdims），后面才能正确广播。",
            "Keep the averaged axes (keepdims), or the broadcast that follows goes wrong.",
        ),
        Hint(
            "用有偏方差（除以 D），ε 在根号里面；γ、β 每个特征一个：y = γ x̂ + β。",
            "Biased variance (divide by D), ε inside the root; one γ and β per feature: γ x̂ + β.",
        ),
        Hint(
            "反向：先乘 γ 得到 dx̂ = γ · dy，再沿特征求均值；dγ、dβ 则沿所有样本求和。",
            "Backward: dx̂ = γ · dy first, then means over features; dγ, dβ sum over examples.",
        ),
        Hint(
            "dx = (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) / √(σ² + ε)。",
            "dx = (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) / √(σ² + ε).",
        ),
    ),
    conventions=(
        Convention(
            "zero-centred-gamma",
            "return gamma * x_hat + beta",
            "return (1 + gamma) * x_hat + beta",
            zh="乘的是 1 + γ，如 NVIDIA 的 zero_centered_gamma 和 DiT 的 adaLN；torch 乘 γ。",
            en="scaled by 1 + γ, as NVIDIA's zero_centered_gamma and DiT's adaLN do; torch by γ.",
            card="ln-one-plus-gamma",
            also=(("dx_hat = dy * gamma", "dx_hat = dy * (1 + gamma)"),),
        ),
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
            "first-axis",
            "axes = tuple(range(-gamma.ndim, 0))  #",
            "axes = (0,)  #",
            zh="均值和方差沿第 0 维求了，样本之间相互影响；LN 沿每个样本自己的特征求。",
            en="the statistics run over axis 0, across examples; LN's over each one's features.",
            card="ln-axes",
        ),
        Mistake(
            "second-axis",
            "axes = tuple(range(-gamma.ndim, 0))  #",
            "axes = (1,)  #",
            zh="总是沿第 1 维求均值和方差；对 (B, T, D) 那是 T，而特征是最后几维。",
            en="the statistics always run over axis 1, T in (B, T, D); the features come last.",
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
            "one-pair-for-all",
            "axes = tuple(range(-gamma.ndim, 0))  #",
            "axes = tuple(range(x.ndim))  #",
            zh="整个数组只有一组均值和方差；应当每个样本（token）各有一组。",
            en="one mean and variance for the whole array; each example (token) has its own.",
            card="ln-axes",
        ),
        Mistake(
            "no-keepdims",
            "x.mean(axes, keepdims=True), x.var(axes, keepdims=True)  # biased",
            "x.mean(axes), x.var(axes)  # biased",
            zh="求均值和方差时没有 keepdims：形状对不上，或者恰好对上而减错了数。",
            en="mean and var without keepdims: shapes clash, or fit by chance and it is wrong.",
            card="norm-keepdims",
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
            "unbiased-and-eps-outside",
            "x.var(axes, keepdims=True)  # biased: divided by D\n"
            "    x_hat = (x - mean) / np.sqrt(var + eps)",
            "x.var(axes, ddof=1, keepdims=True)\n    x_hat = (x - mean) / (np.sqrt(var) + eps)",
            zh="除以的是无偏标准差加 ε，如 Annotated Transformer；应除以 √(σ² + ε)，σ² 有偏。",
            en="divided by the unbiased std + ε (Annotated Transformer); it is √(biased σ² + ε).",
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
            "eps-ignored",
            "(x - mean) / np.sqrt(var + eps)",
            "(x - mean) / np.sqrt(var + 1e-5)",
            zh="ε 写死成了 1e-5；应当用参数 eps。",
            en="eps is fixed at 1e-5; use the argument.",
            card="ln-eps",
        ),
        Mistake(
            "divided-by-variance",
            "(x - mean) / np.sqrt(var + eps)",
            "(x - mean) / (var + eps)",
            zh="除以的是方差；应除以标准差，漏了开方。",
            en="divided by the variance; take its root, the standard deviation.",
            card="bn-weights-or-activations",
        ),
        Mistake(
            "squared-for-root",
            "(x - mean) / np.sqrt(var + eps)",
            "(x - mean) / (var + eps) ** 2",
            zh="把开方写成了平方：应是 (σ² + ε) 的 1/2 次方。",
            en="squared where the root belongs: (σ² + ε) to the power of 1/2, not 2.",
            card="bn-weights-or-activations",
        ),
        Mistake(
            "mean-not-subtracted",
            "(x - mean) / np.sqrt(var + eps)",
            "x / np.sqrt(var + eps)",
            zh="没有减去均值，只除以了标准差。",
            en="the mean was not subtracted, only the standard deviation divided by.",
            card="rms-norm-predict",
        ),
        Mistake(
            "root-mean-square",
            "mean, var = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)  # biased",
            "mean, var = 0.0, (x**2).mean(axes, keepdims=True)  # biased",
            zh="除以了均方根而没有减均值，那是 RMSNorm；LN 要先减均值。",
            en="divided by the root mean square, mean kept: that is RMSNorm; LN centres first.",
            card="rms-norm-predict",
        ),
        Mistake(
            "no-affine",
            "return gamma * x_hat + beta",
            "return x_hat",
            zh="漏掉了 γ 和 β：y = γ x̂ + β。",
            en="γ and β are missing: y = γ x̂ + β.",
            card="ln-parameters",
        ),
        Mistake(
            "no-beta",
            "return gamma * x_hat + beta",
            "return gamma * x_hat",
            zh="漏掉了 β：y = γ x̂ + β；没有 β 的是 RMSNorm。",
            en="β is missing: y = γ x̂ + β; it is RMSNorm that has none.",
            card="ln-parameters",
        ),
        Mistake(
            "beta-before-gamma",
            "return gamma * x_hat + beta",
            "return gamma * (x_hat + beta)",
            zh="先加了 β 再乘 γ，β 也被放大了；应先乘 γ，再加 β。",
            en="β was added before γ multiplied, which scales β too; multiply first, then add.",
            card="ln-affine-order",
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
            "gamma-forgotten-in-dx",
            "dx_hat = dy * gamma",
            "dx_hat = dy",
            zh="反向时漏乘了 γ：dx̂ = γ · dy。",
            en="the backward pass forgot γ: dx̂ = γ · dy.",
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
        Mistake(
            "no-path-through-variance",
            "dx_hat - through_mean - through_var",
            "dx_hat - through_mean",
            zh="反向漏掉了经过 σ² 的路径。",
            en="the backward pass forgot the path through σ².",
            card="ln-backward",
        ),
        Mistake(
            "no-path-through-mean",
            "dx_hat - through_mean - through_var",
            "dx_hat - through_var",
            zh="反向漏掉了经过 μ 的路径。",
            en="the backward pass forgot the path through μ.",
            card="ln-backward",
        ),
        Mistake(
            "sums-for-means",
            "dx_hat.mean(axes, keepdims=True)\n"
            "    through_var = x_hat * (dx_hat * x_hat).mean(axes, keepdims=True)",
            "dx_hat.sum(axes, keepdims=True)\n"
            "    through_var = x_hat * (dx_hat * x_hat).sum(axes, keepdims=True)",
            zh="反向的两项用了求和，漏了 1/D；应当是沿特征的均值。",
            en="the backward pass has two sums without 1/D; they are means over the features.",
            card="ln-backward",
        ),
        Mistake(
            "means-over-the-batch",
            "dx_hat.mean(axes, keepdims=True)\n"
            "    through_var = x_hat * (dx_hat * x_hat).mean(axes, keepdims=True)",
            "dx_hat.mean(tuple(range(x.ndim - gamma.ndim)), keepdims=True)\n"
            "    through_var = x_hat * (dx_hat * x_hat).mean(\n"
            "        tuple(range(x.ndim - gamma.ndim)), keepdims=True\n"
            "    )",
            zh="反向的两个均值沿 batch 求了，那是 BN 的反向；LN 的沿特征求。",
            en="the backward pass averages over the batch, as BN's; LN's is over the features.",
            card="ln-backward",
        ),
        Mistake(
            "dx-not-divided",
            "- through_var) * inv_std",
            "- through_var)",
            zh="dx 漏除了标准差 √(σ² + ε)。",
            en="dx was not divided by the standard deviation √(σ² + ε).",
            card="ln-backward",
        ),
        Mistake(
            "no-eps-backward",
            "inv_std = 1 / np.sqrt(var + eps)",
            "inv_std = 1 / np.sqrt(var)",
            zh="反向漏掉了 ε；它与前向用同一个 √(σ² + ε)。",
            en="the backward pass left out ε; it has the same √(σ² + ε) as the forward pass.",
            card="ln-eps",
        ),
        Mistake(
            "gradient-of-gamma-with-x",
            "(dy * x_hat).sum(examples), dy.sum(examples)",
            "(dy * x).sum(examples), dy.sum(examples)",
            zh="dγ 用了 x；γ 乘的是 x̂，所以 dγ = Σ dy · x̂。",
            en="dγ was taken with x; γ multiplies x̂, so dγ = Σ dy · x̂.",
            card="ln-backward",
        ),
        Mistake(
            "parameters-averaged",
            "(dy * x_hat).sum(examples), dy.sum(examples)",
            "(dy * x_hat).mean(examples), dy.mean(examples)",
            zh="dγ、dβ 对样本取了平均；dy 里已有损失的平均，这里只求和。",
            en="dγ and dβ were averaged over the examples; dy holds the loss's mean, so only sum.",
            card="ln-backward",
        ),
        Mistake(
            "parameters-summed-over-one-axis",
            "examples = tuple(range(x.ndim - gamma.ndim))  #",
            "examples = (0,)  #",
            zh="dγ、dβ 只沿第 0 维求和；(B, T, D) 要沿 B 和 T 求和，得到 γ 的形状。",
            en="dγ and dβ were summed over axis 0 only; of (B, T, D) sum B and T, to γ's shape.",
            card="ln-backward",
        ),
    ),
)
