import numpy as np


def scaled_dot_product_attention(q, k, v, mask=None):
    *lead, n_q, d = q.shape
    n_k = k.shape[-2]
    if mask is not None:
        mask = np.broadcast_to(mask, (*lead, n_q, n_k))
    out = np.zeros((*lead, n_q, v.shape[-1]), dtype=q.dtype)
    for b in np.ndindex(*lead):
        for i in range(n_q):
            row = np.array([np.dot(q[b][i], k[b][j]) for j in range(n_k)]) / np.sqrt(
                d, dtype=q.dtype
            )
            row = np.exp(row - np.max(row))
            row = row / np.sum(row)
            for j in range(n_k):
                if mask is None or mask[b][i, j]:
                    out[b][i] += row[j] * v[b][j]
    return out
