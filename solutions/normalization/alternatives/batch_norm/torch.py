"""With torch's own mean and var; autograd does the backward pass."""

import torch


def batch_norm(x, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    dims = [d for d in range(x.dim()) if d != 1]
    shape = [1, -1] + [1] * (x.dim() - 2)
    if training:
        mean = x.mean(dims)
        var = x.var(dims, unbiased=False)
        with torch.no_grad():
            running_mean = running_mean.lerp(mean, momentum)
            running_var = running_var.lerp(x.var(dims, unbiased=True), momentum)
    else:
        mean, var = running_mean, running_var
    y = (x - mean.view(shape)) * torch.rsqrt(var.view(shape) + eps)
    return gamma.view(shape) * y + beta.view(shape), running_mean, running_var
