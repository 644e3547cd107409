import numpy as np


def adam(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    beta1, beta2 = betas
    g = np.add(grad, np.multiply(param, weight_decay))
    m = m - (1 - beta1) * (m - g)
    v = v - (1 - beta2) * (v - np.einsum("...,...->...", g, g))
    m = m / (1 - np.power(beta1, t).item())
    v = v / (1 - np.power(beta2, t).item())
    return param - np.einsum("...,...->...", lr * m, 1 / (np.sqrt(v) + eps)), m, v
