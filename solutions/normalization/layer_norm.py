"""Layer normalization.

    μ = mean(x)    σ² = var(x)    x̂ = (x − μ) / √(σ² + ε)    y = γ x̂ + β

The statistics run over the features of one example, the dimensions that γ has: one μ and one σ²
per example (in a transformer, per token). No example sees another, so training and evaluation
are the same and nothing is remembered.
Ba, Kiros & Hinton 2016, section 3, with g for γ and b for β. https://arxiv.org/abs/1607.06450
"""

import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    """x (*, D), gamma, beta (D,) -> y (*, D). D may stand for several dimensions, as C, H, W."""
    axes = tuple(range(-gamma.ndim, 0))  # the last ones, those of gamma
    mean, var = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)  # biased: divided by D
    x_hat = (x - mean) / np.sqrt(var + eps)
    return gamma * x_hat + beta


def layer_norm_backward(dy, x, gamma, eps=1e-5):
    """dy, x (*, D), gamma (D,) -> dx (*, D), dgamma (D,), dbeta (D,).

    x reaches y by three paths: itself, μ and σ². The last two give the two means over the features:
    dx = (dx̂ − mean(dx̂) − x̂ mean(dx̂ x̂)) / √(σ² + ε). γ differs from feature to feature, so unlike
    in batch norm it cannot be taken out of these means.
    """
    axes = tuple(range(-gamma.ndim, 0))
    mean, var = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
    inv_std = 1 / np.sqrt(var + eps)
    x_hat = (x - mean) * inv_std
    dx_hat = dy * gamma
    through_mean = dx_hat.mean(axes, keepdims=True)
    through_var = x_hat * (dx_hat * x_hat).mean(axes, keepdims=True)
    dx = (dx_hat - through_mean - through_var) * inv_std
    examples = tuple(range(x.ndim - gamma.ndim))  # all of them share gamma and beta
    return dx, (dy * x_hat).sum(examples), dy.sum(examples)
