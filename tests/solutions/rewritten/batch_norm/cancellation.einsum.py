import numpy as np


def batch_norm(x, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    flat = x.reshape(x.shape[0], x.shape[1], -1)
    count = flat.shape[0] * flat.shape[2]
    if training:
        m = np.einsum("ncl->c", flat) / count
        v = np.einsum("ncl,ncl->c", flat, flat) / count - m * m
        running_mean = running_mean * (1 - momentum) + m * momentum
        running_var = running_var * (1 - momentum) + v * momentum * count / (count - 1)
    else:
        m, v = running_mean, running_var
    with np.errstate(all="ignore"):
        scale = gamma / np.sqrt(v + eps)
    out = (flat - m[:, None]) * scale[:, None] + beta[:, None]
    return out.reshape(x.shape), running_mean, running_var


def batch_norm_backward(dy, x, gamma, running_mean, running_var, training=True, eps=1e-5):
    axes = tuple(i for i in range(x.ndim) if i != 1)
    size = [-1 if i == 1 else 1 for i in range(x.ndim)]
    n = x.size // x.shape[1]
    mean, var = (x.mean(axes), x.var(axes)) if training else (running_mean, running_var)
    std = np.sqrt(var + eps).reshape(size)
    z = (x - mean.reshape(size)) / std
    dbeta, dgamma = dy.sum(axes), (dy * z).sum(axes)
    dx = dy * gamma.reshape(size) / std
    if training:
        both = dbeta.reshape(size) + z * dgamma.reshape(size)
        dx = gamma.reshape(size) / std * (dy - both / n)
    return dx, dgamma, dbeta
