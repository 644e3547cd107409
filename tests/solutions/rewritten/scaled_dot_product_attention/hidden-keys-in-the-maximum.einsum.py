import numpy as np


def scaled_dot_product_attention(q, k, v, mask=None):
    att = np.einsum("...qe,...ke->...qk", q, k) / np.sqrt(k.shape[-1]).astype(k.dtype)
    att = np.exp(att - att.max(axis=-1, keepdims=True))
    if mask is not None:
        att = att * mask
    with np.errstate(invalid="ignore"):
        att = att / att.sum(axis=-1, keepdims=True)
    return np.einsum("...qk,...kf->...qf", att, v)


def scaled_dot_product_attention_backward(dy, q, k, v, mask=None):
    scale = 1 / np.sqrt(k.shape[-1]).astype(k.dtype)
    att = np.einsum("...qe,...ke->...qk", q, k) * scale
    if mask is not None:
        att = np.where(mask, att, -np.inf)
    att = np.exp(att - att.max(axis=-1, keepdims=True))
    att = att / att.sum(axis=-1, keepdims=True)
    back = np.einsum("...qf,...kf->...qk", dy, v)
    back = att * (back - np.einsum("...qk,...qk->...q", back, att)[..., None]) * scale
    dq = np.einsum("...qk,...ke->...qe", back, k)
    dk = np.einsum("...qk,...qe->...ke", back, q)
    return dq, dk, np.einsum("...qk,...qf->...kf", att, dy)
