import torch


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    chunks = []
    for part, w, b in zip(
        x.chunk(num_groups, 1), gamma.chunk(num_groups), beta.chunk(num_groups), strict=True
    ):
        dims = list(range(1, x.ndim))
        ones = [1] * (x.ndim - 2)
        z = (part - part.mean(dims, keepdim=True)) / torch.sqrt(part.var(dims, keepdim=True) + eps)
        chunks.append(z * w.reshape(1, -1, *ones) + b.reshape(1, -1, *ones))
    return torch.cat(chunks, 1)
