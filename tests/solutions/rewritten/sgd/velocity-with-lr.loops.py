import numpy as np


def sgd(
    param, grad, buf, t, lr=1e-3, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False
):
    theta, velocity = np.empty_like(param), np.array(buf)
    for i in np.ndindex(*param.shape):
        push = lr * (grad[i] + weight_decay * param[i])
        if momentum == 0:
            theta[i] = param[i] - push
            continue
        velocity[i] = momentum * buf[i] + (push if t == 1 else push * (1 - dampening))
        theta[i] = param[i] - velocity[i]
        if nesterov:
            theta[i] = param[i] - push - momentum * velocity[i]
    return theta, velocity
