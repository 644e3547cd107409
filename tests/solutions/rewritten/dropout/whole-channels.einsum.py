import numpy as np


def dropout(x, p, rng, training=True):
    n, c = x.shape[:2]
    gate = np.ones((n, c))
    if training:
        gate = (rng.random((n, c)) > p).astype(float)
        gate = gate / (1 - p) if p < 1 else gate
    y = np.einsum("nc...,nc->nc...", x, gate.astype(x.dtype))
    kept = np.einsum("nc...,nc->nc...", np.ones(x.shape), gate) > 0
    return y, kept


def dropout_backward(dy, mask, p, training=True):
    return dy * mask / (1 - p) if training else dy
