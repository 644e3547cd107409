import torch


def dropout(x, p, rng, training=True):
    if not training:
        return x, torch.ones_like(x, dtype=torch.bool)
    dist = torch.distributions.Bernoulli(probs=1 - p)
    m = dist.sample(x.shape).to(x.dtype)
    if p < 1:
        m = m / (1 - p)
    return x * m, m > 0
