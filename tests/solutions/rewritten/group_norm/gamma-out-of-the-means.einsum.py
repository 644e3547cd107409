import numpy as np


def split(a, groups):
    return a.reshape(a.shape[0], groups, a.shape[1] // groups, -1)


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    v = split(x, num_groups)
    v = v - v.mean((2, 3), keepdims=True)
    v = v / np.sqrt((v * v).mean((2, 3), keepdims=True) + eps)
    w, b = gamma.reshape(num_groups, -1), beta.reshape(num_groups, -1)
    return (np.einsum("ngkl,gk->ngkl", v, w) + b[None, :, :, None]).reshape(x.shape)


def group_norm_backward(dy, x, num_groups, gamma, eps=1e-5):
    v, g = split(x, num_groups), split(dy, num_groups)
    m = v.shape[2] * v.shape[3]
    v = v - v.mean((2, 3), keepdims=True)
    sd = np.sqrt(np.einsum("ngkl,ngkl->ng", v, v) / m + eps)[:, :, None, None]
    v = v / sd
    total = np.einsum("ngkl->ng", g)[:, :, None, None]
    slope = np.einsum("ngkl,ngkl->ng", g, v)[:, :, None, None]
    dx = np.einsum(
        "ngkl,gk->ngkl", (g - total / m - v * slope / m) / sd, gamma.reshape(num_groups, -1)
    )
    dgamma, dbeta = np.einsum("ngkl,ngkl->gk", g, v), np.einsum("ngkl->gk", g)
    return dx.reshape(x.shape), dgamma.ravel(), dbeta.ravel()
