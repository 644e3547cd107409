import torch


def softmax(x, axis=-1):
    centred = x - torch.logsumexp(x, dim=-1, keepdim=True)
    return torch.exp(centred)
