"""Proof of batch_norm: torch's F.batch_norm, with its running statistics and autograd."""

from functools import partial

from interview_cli.spec import Call, Case, Convention, Hint, Mistake, Spec


def reference(x, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    import torch.nn.functional as F

    # torch updates both in place
    mean, var = running_mean.detach().clone(), running_var.detach().clone()
    y = F.batch_norm(x, mean, var, gamma, beta, training, momentum, eps)
    return y, mean, var


def draw(rng, shape=(8, 3), loc=0.0, scale=1.0, constant=False, **options):
    c = shape[1]
    x = rng.normal(loc, scale, (1, c, *[1] * (len(shape) - 2)) if constant else shape)
    return {
        "x": x + 0 * rng.normal(size=shape),
        "gamma": rng.normal(1, 0.5, c),
        "beta": rng.normal(size=c),
        "running_mean": rng.normal(loc, scale, c),
        "running_var": scale**2 * rng.uniform(0.5, 2, c),
        **options,
    }


def train_then_evaluate(rng):
    """Two batches, each of which hands its running statistics on, and then evaluation with them."""
    first = draw(rng, shape=(6, 3))
    x = [rng.normal(2, 3, (6, 3)), rng.normal(2, 3, (4, 3))]
    fixed = {"gamma": first["gamma"], "beta": first["beta"]}
    return [
        Call(first),
        Call({"x": x[0], **fixed}),
        Call({"x": x[1], **fixed, "training": False}),
    ]


def values_per_channel(n, h, w):
    """From the factor n / (n − 1) that torch puts between the running and the batch variance."""
    import torch

    x = torch.randn(n, 1, h, w, dtype=torch.float64)
    bn = torch.nn.BatchNorm2d(1, momentum=1.0, dtype=torch.float64)
    bn(x)
    factor = (bn.running_var / x.var(unbiased=False)).item()
    return round(factor / (factor - 1))


def running_mean_after(steps, mean, momentum):
    import torch

    bn = torch.nn.BatchNorm1d(1, momentum=momentum, dtype=torch.float64)
    for _ in range(steps):
        bn(torch.tensor([[mean - 1.0], [mean + 1.0]], dtype=torch.float64))
    return bn.running_mean.item()


SPEC = Spec(
    function="batch_norm",
    outputs=("y", "running_mean", "running_var"),
    reference=reference,
    backward="batch_norm_backward",
    gradients=("x", "gamma", "beta"),
    minutes=15,
    oracle="torch.nn.functional.batch_norm and autograd",
    numbers={"values_per_channel": values_per_channel, "running_mean_after": running_mean_after},
    forbidden=("*batch_norm*", "*batchnorm*", "*instance_norm*"),
    cases=(
        Case("plain", draw),
        Case("two examples", partial(draw, shape=(2, 5))),
        Case("images, uneven sides", partial(draw, shape=(2, 3, 4, 5))),
        Case("one example, an image", partial(draw, shape=(1, 2, 3, 4))),
        Case("momentum and eps given", partial(draw, momentum=0.3, eps=1e-2), stage="options"),
        Case("evaluation", partial(draw, shape=(4, 3, 2), training=False), stage="evaluation"),
        Case(
            "evaluation, one example",
            partial(draw, shape=(1, 4), training=False),
            stage="evaluation",
        ),
        Case("train, train, evaluate", train_then_evaluate, stage="steps"),
        Case("huge", partial(draw, scale=1e6), stage="stability"),
        Case("tiny", partial(draw, scale=1e-4), stage="stability"),
        Case("far from zero", partial(draw, loc=1e4, shape=(16, 3)), stage="stability"),
        Case("constant", partial(draw, constant=True, shape=(8, 2)), stage="stability"),
    ),
    hints=(
        Hint(
            "x 是 (N, C, *)：除了通道，其余的轴一起求均值和方差。",
            "x is (N, C, *): mean and variance run over every axis but the channel.",
        ),
        Hint(
            "训练时 running ← (1 − momentum) · running + momentum · 新值；推理时用它们归一化。",
            "running ← (1 − momentum) · running + momentum · new in training; evaluation uses it.",
        ),
        Hint(
            "归一化用有偏方差（除以 n），running_var 用无偏的（除以 n − 1）；ε 在根号里面。",
            "Normalise with the biased variance (n), update running_var with n − 1; ε in the root.",
        ),
        Hint(
            "反向：dx = (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) / √(σ² + ε)，其中 dx̂ = γ · dy。",
            "Backward: dx = (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) / √(σ² + ε) with dx̂ = γ · dy.",
        ),
    ),
    conventions=(
        Convention(
            "biased-running-var",
            "momentum * unbiased",
            "momentum * var",
            zh="running_var 用了有偏方差，如 d2l、tinygrad 旧版；torch 用无偏方差更新它。",
            en="running_var took the biased variance, as in d2l; torch updates it unbiased.",
            card="bn-which-variance",
        ),
        Convention(
            "weight-of-the-old",
            "(1 - momentum) * running_mean + momentum * mean",
            "momentum * running_mean + (1 - momentum) * mean",
            zh="momentum 是旧值的权重，如 Keras、CS231n；在 torch 中它是新值的权重。",
            en="momentum weighs the old value, as in Keras and CS231n; in torch the new one.",
            card="bn-momentum-predict",
            also=(
                (
                    "(1 - momentum) * running_var + momentum * unbiased",
                    "momentum * running_var + (1 - momentum) * unbiased",
                ),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "unbiased-normalise",
            "x.mean(axes), x.var(axes)  # biased",
            "x.mean(axes), x.var(axes, ddof=1)  # biased",
            zh="归一化用了无偏方差（除以 n−1）；BN 用有偏方差归一化，只有 running_var 才用无偏。",
            en="normalised with the unbiased variance (n − 1); only running_var uses that one.",
            card="bn-which-variance",
            also=(("unbiased = var * n / (n - 1)", "unbiased = var"),),
        ),
        Mistake(
            "unbiased-twice",
            "x.mean(axes), x.var(axes)  # biased",
            "x.mean(axes), x.var(axes, ddof=1)  # biased",
            zh="方差已经除以 n−1，又乘了一次 n/(n−1)；而且归一化本应用有偏方差。",
            en="divided by n − 1 and corrected by n/(n − 1) again; and to normalise, divide by n.",
            card="bn-which-variance",
        ),
        Mistake(
            "cancellation",
            "mean, var = x.mean(axes), x.var(axes)  # biased",
            "mean = x.mean(axes)\n        var = (x**2).mean(axes) - mean**2  # biased",
            zh="方差用了 E[x²] − μ²：均值远离 0 时两个大数相减，float32 里甚至得到 NaN。",
            en="var as E[x²] − μ²: far from zero two large numbers cancel, in float32 even to NaN.",
            card="bn-far-from-zero",
        ),
        Mistake(
            "momentum-of-the-mean-reversed",
            "(1 - momentum) * running_mean + momentum * mean",
            "momentum * running_mean + (1 - momentum) * mean",
            zh="running_mean 的 momentum 反了，running_var 的却没有：两者用同一个权重。",
            en="momentum is reversed for running_mean but not for running_var; both weigh the new.",
            card="bn-running-mean-steps",
        ),
        Mistake(
            "batch-statistics-in-evaluation",
            "        mean, var = running_mean, running_var\n    x_hat",
            "        mean, var = x.mean(axes), x.var(axes)\n    x_hat",
            zh="推理时仍用当前 batch 的统计量；应使用 running_mean 和 running_var。",
            en="evaluation still used the statistics of the batch; it uses the running ones.",
            card="bn-train-eval",
        ),
        Mistake(
            "affine-forgotten-in-evaluation",
            "y = per_channel(gamma, x) * x_hat + per_channel(beta, x)",
            "y = x_hat\n    if training:\n"
            "        y = per_channel(gamma, x) * y + per_channel(beta, x)",
            zh="推理时漏掉了 γ 和 β；训练和推理都要做仿射变换。",
            en="γ and β are missing in evaluation; both modes scale and shift.",
            card="bn-train-eval",
        ),
        Mistake(
            "running-std",
            "momentum * unbiased",
            "momentum * np.sqrt(unbiased)",
            zh="running_var 里存的是标准差；它应是方差，推理时再加 ε 开方。",
            en="running_var holds a standard deviation; it is a variance, whose root comes later.",
            card="bn-formula-cloze",
        ),
        Mistake(
            "eps-outside-root",
            "np.sqrt(per_channel(var, x) + eps)\n    y =",
            "(np.sqrt(per_channel(var, x)) + eps)\n    y =",
            zh="ε 应在根号里面：√(σ² + ε)。",
            en="eps belongs inside the root: √(σ² + ε).",
            card="bn-formula-cloze",
        ),
        Mistake(
            "no-eps",
            "np.sqrt(per_channel(var, x) + eps)\n    y =",
            "np.sqrt(per_channel(var, x))\n    y =",
            zh="漏掉了 ε：常数通道的方差为 0，得到 0/0 = NaN。",
            en="eps is missing: a constant channel has the variance 0, and 0/0 is NaN.",
            card="bn-formula-cloze",
        ),
        Mistake(
            "running-statistics-not-updated",
            "        running_mean = (1 - momentum) * running_mean + momentum * mean\n",
            "",
            zh="running_mean 和 running_var 没有更新；训练的每一步都要更新它们。",
            en="running_mean and running_var were not updated; every training step updates them.",
            card="bn-running-mean-steps",
            also=(
                ("        running_var = (1 - momentum) * running_var + momentum * unbiased\n", ""),
            ),
        ),
        Mistake(
            "batch-axis-only",
            "    axes = (0, *range(2, x.ndim))\n    if training:",
            "    axes = (0,) if x.ndim == 2 else (0, 2)\n    if training:",
            zh="图像的均值和方差要跨 N、H、W 一起求。",
            en="for images the statistics run over N, H and W together.",
            card="bn-axes",
        ),
        Mistake(
            "divided-by-variance",
            "/ np.sqrt(per_channel(var, x) + eps)\n    y =",
            "/ (per_channel(var, x) + eps)\n    y =",
            zh="除以的是标准差，不是方差。",
            en="divide by the standard deviation, not by the variance.",
            card="bn-weights-or-activations",
        ),
        Mistake(
            "statistics-are-constants",
            "dx_hat = dx_hat - through_mean - through_var",
            "dx_hat = dx_hat",
            zh="反向时把 μ、σ² 当成了常数；训练时它们也依赖 x。",
            en="the backward pass took μ and σ² for constants; in training they depend on x.",
            card="bn-backward",
        ),
        Mistake(
            "no-path-through-variance",
            " - through_mean - through_var",
            " - through_mean",
            zh="反向漏掉了经过 σ² 的路径。",
            en="the backward pass forgot the path through σ².",
            card="bn-backward",
        ),
        Mistake(
            "gradient-of-gamma-with-x",
            "(dy * x_hat).sum(axes), dy.sum(axes)",
            "(dy * x).sum(axes), dy.sum(axes)",
            zh="dγ 用了 x；γ 乘的是 x̂，所以 dγ = Σ dy · x̂。",
            en="dγ was taken with x; γ multiplies x̂, so dγ = Σ dy · x̂.",
            card="bn-backward",
        ),
    ),
)
