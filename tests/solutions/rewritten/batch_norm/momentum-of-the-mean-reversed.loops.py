import numpy as np


def batch_norm(x, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    out = np.zeros_like(x)
    rm, rv = running_mean.copy(), running_var.copy()
    for c in range(x.shape[1]):
        channel = x[:, c]
        if training:
            mu, var = np.mean(channel), np.var(channel)
            rm[c] = momentum * rm[c] + (1 - momentum) * mu
            rv[c] = (1 - momentum) * rv[c] + momentum * np.var(channel, ddof=1)
        else:
            mu, var = rm[c], rv[c]
        out[:, c] = gamma[c] * (channel - mu) / np.sqrt(var + eps) + beta[c]
    return out, rm, rv
