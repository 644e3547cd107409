"""With torch's exp, amax and sum; autograd does the backward pass."""

import torch


def softmax(x, axis=-1):
    shift = x.amax(axis, keepdim=True).detach()  # any constant would do
    e = torch.exp(x - shift)
    return e / e.sum(axis, keepdim=True)
