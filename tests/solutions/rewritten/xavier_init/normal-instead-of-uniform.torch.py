import torch


def xavier_uniform(shape, rng, gain=1.0):
    size = 1
    for k in shape[2:]:
        size *= k
    std = gain * torch.tensor(2.0 / ((shape[0] + shape[1]) * size)).sqrt()
    return torch.randn(shape, generator=rng) * std
