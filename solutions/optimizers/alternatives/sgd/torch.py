"""With torch's fused additions; step 1 told by t, no momentum by an early return."""

import torch


def sgd(
    param, grad, buf, t, lr=1e-3, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False
):
    d_p = torch.add(grad, param, alpha=weight_decay)
    if not momentum:
        return torch.add(param, d_p, alpha=-lr), buf
    buf = d_p.clone() if t == 1 else torch.add(momentum * buf, d_p, alpha=1 - dampening)
    d_p = torch.add(d_p, buf, alpha=momentum) if nesterov else buf
    return param.sub(d_p, alpha=lr), buf
