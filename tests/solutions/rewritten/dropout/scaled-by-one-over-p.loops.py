import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x.copy(), np.ones(x.shape, dtype=bool)
    flat = x.ravel()
    out = np.zeros_like(flat)
    alive = np.zeros(flat.shape, dtype=bool)
    coins = rng.uniform(size=flat.size)
    for i, coin in enumerate(coins):
        if coin > p:
            alive[i] = True
            out[i] = flat[i] / p
    return out.reshape(x.shape), alive.reshape(x.shape)


def dropout_backward(dy, mask, p, training=True):
    return np.where(mask, dy / p, 0.0).astype(dy.dtype) if training else dy
