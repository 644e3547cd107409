import numpy as np


def xavier_uniform(shape, rng, gain=1.0):
    fan_out, fan_in = shape[0], int(np.prod(shape[1:]))
    var = 2.0 / (fan_in + fan_out) * gain**2
    half = np.sqrt(12 * var) / 2
    return rng.random(shape) * (2 * half) - half
