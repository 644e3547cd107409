import numpy as np


def dropout(x, p, rng, training=True):
    keep = np.ones(x.size, dtype=bool)
    if not training:
        return x, keep.reshape(x.shape)
    dropped = rng.choice(x.size, size=int(p * x.size), replace=False)
    keep[dropped] = False
    keep = keep.reshape(x.shape)
    y = np.zeros_like(x)
    y[keep] = x[keep] / (1 - p)
    return y, keep


def dropout_backward(dy, mask, p, training=True):
    if not training:
        return dy
    dx = np.zeros_like(dy)
    dx[mask] = dy[mask] / (1 - p)
    return dx
