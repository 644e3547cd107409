"""Scaled dot-product attention.

    Attention(Q, K, V) = softmax(Q Kᵀ / √E) V

Each query is compared with all keys, and gets the mean of the values, weighted by how well the keys
match. A sum of E products grows like √E, so it is divided by that: softmax stays out of saturation.
A key that the mask hides gets the weight 0; a query that may attend to nothing gets 0, as in torch.
Vaswani et al. 2017, section 3.2.1. https://arxiv.org/abs/1706.03762
"""

import math

import numpy as np


def scaled_dot_product_attention(q, k, v, mask=None):
    """q (..., L, E), k (..., S, E), v (..., S, Ev), mask True where q may attend -> y (..., L, Ev).

    The mask is boolean and broadcasts to (..., L, S); None hides nothing.
    """
    return attention_weights(q, k, mask) @ v


def scaled_dot_product_attention_backward(dy, q, k, v, mask=None):
    """dy (..., L, Ev), the rest as in the forward function -> dq, dk, dv, shaped as q, k, v.

    Within a row ∂p_i / ∂s_j = p_i (δ_ij − p_j), so ds = p (dp − Σ dp p). A hidden key has p = 0,
    and no gradient passes.
    """
    p = attention_weights(q, k, mask)
    dv = p.swapaxes(-1, -2) @ dy
    dp = dy @ v.swapaxes(-1, -2)
    dscores = p * (dp - (dp * p).sum(-1, keepdims=True)) / math.sqrt(q.shape[-1])
    return dscores @ k, dscores.swapaxes(-1, -2) @ q, dv


def attention_weights(q, k, mask):
    """q (..., L, E), k (..., S, E), mask (..., L, S) or None -> p (..., L, S)."""
    mask = True if mask is None else mask
    scores = q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])
    # Not −∞: where a row is all hidden, −∞ − (−∞) is NaN.
    scores = np.where(mask, scores, np.finfo(q.dtype).min)
    e = np.exp(scores - scores.max(-1, keepdims=True))  # each query's own maximum
    e = np.where(mask, e, 0)
    return e / np.maximum(e.sum(-1, keepdims=True), 1)  # the sum is at least 1, or 0 without keys


def multi_head_parameters(d):
    """How many numbers multi-head attention of the width d learns, whatever the number of heads."""
    return 4 * (d * d + d)


def score_std(e):
    """The standard deviation of q·k, a sum of e independent products with mean 0 and variance 1."""
    return math.sqrt(e)


def score_mebibytes(batch, heads, length):
    """What all scores of a sequence with itself take in half precision, 2 bytes each."""
    return batch * heads * length**2 * 2 / 2**20
