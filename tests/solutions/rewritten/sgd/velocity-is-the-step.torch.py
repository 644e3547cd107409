import torch


def sgd(
    param, grad, buf, t, lr=1e-3, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False
):
    slope = torch.add(grad, weight_decay * param)
    if momentum == 0.0:
        return param - lr * slope, buf
    velocity = momentum * buf - lr * slope * (1.0 if t == 1 else 1.0 - dampening)
    if nesterov:
        return param + momentum * velocity - lr * slope, velocity
    return param + velocity, velocity
