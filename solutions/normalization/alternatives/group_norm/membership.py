"""With a matrix that says which channel belongs to which group, and no reshape of the channels."""

import numpy as np


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    flat = x.reshape(*x.shape[:2], -1)
    x_hat, _ = standardised(flat, num_groups, eps)
    y = np.einsum("c,ncl->ncl", gamma, x_hat) + beta[None, :, None]
    return y.reshape(x.shape)


def group_norm_backward(dy, x, num_groups, gamma, eps=1e-5):
    flat, g = x.reshape(*x.shape[:2], -1), dy.reshape(*x.shape[:2], -1)
    x_hat, std = standardised(flat, num_groups, eps)
    dx_hat = np.einsum("c,ncl->ncl", gamma, g)
    mean = group_means(dx_hat, num_groups)
    slope = group_means(dx_hat * x_hat, num_groups)
    dx = (dx_hat - mean - slope * x_hat) / std
    return dx.reshape(x.shape), np.einsum("ncl,ncl->c", g, x_hat), np.einsum("ncl->c", g)


def standardised(flat, num_groups, eps):
    """flat (N, C, L) -> x̂ (N, C, L), σ (N, C, 1)."""
    centred = flat - group_means(flat, num_groups)
    std = np.sqrt(group_means(centred**2, num_groups) + eps)
    return centred / std, std


def group_means(flat, num_groups):
    """flat (N, C, L) -> (N, C, 1): in each channel the mean of its group."""
    c = flat.shape[1]
    group = np.arange(c) * num_groups // c
    same = (group[:, None] == group[None, :]).astype(flat.dtype)  # (C, C)
    return (flat.mean(2) @ same / (c // num_groups))[:, :, None]
