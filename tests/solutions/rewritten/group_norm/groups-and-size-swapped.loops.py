import numpy as np


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    out = np.zeros_like(x)
    step = num_groups  # taken for how many channels a group has
    for i in range(x.shape[0]):
        for start in range(0, x.shape[1], step):
            block = x[i, start : start + step]
            mu, var = np.mean(block), np.var(block)
            for c in range(start, start + step):
                out[i, c] = gamma[c] * (x[i, c] - mu) / np.sqrt(var + eps) + beta[c]
    return out
