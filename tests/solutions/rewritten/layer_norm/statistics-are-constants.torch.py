import torch


def layer_norm(x, gamma, beta, eps=1e-5):
    dims = tuple(range(-gamma.dim(), 0))
    stats = x.detach()
    mu = stats.mean(dims, keepdim=True)
    sigma = torch.sqrt(stats.var(dims, correction=0, keepdim=True) + eps)
    return torch.addcmul(beta, (x - mu) / sigma, gamma)
