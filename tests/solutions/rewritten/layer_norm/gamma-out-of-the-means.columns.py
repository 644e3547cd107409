import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    cols = x.reshape(-1, gamma.size).T
    z = cols - np.average(cols, axis=0)
    z = z / np.sqrt(np.average(z**2, axis=0) + eps)
    return (gamma.reshape(-1, 1) * z + beta.reshape(-1, 1)).T.reshape(x.shape)


def layer_norm_backward(dy, x, gamma, eps=1e-5):
    d = gamma.size
    cols, g = x.reshape(-1, d).T, dy.reshape(-1, d).T
    z = cols - cols.mean(0)
    sd = np.sqrt((z * z).mean(0) + eps)
    z = z / sd
    # copied from batch norm: one gamma in front
    dx = gamma.reshape(-1, 1) / (d * sd) * (d * g - g.sum(0) - z * (g * z).sum(0))
    dgamma, dbeta = (g * z).sum(1), g.sum(1)
    return dx.T.reshape(x.shape), dgamma.reshape(gamma.shape), dbeta.reshape(gamma.shape)
