import torch


def sgd(
    param, grad, buf, t, lr=1e-3, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False
):
    grad = torch.add(grad, param * weight_decay)
    if momentum:
        buf = buf * momentum + grad * (1 - dampening) if t > 1 else torch.clone(grad)
        if nesterov:
            buf = buf * momentum
            buf += grad
        grad = buf
    return param - grad * lr, buf
