import numpy as np


def xavier_uniform(shape, rng, gain=1.0):
    fan_in = int(np.prod(shape)) // shape[0]
    scale = gain * (3.0 / fan_in) ** 0.5
    return rng.uniform(low=-scale, high=scale, size=shape)
