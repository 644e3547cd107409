"""Softmax.

    y_k = exp(x_k) / Σ_j exp(x_j)    ∂y_k / ∂x_j = y_k (δ_kj − y_j)

The largest x is subtracted first. That multiplies numerator and denominator by the same number,
so y stays the same; but no exp overflows, and the sum is at least exp(0) = 1.
Blanchard, Higham & Higham 2019. https://arxiv.org/abs/1909.03469
"""

import numpy as np


def softmax(x, axis=-1):
    """x (*) -> y (*), which sums to 1 along axis."""
    e = np.exp(x - x.max(axis, keepdims=True))  # each row's own maximum; −∞ gives 0
    return e / e.sum(axis, keepdims=True)


def softmax_backward(dy, y, axis=-1):
    """dy (*), y (*), which is what softmax returned -> dx (*).

    Each x_j reaches every y_k: dx_j = Σ_k dy_k y_k (δ_kj − y_j) = y_j (dy_j − Σ_k dy_k y_k).
    """
    return y * (dy - (dy * y).sum(axis, keepdims=True))
