import math

import torch


def xavier_uniform(shape, rng, gain=1.0):
    area = math.prod(shape[2:])
    a = gain * math.sqrt(6 / (area * (shape[0] + shape[1])))
    return a * (2 * torch.rand(shape, dtype=torch.float64) - 1)
