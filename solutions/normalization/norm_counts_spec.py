"""Proof of norm_counts: torch's layers counted, and torch's own fusion of a convolution with BN."""

from interview_cli.spec import Case, Mistake, Spec


def folded(bias, mean, var, gamma, beta, eps=1e-5):
    """The bias that torch's fusion of a convolution and an evaluating BN leaves."""
    import torch
    from torch.nn.utils.fusion import fuse_conv_bn_weights

    weight = torch.ones(len(bias), 1, 1, 1, dtype=bias.dtype)
    return fuse_conv_bn_weights(weight, bias, mean, var, eps, gamma, beta)[1]


def draw(rng, c=5, eps=1e-5, scale=1.0):
    return {
        "bias": rng.normal(size=c),
        "mean": rng.normal(size=c),
        "var": scale * rng.uniform(0.5, 2, c),
        "gamma": rng.normal(1, 0.5, c),
        "beta": rng.normal(size=c),
        "eps": eps,
    }


def folded_bias(bias, mean, var, gamma, beta):
    """From a convolution's answer to an image of zeros, through BN in evaluation."""
    import torch

    conv = torch.nn.Conv2d(1, 1, 1, dtype=torch.float64)
    bn = torch.nn.BatchNorm2d(1, dtype=torch.float64).eval()
    places = (conv.bias, bn.running_mean, bn.running_var, bn.weight, bn.bias)
    with torch.no_grad():
        for place, value in zip(places, (bias, mean, var, gamma, beta), strict=True):
            place.fill_(value)
        return bn(conv(torch.zeros(1, 1, 1, 1, dtype=torch.float64))).item()


def layer_norm_parameters(c, h, w):
    import torch

    return sum(p.numel() for p in torch.nn.LayerNorm((c, h, w)).parameters())


def batch_norm_state(c):
    import torch

    return sum(t.numel() for t in torch.nn.BatchNorm2d(c).state_dict().values())


def values_per_group(c, h, w, groups):
    """How many inputs one output depends on: those with a gradient."""
    import torch

    x = torch.randn(2, c, h, w, dtype=torch.float64, requires_grad=True)
    y = torch.nn.functional.group_norm(x, groups)
    (gradient,) = torch.autograd.grad(y[0, 0, 0, 0], x)
    return gradient.count_nonzero().item()


def outlier_after_batch_norm(n):
    import torch

    x = torch.zeros(n, 1, dtype=torch.float64)
    x[0] = 1e6  # so large that ε does not count
    return torch.nn.functional.batch_norm(x, None, None, training=True)[0].item()


def variance_after_dropout(mean, var, p):
    """Over every outcome: two values with these moments, and ten masks of which 10 p drop."""
    import torch

    spread = torch.tensor(var, dtype=torch.float64).sqrt()
    x = mean + spread * torch.tensor([-1.0, 1.0], dtype=torch.float64)
    mask = torch.arange(10, dtype=torch.float64) >= round(10 * p)
    return (mask[:, None] * x / (1 - p)).var(unbiased=False).item()


SPEC = Spec(
    function="folded_bias",
    outputs=("bias",),
    reference=folded,
    oracle="torch.nn.utils.fusion, and torch's layers counted",
    numbers={
        "folded_bias": folded_bias,
        "layer_norm_parameters": layer_norm_parameters,
        "batch_norm_state": batch_norm_state,
        "values_per_group": values_per_group,
        "outlier_after_batch_norm": outlier_after_batch_norm,
        "variance_after_dropout": variance_after_dropout,
    },
    cases=(
        Case("plain", draw),
        Case("one channel", lambda rng: draw(rng, c=1)),
        Case("tiny variance", lambda rng: draw(rng, scale=1e-6)),
        Case("eps given", lambda rng: draw(rng, eps=1e-2)),
    ),
    mistakes=(
        Mistake(
            "bias-forgotten",
            "(bias - mean) * gamma",
            "-mean * gamma",
            zh="丢掉了卷积自己的偏置；它同样要减去 μ 再缩放。",
            en="dropped the convolution's own bias; it is shifted and scaled like its output.",
            card="bn-fold",
        ),
        Mistake(
            "bias-not-scaled",
            "(bias - mean) * gamma / (var + eps) ** 0.5 + beta",
            "bias - mean * gamma / (var + eps) ** 0.5 + beta",
            zh="卷积的偏置没有乘以 γ/√(σ² + ε)。",
            en="the convolution's bias was not multiplied by γ/√(σ² + ε).",
            card="bn-fold",
        ),
    ),
)
