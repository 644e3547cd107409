import numpy as np


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    n, c = x.shape[:2]
    rows = x.reshape(n * num_groups, -1)
    s1, s2 = rows.sum(1) / rows.shape[1], (rows * rows).sum(1) / rows.shape[1]
    with np.errstate(invalid="ignore"):
        scale = (s2 - np.square(s1) + eps) ** -0.5
    z = ((rows.T - s1) * scale).T.reshape(n, c, -1)
    return (z * gamma[None, :, None] + beta[None, :, None]).reshape(x.shape)


def group_norm_backward(dy, x, num_groups, gamma, eps=1e-5):
    n, c = x.shape[:2]
    rows = x.reshape(n * num_groups, -1)
    m = rows.shape[1]
    dev = rows - rows.mean(1)[:, None]
    rstd = 1 / np.sqrt((dev**2).mean(1) + eps)[:, None]
    h = dev * rstd
    g = dy.reshape(n, c, -1)
    w = (g * gamma[:, None]).reshape(rows.shape)
    dx = (w - w.sum(1)[:, None] / m - h * ((w * h).sum(1)[:, None] / m)) * rstd
    dgamma = (g * h.reshape(g.shape)).sum((0, 2))
    return dx.reshape(x.shape), dgamma, g.sum((0, 2))
