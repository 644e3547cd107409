import torch


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    b, c, *rest = x.shape
    h = x.reshape(b * num_groups, -1)
    h = h - h.mean(-1, keepdim=True)
    with torch.no_grad():
        scale = 1.0 / torch.sqrt(torch.mean(h * h, -1, keepdim=True) + eps)
    h = (h * scale).reshape(b, c, -1)
    return (h * gamma.unsqueeze(-1) + beta.unsqueeze(-1)).reshape(b, c, *rest)
