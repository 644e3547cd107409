import torch


def layer_norm(x, gamma, beta, eps=1e-5):
    dim = tuple(range(x.ndim - gamma.ndim, x.ndim))
    mu = x.mean(dim=dim)
    sigma2 = ((x - x.mean(dim=dim, keepdim=True)) ** 2).mean(dim=dim)
    return (x - mu) / torch.sqrt(sigma2 + eps) * gamma + beta
