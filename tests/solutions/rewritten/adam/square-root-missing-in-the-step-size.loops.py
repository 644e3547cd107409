import numpy as np


def adam(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    lr_t = lr * (1 - betas[1] ** t) / (1 - betas[0] ** t)
    out = [np.zeros_like(param) for _ in range(3)]
    for index, theta in np.ndenumerate(param):
        g = grad[index] + weight_decay * theta
        mom = betas[0] * m[index] + (1 - betas[0]) * g
        vel = betas[1] * v[index] + (1 - betas[1]) * g**2
        out[0][index] = theta - lr_t * mom / (np.sqrt(vel) + eps)
        out[1][index], out[2][index] = mom, vel
    return tuple(out)
