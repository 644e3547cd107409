import torch


def dropout(x, p, rng, training=True):
    if training:
        kept = torch.rand(x.shape, generator=rng) >= p
        return x * kept, kept
    return (1 - p) * x, torch.ones(x.shape, dtype=torch.bool)
