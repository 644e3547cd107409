"""einsum and torch.softmax; where a query has no keys, softmax is given something else to do."""

import torch


def scaled_dot_product_attention(q, k, v, mask=None):
    scores = torch.einsum("...le,...se->...ls", q * q.shape[-1] ** -0.5, k)
    if mask is not None:
        hidden = ~mask.expand(scores.shape)
        nothing = hidden.all(-1, keepdim=True)
        scores = scores.masked_fill(hidden & ~nothing, float("-inf"))
    p = scores.softmax(-1)
    if mask is not None:
        p = p.masked_fill(nothing, 0.0)
    return torch.einsum("...ls,...sv->...lv", p, v)
