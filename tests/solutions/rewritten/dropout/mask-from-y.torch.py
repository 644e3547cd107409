import torch


def dropout(x, p, rng, training=True):
    if not training:
        return x, torch.ones_like(x, dtype=torch.bool)
    y = x * torch.empty_like(x).bernoulli_(1 - p, generator=rng)
    if p < 1:
        y = y / (1 - p)
    return y, y.detach() != 0
