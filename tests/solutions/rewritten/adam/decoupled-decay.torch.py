import torch


def adam(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    first = betas[0] * m + (1 - betas[0]) * grad
    second = betas[1] * v + (1 - betas[1]) * torch.pow(grad, 2)
    first_unbiased = first / (1 - betas[0] ** t)
    second_unbiased = second / (1 - betas[1] ** t)
    update = first_unbiased / (torch.sqrt(second_unbiased) + eps) + weight_decay * param
    return param - lr * update, first, second
