import math

import torch


def scaled_dot_product_attention(q, k, v, mask=None):
    bias = torch.zeros(q.size(-2), k.size(-2), dtype=q.dtype)
    if mask is not None:
        bias = torch.zeros(mask.shape, dtype=q.dtype).masked_fill(mask.logical_not(), -math.inf)
    return torch.softmax(q @ k.transpose(-2, -1) / math.sqrt(q.size(-1)) + bias, dim=-1) @ v
