import math

import numpy as np


def xavier_uniform(shape, rng, gain=1.0):
    area = 1
    for side in shape[2:]:
        area = area * side
    sigma = gain * math.sqrt(2.0 / (shape[1] * area + shape[0] * area))
    weights = np.empty(shape)
    for place in np.ndindex(shape):
        weights[place] = rng.uniform(-sigma, sigma)
    return weights
