import torch


def dropout(x, p, rng, training=True):
    if not training:
        return x, torch.zeros_like(x, dtype=torch.bool)
    drop = torch.rand(x.shape, generator=rng) < p
    return x.masked_fill(drop, 0) / (1 - p if p < 1 else 1), drop
