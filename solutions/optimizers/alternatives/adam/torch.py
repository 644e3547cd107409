"""With torch's own running means, and ε scaled instead of v."""

import torch


def adam(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    grad = grad.add(param, alpha=weight_decay)
    m = torch.lerp(m, grad, 1 - betas[0])
    v = betas[1] * v + (1 - betas[1]) * grad.square()
    scale = (1 - betas[1] ** t) ** 0.5  # √v̂ = √v / scale
    step = m / (v.sqrt() + eps * scale)
    return param - lr * scale / (1 - betas[0] ** t) * step, m, v
