"""Nesterov from the buffer alone, as g = b − μ b_old: (1 + μ) b − μ b_old. Bengio et al. 2012."""

import numpy as np


def sgd(
    param, grad, buf, t, lr=1e-3, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False
):
    decayed = np.asarray(grad) + np.multiply(weight_decay, param)
    if momentum == 0:
        return param - np.multiply(lr, decayed), buf.copy()
    old = np.zeros_like(buf) if t == 1 else buf
    new = np.add(momentum * old, decayed if t == 1 else decayed - dampening * decayed)
    step = (1 + momentum) * new - momentum * old if nesterov else new
    return param - lr * step, new
