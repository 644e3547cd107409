"""The inverse distribution function of U(−a, a), at uniform numbers."""

import numpy as np


def xavier_uniform(shape, rng, gain=1.0):
    fans = np.array(shape[:2]) * np.prod(shape[2:])
    bound = gain * np.sqrt(6 / fans.sum())
    q = rng.random(int(np.prod(shape)))
    return np.reshape((1 - q) * -bound + q * bound, shape)
