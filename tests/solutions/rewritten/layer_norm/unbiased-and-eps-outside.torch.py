import torch


def layer_norm(x, gamma, beta, eps=1e-5):
    dims = tuple(-1 - i for i in range(gamma.dim()))
    mean = torch.mean(x, dims, keepdim=True)
    std = torch.std(x, dims, keepdim=True)
    return gamma * (x - mean) / (std + eps) + beta
