"""Token by token, with the Jacobian of each as a matrix."""

import math

import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    d = gamma.size
    y = np.empty_like(x).reshape(-1, d)
    for i, token in enumerate(x.reshape(-1, d)):
        centred = token - token.sum() / d
        y[i] = gamma.ravel() * centred / math.sqrt(centred @ centred / d + eps) + beta.ravel()
    return y.reshape(x.shape)


def layer_norm_backward(dy, x, gamma, eps=1e-5):
    d = gamma.size
    centre = (np.eye(d) - 1 / d).astype(x.dtype)  # symmetric, and it is its own square
    dx = np.empty_like(x).reshape(-1, d)
    dgamma, dbeta = np.zeros_like(gamma).ravel(), np.zeros_like(gamma).ravel()
    for i, (g, token) in enumerate(zip(dy.reshape(-1, d), x.reshape(-1, d), strict=True)):
        centred = token - token.mean()
        std = math.sqrt(centred @ centred / d + eps)
        # d x̂ / d x, from x̂ = centred / std and d std / d x = centred / (d std)
        jacobian = centre / std - np.outer(centred, centred) / (d * std**3)
        dx[i] = jacobian @ (gamma.ravel() * g)
        dgamma += g * centred / std
        dbeta += g
    return dx.reshape(x.shape), dgamma.reshape(gamma.shape), dbeta.reshape(gamma.shape)
