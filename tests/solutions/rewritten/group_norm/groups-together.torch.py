import torch


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    size = x.size()
    x = x.view(size[0], num_groups, size[1] // num_groups, *size[2:])
    dims = tuple(range(1, x.dim()))
    x = (x - x.mean(dims, keepdim=True)) / torch.sqrt(
        x.var(dims, unbiased=False, keepdim=True) + eps
    )
    shape = [1, -1] + [1] * (len(size) - 2)
    return x.view(size) * gamma.view(shape) + beta.view(shape)
