import torch


def sgd(
    param, grad, buf, t, lr=1e-3, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False
):
    shrunk = param * (1 - lr * weight_decay)
    if momentum == 0:
        return torch.sub(shrunk, lr * grad), buf
    velocity = grad.clone() if t == 1 else buf.mul(momentum).add(grad, alpha=1 - dampening)
    direction = grad + momentum * velocity if nesterov else velocity
    return torch.sub(shrunk, lr * direction), velocity
