import math

import torch


def scaled_dot_product_attention(q, k, v, mask=None):
    attention_scores = torch.matmul(q, k.transpose(-1, -2))
    attention_scores = attention_scores / math.sqrt(q.size(-1))
    if mask is not None:
        extended = (1.0 - mask.to(dtype=q.dtype)) * -10000.0
        attention_scores = attention_scores + extended
    attention_probs = torch.nn.Softmax(dim=-1)(attention_scores)
    return torch.matmul(attention_probs, v)
