import math

import torch


def adam(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    g = grad + weight_decay * param
    alpha = lr * math.sqrt(1 - betas[1] ** t) / (1 - betas[0] ** t)
    m = m + (g - m) * (1 - betas[0])
    v = v + (torch.square(g) - v) * (1 - betas[1])
    return param - alpha * m / (torch.sqrt(v) + eps), m, v
