"""torch's uniform draws, in its default type, stretched to (−a, a)."""

import torch


def xavier_uniform(shape, rng, gain=1.0):
    receptive_field = torch.Size(shape[2:]).numel()
    fan_sum = (shape[0] + shape[1]) * receptive_field
    limit = gain * (6.0 / fan_sum) ** 0.5
    return torch.rand(shape, generator=rng).mul(2).sub(1).mul(limit)
