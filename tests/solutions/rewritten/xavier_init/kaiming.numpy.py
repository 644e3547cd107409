import numpy as np


def xavier_uniform(shape, rng, gain=1.0):
    n_in = np.prod(shape[1:])
    limit = gain * np.sqrt(6.0 / n_in)
    return (limit * (2 * rng.random(shape) - 1)).astype(np.float32)
