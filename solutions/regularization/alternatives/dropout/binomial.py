"""The mask as a binomial of one trial, with the scale inside."""

import numpy as np


def dropout(x, p, rng, training=True):
    weights = np.ones_like(x)
    if training:
        weights = rng.binomial(1, 1 - p, size=x.shape).astype(x.dtype)
        weights /= max(1 - p, np.finfo(x.dtype).tiny)
    return x * weights, weights > 0


def dropout_backward(dy, mask, p, training=True):
    if not training:
        return dy
    return np.where(mask, dy, 0) * (1.0 / (1 - p) if p != 1 else 1.0)
