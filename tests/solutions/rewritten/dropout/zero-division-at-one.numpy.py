import numpy as np


def dropout(x, p, rng, training=True):
    scale = 1.0 / (1.0 - p)
    if training:
        keep = rng.binomial(n=1, p=1 - p, size=x.shape) == 1
        return scale * np.where(keep, x, 0), keep
    return x, x == x


def dropout_backward(dy, mask, p, training=True):
    return dy if not training else np.where(mask, dy, 0) * (1.0 / (1.0 - p))
