"""Both moments as one array; the step as the gradient's sign where m and √v agree."""

import numpy as np


def adam(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    if weight_decay != 0:
        grad = weight_decay * param + grad
    beta = np.array(betas, dtype=param.dtype).reshape(2, *[1] * param.ndim)
    moments = beta * np.stack([m, v]) + (1 - beta) * np.stack([grad, np.square(grad)])
    weight = np.array([1 - b**t for b in betas], dtype=param.dtype).reshape(beta.shape)
    mean, square = moments / weight
    return param - lr * np.divide(mean, eps + np.sqrt(square)), moments[0], moments[1]
