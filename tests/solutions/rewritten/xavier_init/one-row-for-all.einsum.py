import numpy as np


def xavier_uniform(shape, rng, gain=1.0):
    fan_out = shape[0] * int(np.prod(shape[2:]))
    fan_in = int(np.prod(shape[1:]))
    a = gain * np.sqrt(6.0 / (fan_in + fan_out))
    filter_ = rng.uniform(-a, a, size=shape[1:])
    return np.einsum("o,i...->oi...", np.ones(shape[0]), filter_)
