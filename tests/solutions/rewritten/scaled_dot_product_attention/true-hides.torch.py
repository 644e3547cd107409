import torch


def scaled_dot_product_attention(q, k, v, mask=None):
    scores = q @ k.mT / q.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(mask, -torch.inf)
        scores = scores.masked_fill(mask.all(-1, keepdim=True), 0.0)
    weights = torch.softmax(scores, -1)
    if mask is not None:
        weights = weights * ~mask
    return weights @ v
