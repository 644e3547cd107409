import torch


def xavier_uniform(shape, rng, gain=1.0):
    out_features, in_features = shape[0], shape[1]
    a = gain * (6 / (in_features + out_features)) ** 0.5
    return torch.empty(shape).uniform_(-a, a, generator=rng)
