"""Batch normalization.

    μ = mean(x)    σ² = var(x)    x̂ = (x − μ) / √(σ² + ε)    y = γ x̂ + β

The statistics run over everything but the channel: one μ and one σ² per channel.
Ioffe & Szegedy 2015, Algorithms 1 and 2. https://arxiv.org/abs/1502.03167
"""

import numpy as np


def batch_norm(x, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    """x (N, C, *), the rest (C,) -> y (N, C, *), running_mean (C,), running_var (C,)."""
    axes = (0, *range(2, x.ndim))
    if training:
        n = x.size // x.shape[1]  # values per channel
        if n < 2:
            raise ValueError("one value per channel has no variance; use training=False")
        mean, var = x.mean(axes), x.var(axes)  # biased: divided by n
        unbiased = var * n / (n - 1)
        # momentum is the weight of the new value, as in torch
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * unbiased
    else:
        mean, var = running_mean, running_var
    x_hat = (x - per_channel(mean, x)) / np.sqrt(per_channel(var, x) + eps)
    y = per_channel(gamma, x) * x_hat + per_channel(beta, x)
    return y, running_mean, running_var


def batch_norm_backward(dy, x, gamma, running_mean, running_var, training=True, eps=1e-5):
    """dy, x (N, C, *), the rest (C,) -> dx (N, C, *), dgamma (C,), dbeta (C,).

    In training x reaches y by three paths: itself, μ and σ². The last two give the two means:
    dx = (dx̂ − mean(dx̂) − x̂ mean(dx̂ x̂)) / √(σ² + ε). In evaluation μ and σ² are constants.
    """
    axes = (0, *range(2, x.ndim))
    mean, var = (x.mean(axes), x.var(axes)) if training else (running_mean, running_var)
    inv_std = 1 / np.sqrt(per_channel(var, x) + eps)
    x_hat = (x - per_channel(mean, x)) * inv_std
    dx_hat = dy * per_channel(gamma, x)
    if training:
        through_mean = dx_hat.mean(axes, keepdims=True)
        through_var = x_hat * (dx_hat * x_hat).mean(axes, keepdims=True)
        dx_hat = dx_hat - through_mean - through_var
    return dx_hat * inv_std, (dy * x_hat).sum(axes), dy.sum(axes)


def per_channel(v, x):
    """v (C,) -> (1, C, 1, ...), so that it broadcasts along the channels of x (N, C, *)."""
    return v.reshape(1, -1, *[1] * (x.ndim - 2))


def values_per_channel(n, h, w):
    """How many numbers of x (N, C, H, W) share one mean and one variance."""
    return n * h * w


def running_mean_after(steps, mean, momentum):
    """The running mean, 0 at first, after `steps` batches that all have the mean `mean`."""
    return mean * (1 - (1 - momentum) ** steps)
