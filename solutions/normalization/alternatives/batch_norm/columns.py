"""Channel by channel on a matrix of columns, with the backward pass through the graph."""

import numpy as np


def batch_norm(x, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    columns = as_columns(x)
    n = len(columns)
    new_mean, new_var = running_mean.copy(), running_var.copy()
    y = np.empty_like(columns)
    for c in range(columns.shape[1]):
        mean, var = running_mean[c], running_var[c]
        if training:
            mean = columns[:, c].sum() / n
            squares = ((columns[:, c] - mean) ** 2).sum()
            var = squares / n
            new_mean[c] += momentum * (mean - new_mean[c])
            new_var[c] += momentum * (squares / (n - 1) - new_var[c])
        y[:, c] = gamma[c] * (columns[:, c] - mean) / (var + eps) ** 0.5 + beta[c]
    return as_images(y, x.shape), new_mean, new_var


def batch_norm_backward(dy, x, gamma, running_mean, running_var, training=True, eps=1e-5):
    g, columns = as_columns(dy), as_columns(x)
    n = len(columns)
    mean = columns.mean(0) if training else running_mean
    centred = columns - mean
    var = (centred**2).mean(0) if training else running_var
    std = np.sqrt(var + eps)
    x_hat = centred / std
    dx_hat = g * gamma
    dx = dx_hat / std
    if training:
        dvar = (dx_hat * centred).sum(0) * -0.5 * std**-3
        dmean = -dx_hat.sum(0) / std - 2 * dvar * centred.mean(0)
        dx = dx + 2 * dvar * centred / n + dmean / n
    return as_images(dx, x.shape), (g * x_hat).sum(0), g.sum(0)


def as_columns(x):
    """x (N, C, *) -> (N *, C)"""
    return np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])


def as_images(columns, shape):
    """(N *, C) -> (N, C, *)"""
    n, c, *rest = shape
    return np.moveaxis(columns.reshape(n, *rest, c), -1, 1)
