import numpy as np


def sgd(
    param, grad, buf, t, lr=1e-3, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False
):
    g = np.einsum("i,i...->...", np.array([1, weight_decay], grad.dtype), np.stack([grad, param]))
    if momentum == 0:
        return param - lr * g, buf
    ahead = g + momentum * buf  # the look-ahead, before the buffer has moved
    b = g if t == 1 else momentum * buf + g - dampening * g
    return param - lr * (ahead if nesterov else b), b
