"""Proof of batch_norm: torch's F.batch_norm, with its running statistics and autograd."""

from functools import partial

from interview_cli.spec import Case, Mistake, Spec


def reference(x, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    import torch.nn.functional as F

    mean, var = (
        running_mean.detach().clone(),
        running_var.detach().clone(),
    )  # torch updates in place
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
    oracle="torch.nn.functional.batch_norm and autograd",
    numbers={"values_per_channel": values_per_channel, "running_mean_after": running_mean_after},
    cases=(
        Case("plain", draw),
        Case("images, uneven sides", partial(draw, shape=(2, 3, 4, 5))),
        Case("two examples", partial(draw, shape=(2, 5))),
        Case("one example, an image", partial(draw, shape=(1, 2, 3, 4))),
        Case("evaluation", partial(draw, shape=(4, 3, 2), training=False)),
        Case("evaluation, one example", partial(draw, shape=(1, 4), training=False)),
        Case("huge", partial(draw, scale=1e6)),
        Case("tiny", partial(draw, scale=1e-4)),
        Case("far from zero", partial(draw, loc=1e4, shape=(16, 3))),
        Case("constant", partial(draw, constant=True, shape=(8, 2))),
        Case("momentum and eps given", partial(draw, momentum=0.3, eps=1e-2)),
    ),
    mistakes=(
        Mistake(
            "unbiased-normalise",
            "x.mean(axes), x.var(axes)  # biased",
            "x.mean(axes), x.var(axes, ddof=1)  # biased",
            zh="归一化用了无偏方差（除以 n−1）；BN 用有偏方差归一化，只有 running_var 才用无偏。",
            en="normalised with the unbiased variance (n − 1); only running_var uses that one.",
            card="bn-which-variance",
        ),
        Mistake(
            "biased-running-var",
            "momentum * unbiased",
            "momentum * var",
            zh="running_var 用了有偏方差；torch 用无偏方差更新它。",
            en="running_var was updated with the biased variance; torch uses the unbiased one.",
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
            "momentum-reversed",
            "(1 - momentum) * running_mean + momentum * mean",
            "momentum * running_mean + (1 - momentum) * mean",
            zh="momentum 的含义反了：在 torch 中它是新值的权重。",
            en="momentum the wrong way round: in torch it is the weight of the new value.",
            card="bn-running-mean-steps",
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
    ),
)
