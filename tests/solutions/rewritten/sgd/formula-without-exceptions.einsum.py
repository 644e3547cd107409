import numpy as np


def sgd(
    param, grad, buf, t, lr=1e-3, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False
):
    weights = np.array([momentum, 1 - dampening, (1 - dampening) * weight_decay], param.dtype)
    v = np.einsum("k,k...->...", weights, np.stack([buf, grad, param]))
    if nesterov:
        return param - lr * (grad + weight_decay * param + momentum * v), v
    return param - lr * v, v
