import numpy as np


def dropout(x, p, rng, training=True):
    mask = np.ones_like(x)
    out = x
    if training:
        mask = ((rng.random(x.shape) < p) / p).astype(x.dtype)
        out = x * mask
    return out, mask != 0


def dropout_backward(dy, mask, p, training=True):
    if training:
        return dy * mask / p
    return dy
