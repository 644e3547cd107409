import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    d = gamma.size
    v = x.reshape(-1, d)
    m = np.einsum("nd->n", v) / d
    dev = v - m[:, None]
    rstd = (np.einsum("nd,nd->n", dev, dev) / d + eps) ** -0.5
    y = np.einsum("nd,n,d->nd", v, rstd, gamma.reshape(d))
    return (y + beta.reshape(d)).reshape(x.shape)
