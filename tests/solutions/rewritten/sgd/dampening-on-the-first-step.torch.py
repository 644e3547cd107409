import torch


def sgd(
    param, grad, buf, t, lr=1e-3, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False
):
    with torch.no_grad():
        g = grad.clone()
        if weight_decay != 0:
            g.add_(param, alpha=weight_decay)
        if momentum != 0:
            buf = buf.clone().mul_(momentum).add_(g, alpha=1 - dampening)
            g = g + momentum * buf if nesterov else buf
        return param - lr * g, buf
