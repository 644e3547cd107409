import numpy as np


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    n, c = x.shape[0], x.shape[1]
    k = c // num_groups
    v = x.reshape(n, num_groups, k, -1)
    mu = np.einsum("ngkl->ngl", v) / k
    v = v - mu[:, :, None, :]
    s2 = np.einsum("ngkl,ngkl->ngl", v, v) / k
    v = v / np.sqrt(s2 + eps)[:, :, None, :]
    out = np.einsum("ncl,c->ncl", v.reshape(n, c, -1), gamma) + beta.reshape(1, c, 1)
    return out.reshape(x.shape)
