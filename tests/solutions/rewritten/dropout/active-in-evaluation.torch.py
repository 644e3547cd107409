import torch


def dropout(x, p, rng, training=True):
    q = 1.0 - p
    noise = torch.zeros_like(x).bernoulli_(q, generator=rng)
    alive = noise == 1
    if q == 0:
        return torch.zeros_like(x), alive
    return x * noise.div(q), alive
