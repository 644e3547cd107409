"""With torch's own mean and var; autograd does the backward pass."""

import torch


def layer_norm(x, gamma, beta, eps=1e-5):
    dims = list(range(x.dim() - gamma.dim(), x.dim()))
    mean = x.mean(dims, keepdim=True)
    var = x.var(dims, unbiased=False, keepdim=True)
    return gamma * (x - mean) * torch.rsqrt(var + eps) + beta
