import torch


def dropout(x, p, rng, training=True):
    if not training:
        return x, torch.ones(x.shape, dtype=torch.bool)
    u = torch.rand(x[0].shape, generator=rng)
    kept = (u >= p).expand_as(x)
    return torch.where(kept, x, 0) / max(1 - p, 1e-12), kept
