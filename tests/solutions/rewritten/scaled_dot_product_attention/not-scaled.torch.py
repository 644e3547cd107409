import torch
import torch.nn.functional as F


def scaled_dot_product_attention(q, k, v, mask=None):
    attn = torch.matmul(q, k.transpose(-2, -1))
    if mask is None:
        return F.softmax(attn, dim=-1) @ v
    attn = attn.masked_fill(mask == 0, float("-inf"))
    return torch.nan_to_num(F.softmax(attn, dim=-1)) @ v
