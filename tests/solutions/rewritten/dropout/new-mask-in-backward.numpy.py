import numpy as np

_rng = np.random.default_rng(12345)


def _mask(shape, p, rng):
    return rng.uniform(0, 1, shape) > p


def dropout(x, p, rng, training=True):
    if not training:
        return np.copy(x), np.full(x.shape, True)
    m = _mask(x.shape, p, rng)
    return (np.where(m, x / (1 - p), 0) if p < 1 else np.zeros_like(x)), m


def dropout_backward(dy, mask, p, training=True):
    if not training:
        return dy
    return np.where(_mask(dy.shape, p, _rng), dy / (1 - p), 0)
