import torch


def softmax(x, axis=-1):
    x = x - torch.max(x)  # for stability
    numerator = x.exp()
    return numerator / numerator.sum(dim=axis, keepdim=True)
