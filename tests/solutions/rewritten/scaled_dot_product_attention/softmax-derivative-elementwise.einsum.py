import numpy as np


def softmax(z):
    z = np.exp(z - z.max(axis=-1, keepdims=True))
    return z / z.sum(axis=-1, keepdims=True)


def weights(q, k, mask):
    d = q.shape[-1]
    s = np.einsum("...id,...jd->...ij", q, k) * q.dtype.type(1 / np.sqrt(d))
    if mask is None:
        return softmax(s)
    a = softmax(np.where(mask, s, q.dtype.type(-1e30)))
    return a * mask.any(axis=-1, keepdims=True)


def scaled_dot_product_attention(q, k, v, mask=None):
    return np.einsum("...ij,...jd->...id", weights(q, k, mask), v)


def scaled_dot_product_attention_backward(dy, q, k, v, mask=None):
    a = weights(q, k, mask)
    da = np.einsum("...id,...jd->...ij", dy, v)
    ds = a * (1 - a) * da / np.sqrt(q.shape[-1]).astype(q.dtype)
    dq = np.einsum("...ij,...jd->...id", ds, k)
    dk = np.einsum("...ij,...id->...jd", ds, q)
    dv = np.einsum("...ij,...id->...jd", a, dy)
    return dq, dk, dv
