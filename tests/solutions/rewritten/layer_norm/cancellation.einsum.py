import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    z = x.reshape(-1, gamma.size)
    first = np.einsum("ij->i", z) / gamma.size
    second = np.einsum("ij,ij->i", z, z) / gamma.size
    with np.errstate(invalid="ignore"):
        r = 1.0 / np.sqrt(second - first * first + eps)
    normed = (z - first[:, None]) * r[:, None]
    return normed.reshape(x.shape) * gamma + beta


def layer_norm_backward(dy, x, gamma, eps=1e-5):
    d = gamma.size
    z, g = x.reshape(-1, d), dy.reshape(-1, d)
    z = z - z.mean(1, keepdims=True)
    r = 1.0 / np.sqrt(np.mean(z * z, 1, keepdims=True) + eps)
    h = z * r
    w = g * gamma.ravel()
    dx = r / d * (d * w - w.sum(1, keepdims=True) - h * (w * h).sum(1, keepdims=True))
    return dx.reshape(x.shape), (g * h).sum(0).reshape(gamma.shape), g.sum(0).reshape(gamma.shape)
