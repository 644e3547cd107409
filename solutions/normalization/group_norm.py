"""Group normalization.

    μ = mean(x)    σ² = var(x)    x̂ = (x − μ) / √(σ² + ε)    y = γ x̂ + β

The statistics run over C/G neighbouring channels and all pixels of one example: one μ and one σ²
for each of its G groups. No example sees another. G = C is instance norm; G = 1 has layer norm's
statistics. γ and β belong to channels, not to groups.
Wu & He 2018, section 3. https://arxiv.org/abs/1803.08494
"""

import numpy as np


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    """x (N, C, *), gamma, beta (C,) -> y (N, C, *). num_groups divides C."""
    groups = in_groups(x, num_groups)
    axes = tuple(range(2, groups.ndim))  # the channels of a group, and the pixels
    mean, var = groups.mean(axes, keepdims=True), groups.var(axes, keepdims=True)  # biased
    x_hat = ((groups - mean) / np.sqrt(var + eps)).reshape(x.shape)
    return per_channel(gamma, x) * x_hat + per_channel(beta, x)


def group_norm_backward(dy, x, num_groups, gamma, eps=1e-5):
    """dy, x (N, C, *), gamma (C,) -> dx (N, C, *), dgamma (C,), dbeta (C,).

    As in layer norm, dx = (dx̂ − mean(dx̂) − x̂ mean(dx̂ x̂)) / √(σ² + ε), with means over a group.
    γ differs from channel to channel, so it stays inside them.
    """
    groups = in_groups(x, num_groups)
    axes = tuple(range(2, groups.ndim))
    mean, var = groups.mean(axes, keepdims=True), groups.var(axes, keepdims=True)
    inv_std = 1 / np.sqrt(var + eps)
    x_hat = (groups - mean) * inv_std
    dx_hat = in_groups(dy * per_channel(gamma, x), num_groups)
    through_mean = dx_hat.mean(axes, keepdims=True)
    through_var = x_hat * (dx_hat * x_hat).mean(axes, keepdims=True)
    dx = (dx_hat - through_mean - through_var) * inv_std
    rest = (0, *range(2, x.ndim))  # all but the channel
    dgamma = (dy * x_hat.reshape(x.shape)).sum(rest)
    return dx.reshape(x.shape), dgamma, dy.sum(rest)


def in_groups(x, num_groups):
    """x (N, C, *) -> (N, G, C/G, *). A reshape cuts C into runs of neighbouring channels."""
    n, c, *pixels = x.shape
    return x.reshape(n, num_groups, c // num_groups, *pixels)


def per_channel(v, x):
    """v (C,) -> (1, C, 1, ...), so that it broadcasts along the channels of x (N, C, *)."""
    return v.reshape(1, -1, *[1] * (x.ndim - 2))
