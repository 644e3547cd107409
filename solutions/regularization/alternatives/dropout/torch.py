"""A Bernoulli draw for each element; autograd does the backward pass."""

import torch


def dropout(x, p, rng, training=True):
    if not training or p == 0:
        return x, torch.ones_like(x, dtype=torch.bool)
    keep = torch.full_like(x.detach(), 1 - p)
    mask = torch.bernoulli(keep, generator=rng).bool()
    if p == 1:
        return torch.zeros_like(x), mask
    return torch.where(mask, x / (1 - p), 0.0), mask
