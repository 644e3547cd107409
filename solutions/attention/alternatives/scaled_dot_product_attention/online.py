"""One pass over the keys with a running maximum, as FlashAttention; no matrix of scores is kept.

The backward pass makes each weight again from the maximum and the sum.
"""

import numpy as np


def scaled_dot_product_attention(q, k, v, mask=None):
    return one_pass(q, k, v, mask)[0]


def scaled_dot_product_attention_backward(dy, q, k, v, mask=None):
    y, top, total = one_pass(q, k, v, mask)
    delta = (dy * y).sum(-1)
    dq, dk, dv = np.zeros_like(q), np.zeros_like(k), np.zeros_like(v)
    for j in range(k.shape[-2]):
        s = score(q, k, mask, j)
        p = np.exp(s - top) / total
        ds = (
            p
            * (np.einsum("...lv,...v->...l", dy, v[..., j, :]) - delta)
            / np.sqrt(q.shape[-1], dtype=q.dtype)
        )
        dq += ds[..., None] * k[..., j, None, :]
        dk[..., j, :] = np.einsum("...l,...le->...e", ds, q)
        dv[..., j, :] = np.einsum("...l,...lv->...v", p, dy)
    return dq, dk, dv


def one_pass(q, k, v, mask):
    """q, k, v, mask -> y (..., L, Ev), maximum m, sum of exp(scores − m) (..., L)."""
    top = np.full(q.shape[:-1], -np.inf, q.dtype)
    total = np.zeros_like(top)
    y = np.zeros((*q.shape[:-1], v.shape[-1]), q.dtype)
    for j in range(k.shape[-2]):
        s = score(q, k, mask, j)
        new = np.maximum(top, s)
        finite = np.where(np.isinf(new), 0, new)
        shrink, weight = np.exp(top - finite), np.exp(s - finite)
        total = total * shrink + weight
        y = y * shrink[..., None] + weight[..., None] * v[..., j, None, :]
        top = new
    total = np.where(total > 0, total, 1)
    return y / total[..., None], np.where(np.isinf(top), 0, top), total


def score(q, k, mask, j):
    """The scores of all queries with key j (..., L)."""
    s = np.einsum("...le,...e->...l", q, k[..., j, :]) / np.sqrt(q.shape[-1], dtype=q.dtype)
    if mask is None:
        return s
    hidden = ~mask[..., j]
    return np.where(hidden, -np.inf, s).astype(q.dtype)
