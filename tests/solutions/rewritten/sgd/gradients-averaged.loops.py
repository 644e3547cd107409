import numpy as np


def sgd(
    param, grad, buf, t, lr=1e-3, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False
):
    beta = momentum
    w, v = param.copy(), buf.copy()
    for idx, dw in np.ndenumerate(grad):
        dw = dw + weight_decay * param[idx]
        step = dw
        if beta > 0:
            v[idx] = beta * v[idx] + (1 - beta) * dw
            step = dw + beta * v[idx] if nesterov else v[idx]
        w[idx] = w[idx] - lr * step
    return w, v
