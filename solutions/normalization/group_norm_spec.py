"""Proof of group_norm: torch's F.group_norm and autograd."""

from functools import partial

from interview_cli.spec import Case, Convention, Hint, Mistake, Spec


def reference(x, num_groups, gamma, beta, eps=1e-5):
    import torch.nn.functional as F

    return F.group_norm(x, num_groups, gamma, beta, eps)


def draw(rng, shape=(2, 6, 4, 5), num_groups=3, loc=0.0, scale=1.0, **options):
    c = shape[1]
    return {
        "x": rng.normal(loc, scale, shape),
        "num_groups": num_groups,
        "gamma": rng.normal(1, 0.5, c),
        "beta": rng.normal(size=c),
        **options,
    }


def constant(rng, shape=(2, 4, 2, 4), num_groups=2):
    """Each group of each example is one number, repeated."""
    n, c, *pixels = shape
    level = rng.normal(size=(n, num_groups)).repeat(c // num_groups, axis=1)
    x = level.reshape(n, c, *[1] * len(pixels)) + 0 * rng.normal(size=shape)
    return {**draw(rng, shape, num_groups), "x": x}


UNLIKE = [[[1e-3]], [[1e-3]], [[1e3]], [[1e3]]]  # a scale for each of four channels

SPEC = Spec(
    function="group_norm",
    outputs=("y",),
    reference=reference,
    backward="group_norm_backward",
    gradients=("x", "gamma", "beta"),
    minutes=15,
    oracle="torch.nn.functional.group_norm and autograd",
    forbidden=(
        "*group_norm*",
        "*groupnorm*",
        "*layer_norm*",
        "*layernorm*",
        "*batch_norm*",
        "*batchnorm*",
        "*instance_norm*",
        "*instancenorm*",
        "*rms_norm*",
        "*rmsnorm*",
    ),
    cases=(
        Case("plain", draw),
        Case("N, C, G, C/G, H, W all differ", partial(draw, shape=(3, 8, 5, 6), num_groups=2)),
        Case("sequences", partial(draw, shape=(3, 6, 4), num_groups=2)),
        Case("no pixels", partial(draw, shape=(3, 8), num_groups=2)),
        Case("volumes", partial(draw, shape=(2, 4, 2, 3, 5), num_groups=2)),
        Case("one example", partial(draw, shape=(1, 6, 2, 3), num_groups=2)),
        Case("as wide as it has channels", partial(draw, shape=(2, 4, 3, 4), num_groups=2)),
        Case("one group, as LN", partial(draw, shape=(2, 3, 4, 5), num_groups=1)),
        Case("a group per channel, as IN", partial(draw, shape=(2, 3, 4, 5), num_groups=3)),
        Case("eps given", partial(draw, eps=1e-2), stage="options"),
        Case("huge", partial(draw, scale=1e6), stage="stability"),
        Case("tiny", partial(draw, scale=1e-4), stage="stability"),
        Case("far from zero", partial(draw, loc=1e4), stage="stability"),
        Case(
            "groups of unlike size",
            partial(draw, shape=(2, 4, 3, 5), num_groups=2, scale=UNLIKE),
            stage="stability",
        ),
        Case("constant", constant, stage="stability"),
    ),
    hints=(
        Hint(
            "把 C 个通道按顺序切成 G 段：(N, C, H, W) → (N, G, C/G, H, W)，reshape 就够了。",
            "Cut the C channels into G runs: (N, C, H, W) → (N, G, C/G, H, W), by reshape alone.",
        ),
        Hint(
            "每个样本的每一组各有一对 μ、σ²：沿 C/G 和所有像素求，不跨 N，也不跨 G。",
            "One μ and σ² per example and group: over C/G and all pixels, never over N or G.",
        ),
        Hint(
            "有偏方差，ε 在根号里；归一化后变回 (N, C, H, W)，再乘每个通道的 γ，加 β。",
            "Biased variance, ε inside the root; back to (N, C, H, W), then γ, β per channel.",
        ),
        Hint(
            "反向：先乘 γ 得到 dx̂，再在组内求均值；dγ、dβ 沿 N 和像素求和，每个通道一个。",
            "Backward: dx̂ = γ · dy first, then means over the group; dγ, dβ sum over N and pixels.",
        ),
        Hint(
            "组内：dx = (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) / √(σ² + ε)。",
            "In a group: dx = (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) / √(σ² + ε).",
        ),
    ),
    conventions=(
        Convention(
            "zero-centred-gamma",
            "return per_channel(gamma, x) * x_hat",
            "return (1 + per_channel(gamma, x)) * x_hat",
            zh="乘的是 1 + γ，如扩散模型里由时间步给出 γ、β 的 AdaGN；torch 乘 γ。",
            en="scaled by 1 + γ, as AdaGN in diffusion models, whose γ comes from the time step.",
            card="ln-one-plus-gamma",
            also=(("dy * per_channel(gamma, x)", "dy * (1 + per_channel(gamma, x))"),),
        ),
    ),
    mistakes=(
        Mistake(
            "groups-together",
            "axes = tuple(range(2, groups.ndim))  #",
            "axes = tuple(range(1, groups.ndim))  #",
            zh="把组这一维也平均掉了，一个样本只剩一对 μ、σ²，成了 LN；每组各有一对。",
            en="averaged over the groups together, as LN; each has its own mean and variance.",
            card="gn-split",
        ),
        Mistake(
            "pixel-by-pixel",
            "axes = tuple(range(2, groups.ndim))  #",
            "axes = (2,)  #",
            zh="只沿组内的通道求，每个像素一对 μ、σ²；还要跨所有像素。",
            en="averaged over a group's channels, pixel by pixel; all its pixels belong together.",
            card="norm-four-groups",
        ),
        Mistake(
            "channel-by-channel",
            "axes = tuple(range(2, groups.ndim))  #",
            "axes = tuple(range(3, groups.ndim))  #",
            zh="每个通道一对 μ、σ²，那是 IN；GN 还要跨组内的 C/G 个通道。",
            en="one pair per channel, which is IN; GN averages over a group's C/G channels too.",
            card="norm-four-groups",
        ),
        Mistake(
            "across-the-batch",
            "axes = tuple(range(2, groups.ndim))  #",
            "axes = (0, *range(2, groups.ndim))  #",
            zh="均值和方差跨了 N，样本之间相互影响；GN 在每个样本内求。",
            en="the statistics run across N, so examples affect each other; GN stays within one.",
            card="norm-four-groups",
        ),
        Mistake(
            "as-batch-norm",
            "axes = tuple(range(2, groups.ndim))  #",
            "axes = (0, *range(3, groups.ndim))  #",
            zh="每个通道跨 N 和像素求均值和方差，那是 BN；GN 在每个样本的每一组内求。",
            en="one pair per channel over N and pixels, as BN; GN's is per example and group.",
            card="norm-four-groups",
        ),
        Mistake(
            "groups-and-size-swapped",
            "    groups = in_groups(x, num_groups)\n    axes = tuple(range(2, groups.ndim))  #",
            "    groups = in_groups(x, x.shape[1] // num_groups)\n"
            "    axes = tuple(range(2, groups.ndim))  #",
            zh="G 和 C/G 弄反了：num_groups 是组数，每组 C/G 个通道。",
            en="G and C/G are swapped: num_groups counts the groups, each of C/G channels.",
            card="gn-split",
        ),
        Mistake(
            "interleaved",
            "    groups = in_groups(x, num_groups)\n    axes = tuple(range(2, groups.ndim))  #",
            "    groups = in_groups(x, x.shape[1] // num_groups)\n"
            "    axes = (1, *range(3, groups.ndim))  #",
            zh="隔 G 个取一个通道成组了；一组是相邻的 C/G 个通道。",
            en="a group took every G-th channel; it is a run of C/G neighbouring channels.",
            card="gn-split",
        ),
        Mistake(
            "four-dimensions-only",
            "    groups = in_groups(x, num_groups)\n    axes = tuple(range(2, groups.ndim))  #",
            "    n, c, h, w = x.shape\n"
            "    groups = in_groups(x, num_groups)\n"
            "    axes = tuple(range(2, groups.ndim))  #",
            zh="只能处理 (N, C, H, W)；x 是 (N, C, *)，像素可以没有，也可以有一维或三维。",
            en="only (N, C, H, W) works; x is (N, C, *), with none, one or more axes of pixels.",
            card="gn-code",
        ),
        Mistake(
            "parameters-for-images-only",
            "return per_channel(gamma, x) * x_hat + per_channel(beta, x)",
            "return gamma.reshape(1, -1, 1, 1) * x_hat + beta.reshape(1, -1, 1, 1)",
            zh="γ、β 写成 (1, C, 1, 1)，只适合图像；1 的个数要随 x 的维数而变。",
            en="γ and β as (1, C, 1, 1) fit images only; x's axes say how many ones there are.",
            card="gn-parameters",
        ),
        Mistake(
            "parameters-on-the-last-axis",
            "return per_channel(gamma, x) * x_hat + per_channel(beta, x)",
            "return gamma * x_hat + beta",
            zh="γ、β 没有变形，广播到了最后一维；它们属于通道，即第 1 维。",
            en="γ and β were not reshaped and broadcast along the last axis; channels are axis 1.",
            card="gn-parameters",
        ),
        Mistake(
            "parameters-per-group",
            "return per_channel(gamma, x) * x_hat + per_channel(beta, x)",
            "g, b = (np.repeat(v[:num_groups], len(v) // num_groups) for v in (gamma, beta))\n"
            "    return per_channel(g, x) * x_hat + per_channel(b, x)",
            zh="一组通道共用了一个 γ、β；共用的只有 μ、σ²，γ、β 每个通道一个。",
            en="the channels of a group shared one γ and β; they share μ and σ² only.",
            card="gn-parameters",
        ),
        Mistake(
            "unbiased",
            "groups.var(axes, keepdims=True)  # biased",
            "groups.var(axes, ddof=1, keepdims=True)  # biased",
            zh="用了无偏方差（除以 m−1）；GN 用有偏方差，除以组内的个数 m。",
            en="normalised with the unbiased variance (m − 1); GN divides by m, a group's size.",
            card="gn-which-variance",
        ),
        Mistake(
            "cancellation",
            "groups.var(axes, keepdims=True)  # biased",
            "(groups**2).mean(axes, keepdims=True)\n    var = var - mean**2  # biased",
            zh="方差用了 E[x²] − μ²：均值远离 0 时两个大数相减，float32 里甚至得到 NaN。",
            en="var as E[x²] − μ² subtracts two large numbers far from zero; in float32 even NaN.",
            card="bn-far-from-zero",
        ),
        Mistake(
            "mean-of-variances",
            "groups.var(axes, keepdims=True)  # biased",
            "groups.var(axes[1:], keepdims=True).mean(2, keepdims=True)  # biased",
            zh="σ² 是各通道方差的平均，漏了通道均值之间的差异；要对整组一次求方差。",
            en="σ² is the mean of the channels' variances, without the spread of their means.",
            card="sn-statistics",
        ),
        Mistake(
            "eps-outside-root",
            "(groups - mean) / np.sqrt(var + eps)",
            "(groups - mean) / (np.sqrt(var) + eps)",
            zh="ε 应在根号里面：√(σ² + ε)。",
            en="eps belongs inside the root: √(σ² + ε).",
            card="ln-eps",
        ),
        Mistake(
            "no-eps",
            "(groups - mean) / np.sqrt(var + eps)",
            "(groups - mean) / np.sqrt(var)",
            zh="漏掉了 ε：一组数全相等时 σ² = 0，得到 0/0。",
            en="eps is missing: where a group is constant, σ² = 0 and the result is 0/0.",
            card="ln-eps",
        ),
        Mistake(
            "eps-ignored",
            "(groups - mean) / np.sqrt(var + eps)",
            "(groups - mean) / np.sqrt(var + 1e-5)",
            zh="ε 写死成了 1e-5；应当用参数 eps。",
            en="eps is fixed at 1e-5; use the argument.",
            card="ln-eps",
        ),
        Mistake(
            "divided-by-variance",
            "(groups - mean) / np.sqrt(var + eps)",
            "(groups - mean) / (var + eps)",
            zh="除以的是方差；应除以标准差，漏了开方。",
            en="divided by the variance; take its root, the standard deviation.",
            card="bn-weights-or-activations",
        ),
        Mistake(
            "mean-not-subtracted",
            "(groups - mean) / np.sqrt(var + eps)",
            "groups / np.sqrt(var + eps)",
            zh="没有减去均值，只除以了标准差。",
            en="the mean was not subtracted, only the standard deviation divided by.",
            card="rms-norm-predict",
        ),
        Mistake(
            "no-affine",
            "return per_channel(gamma, x) * x_hat + per_channel(beta, x)",
            "return x_hat",
            zh="漏掉了 γ 和 β：y = γ x̂ + β，每个通道一个。",
            en="γ and β are missing: y = γ x̂ + β, one of each per channel.",
            card="gn-parameters",
        ),
        Mistake(
            "beta-before-gamma",
            "return per_channel(gamma, x) * x_hat + per_channel(beta, x)",
            "return per_channel(gamma, x) * (x_hat + per_channel(beta, x))",
            zh="先加了 β 再乘 γ，β 也被放大了；应先乘 γ，再加 β。",
            en="β was added before γ multiplied, which scales β too; multiply first, then add.",
            card="ln-affine-order",
        ),
        Mistake(
            "gamma-out-of-the-means",
            "through_mean = dx_hat.mean(axes, keepdims=True)\n"
            "    through_var = x_hat * (dx_hat * x_hat).mean(axes, keepdims=True)",
            "scale, g = in_groups(per_channel(gamma, x), num_groups), in_groups(dy, num_groups)\n"
            "    through_mean = scale * g.mean(axes, keepdims=True)\n"
            "    through_var = scale * x_hat * (g * x_hat).mean(axes, keepdims=True)",
            zh="反向时把 γ 提到了均值外面；一组里有 C/G 个不同的 γ，要先乘再求均值。",
            en="the backward pass took γ out of the means; γ varies in a group: multiply first.",
            card="gn-backward",
        ),
        Mistake(
            "gamma-forgotten-in-dx",
            "in_groups(dy * per_channel(gamma, x), num_groups)",
            "in_groups(dy, num_groups)",
            zh="反向时漏乘了 γ：dx̂ = γ · dy。",
            en="the backward pass forgot γ: dx̂ = γ · dy.",
            card="gn-backward",
        ),
        Mistake(
            "statistics-are-constants",
            "dx = (dx_hat - through_mean - through_var) * inv_std",
            "dx = dx_hat * inv_std",
            zh="反向时把 μ、σ² 当成了常数；它们也依赖 x。",
            en="the backward pass took μ and σ² for constants; they depend on x.",
            card="gn-backward",
        ),
        Mistake(
            "no-path-through-variance",
            "dx_hat - through_mean - through_var",
            "dx_hat - through_mean",
            zh="反向漏掉了经过 σ² 的路径。",
            en="the backward pass forgot the path through σ².",
            card="gn-backward",
        ),
        Mistake(
            "no-path-through-mean",
            "dx_hat - through_mean - through_var",
            "dx_hat - through_var",
            zh="反向漏掉了经过 μ 的路径。",
            en="the backward pass forgot the path through μ.",
            card="gn-backward",
        ),
        Mistake(
            "means-over-pixels-only",
            "dx_hat.mean(axes, keepdims=True)\n"
            "    through_var = x_hat * (dx_hat * x_hat).mean(axes, keepdims=True)",
            "dx_hat.mean(axes[1:], keepdims=True)\n"
            "    through_var = x_hat * (dx_hat * x_hat).mean(axes[1:], keepdims=True)",
            zh="反向的两个均值只跨像素，那是 IN 的；要跨整组，即 C/G 个通道的所有像素。",
            en="the backward pass averages over pixels only, as IN's; take the whole group.",
            card="gn-backward",
        ),
        Mistake(
            "divided-by-pixels",
            "dx_hat.mean(axes, keepdims=True)\n"
            "    through_var = x_hat * (dx_hat * x_hat).mean(axes, keepdims=True)",
            "dx_hat.mean(axes, keepdims=True) * dx_hat.shape[2]\n"
            "    through_var = (\n"
            "        x_hat * (dx_hat * x_hat).mean(axes, keepdims=True) * dx_hat.shape[2]\n"
            "    )",
            zh="反向的两项除以了 H·W；一组有 C/G · H · W 个数。",
            en="the backward pass divides two sums by H·W; a group holds C/G · H · W numbers.",
            card="gn-values-per-group",
        ),
        Mistake(
            "sums-for-means",
            "dx_hat.mean(axes, keepdims=True)\n"
            "    through_var = x_hat * (dx_hat * x_hat).mean(axes, keepdims=True)",
            "dx_hat.sum(axes, keepdims=True)\n"
            "    through_var = x_hat * (dx_hat * x_hat).sum(axes, keepdims=True)",
            zh="反向的两项用了求和；应当是组内的均值。",
            en="the two terms of the backward pass are sums; they are means over the group.",
            card="gn-backward",
        ),
        Mistake(
            "dx-not-divided",
            "- through_var) * inv_std",
            "- through_var)",
            zh="dx 漏除了标准差 √(σ² + ε)。",
            en="dx was not divided by the standard deviation √(σ² + ε).",
            card="gn-backward",
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
            "(dy * x_hat.reshape(x.shape)).sum(rest)",
            "(dy * x).sum(rest)",
            zh="dγ 用了 x；γ 乘的是 x̂，所以 dγ = Σ dy · x̂。",
            en="dγ was taken with x; γ multiplies x̂, so dγ = Σ dy · x̂.",
            card="gn-backward",
        ),
        Mistake(
            "parameters-not-summed-over-the-batch",
            "rest = (0, *range(2, x.ndim))  #",
            "rest = tuple(range(2, x.ndim))  #",
            zh="dγ、dβ 没有沿 N 求和；所有样本共用 γ、β，结果的形状是 (C,)。",
            en="dγ and dβ were not summed over N; all examples share γ and β, so they are (C,).",
            card="gn-backward",
        ),
        Mistake(
            "parameters-averaged",
            "rest = (0, *range(2, x.ndim))  # all but the channel\n"
            "    dgamma = (dy * x_hat.reshape(x.shape)).sum(rest)\n"
            "    return dx.reshape(x.shape), dgamma, dy.sum(rest)",
            "rest = (0, *range(2, x.ndim))  # all but the channel\n"
            "    dgamma = (dy * x_hat.reshape(x.shape)).mean(rest)\n"
            "    return dx.reshape(x.shape), dgamma, dy.mean(rest)",
            zh="dγ、dβ 取了平均；dy 里已有损失的平均，这里只求和。",
            en="dγ and dβ were averaged; dy already holds the loss's mean, so only sum.",
            card="gn-backward",
        ),
    ),
)
