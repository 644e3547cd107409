import torch


def modulate(h, shift, scale):
    return h * (1 + scale) + shift


def layer_norm(x, gamma, beta, eps=1e-5):
    axes = tuple(range(x.dim() - gamma.dim(), x.dim()))
    centred = x - x.mean(axes, keepdim=True)
    h = centred * torch.rsqrt(centred.square().mean(axes, keepdim=True) + eps)
    return modulate(h, beta, gamma)
