import torch


def softmax(x, axis=-1):
    low = torch.min(x, dim=axis, keepdim=True).values
    exps = torch.exp(x - low)
    return torch.div(exps, torch.sum(exps, dim=axis, keepdim=True))
