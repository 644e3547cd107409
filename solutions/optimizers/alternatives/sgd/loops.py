"""Number by number, with the share of the gradient as a number of its own."""

import numpy as np


def sgd(
    param, grad, buf, t, lr=1e-3, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False
):
    share = 1.0 if t == 1 else 1.0 - dampening
    theta, b = np.array(param), np.array(buf)
    for i in np.ndindex(theta.shape):
        g = grad[i] + weight_decay * theta[i]
        if momentum:
            b[i] = momentum * b[i] + share * g
            theta[i] -= lr * (g + momentum * b[i]) if nesterov else lr * b[i]
        else:
            theta[i] -= lr * g
    return theta, b
