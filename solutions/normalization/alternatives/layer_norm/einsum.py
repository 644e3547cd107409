"""On a matrix of tokens with einsum, and the backward pass through the graph, node by node."""

import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    tokens = x.reshape(-1, gamma.size)
    _, _, x_hat = standardised(tokens, eps)
    return (np.einsum("td,d->td", x_hat, gamma.ravel()) + beta.ravel()).reshape(x.shape)


def layer_norm_backward(dy, x, gamma, eps=1e-5):
    tokens, g = x.reshape(-1, gamma.size), dy.reshape(-1, gamma.size)
    d = gamma.size
    centred, std, x_hat = standardised(tokens, eps)
    dx_hat = g * gamma.ravel()
    dcentred = dx_hat / std[:, None]
    dstd = -np.einsum("td,td->t", dx_hat, x_hat) / std
    dvar = dstd / (2 * std)
    dcentred = dcentred + 2 / d * centred * dvar[:, None]
    dmean = -dcentred.sum(1)
    dx = dcentred + dmean[:, None] / d
    dgamma, dbeta = np.einsum("td,td->d", g, x_hat), np.einsum("td->d", g)
    return dx.reshape(x.shape), dgamma.reshape(gamma.shape), dbeta.reshape(gamma.shape)


def standardised(tokens, eps):
    """tokens (T, D) -> x - μ (T, D), σ (T,), x̂ (T, D)."""
    centred = tokens - (np.einsum("td->t", tokens) / tokens.shape[1])[:, None]
    std = np.sqrt(np.einsum("td,td->t", centred, centred) / tokens.shape[1] + eps)
    return centred, std, centred / std[:, None]
