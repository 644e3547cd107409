"""Query by query, over the keys that it may see only; the gradients by the whole Jacobian."""

from itertools import product

import numpy as np


def scaled_dot_product_attention(q, k, v, mask=None):
    y = np.zeros((*q.shape[:-1], v.shape[-1]), q.dtype)
    for at, seen in queries(q, k, mask):
        if len(seen):
            y[at] = weights(q[at], k[at[:-1]][seen]) @ v[at[:-1]][seen]
    return y


def scaled_dot_product_attention_backward(dy, q, k, v, mask=None):
    dq, dk, dv = np.zeros_like(q), np.zeros_like(k), np.zeros_like(v)
    scale = q.dtype.type(q.shape[-1] ** -0.5)
    for at, seen in queries(q, k, mask):
        if not len(seen):
            continue
        keys, values = k[at[:-1]][seen], v[at[:-1]][seen]
        p = weights(q[at], keys)
        jacobian = np.diag(p) - np.outer(p, p)
        ds = jacobian @ (values @ dy[at]) * scale
        dq[at] = ds @ keys
        dk[at[:-1]][seen] += np.outer(ds, q[at])
        dv[at[:-1]][seen] += np.outer(p, dy[at])
    return dq, dk, dv


def weights(query, keys):
    scores = keys @ query * query.dtype.type(len(query) ** -0.5)
    e = np.exp(scores - scores.max())
    return e / e.sum()


def queries(q, k, mask):
    """Each query's index, and the keys that it may attend to."""
    shape = (*q.shape[:-1], k.shape[-2])
    allowed = np.ones(shape, bool) if mask is None else np.broadcast_to(mask, shape)
    for at in product(*map(range, shape[:-1])):
        yield at, np.flatnonzero(allowed[at])
