import torch


def sgd(
    param, grad, buf, t, lr=1e-3, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False
):
    g = grad + weight_decay * param
    scale = 1.0 - dampening if t > 1 else 1.0
    buf = torch.mul(buf, momentum) + torch.mul(g, scale)
    if nesterov:
        return param - lr * g - lr * momentum * buf, buf
    return param - lr * buf, buf
