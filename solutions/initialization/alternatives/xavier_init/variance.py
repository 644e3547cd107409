"""From the variance of a weight, in float32, weight by weight."""

import numpy as np


def xavier_uniform(shape, rng, gain=1.0):
    w = np.zeros(shape, np.float32)
    fan_in, fan_out = w[0].size, w[:, 0].size
    variance = gain**2 / np.mean([fan_in, fan_out])
    width = (12 * variance) ** 0.5  # of an interval with this variance
    for i in range(shape[0]):
        for j in range(shape[1]):
            w[i, j] = width * (rng.random(w[i, j].shape) - 0.5)
    return w
