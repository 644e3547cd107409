"""Number by number. Each mean moves towards the new value by 1 − β of the distance."""

import math

import numpy as np


def adam(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    new_param, new_m, new_v = np.empty_like(param), np.empty_like(m), np.empty_like(v)
    for i in np.ndindex(param.shape):
        g = float(grad[i]) + weight_decay * float(param[i])
        mean = float(m[i])
        mean += (1 - betas[0]) * (g - mean)
        square = float(v[i])
        square += (1 - betas[1]) * (g * g - square)
        m_hat = mean / (1 - math.pow(betas[0], t))
        rms = math.sqrt(square / (1 - math.pow(betas[1], t)))
        new_param[i] = float(param[i]) - lr * m_hat / (rms + eps)
        new_m[i], new_v[i] = mean, square
    return new_param, new_m, new_v
