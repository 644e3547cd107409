"""Example by example and group by group, on slices of the channels."""

import numpy as np


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    y = np.empty_like(x)
    for n, channels in slices(x, num_groups):
        part = x[n, channels]
        x_hat = (part - part.mean()) / np.sqrt(part.var() + eps)
        scale, shift = gamma[channels], beta[channels]
        for c in range(len(part)):
            y[n, channels][c] = scale[c] * x_hat[c] + shift[c]
    return y


def group_norm_backward(dy, x, num_groups, gamma, eps=1e-5):
    dx, dgamma, dbeta = np.empty_like(x), np.zeros_like(gamma), np.zeros_like(gamma)
    for n, channels in slices(x, num_groups):
        part, g = x[n, channels], dy[n, channels]
        m = part.size
        std = np.sqrt(part.var() + eps)
        x_hat = (part - part.mean()) / std
        for c, value in enumerate(gamma[channels]):
            dx[n, channels][c] = value * g[c]
        dx_hat = dx[n, channels]
        dx[n, channels] = (m * dx_hat - dx_hat.sum() - x_hat * (dx_hat * x_hat).sum()) / (m * std)
        dgamma[channels] += (g * x_hat).reshape(len(g), -1).sum(1)
        dbeta[channels] += g.reshape(len(g), -1).sum(1)
    return dx, dgamma, dbeta


def slices(x, num_groups):
    """Each example with each group's channels."""
    size = x.shape[1] // num_groups
    for n in range(len(x)):
        for g in range(num_groups):
            yield n, slice(g * size, (g + 1) * size)
