import numpy as np


def scaled_dot_product_attention(q, k, v, mask=None):
    matmul_qk = np.matmul(q, np.swapaxes(k, -1, -2))
    logits = matmul_qk / np.sqrt(np.array(k.shape[-1], dtype=q.dtype))
    if mask is not None:
        logits = logits + (1.0 - mask.astype(q.dtype)) * -1e9
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    return np.matmul(weights, v)


def scaled_dot_product_attention_backward(dy, q, k, v, mask=None):
    scale = np.sqrt(np.array(k.shape[-1], dtype=q.dtype))
    logits = np.matmul(q, np.swapaxes(k, -1, -2)) / scale
    if mask is not None:
        logits = logits + (1.0 - mask.astype(q.dtype)) * -1e9
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    dweights = np.matmul(dy, np.swapaxes(v, -1, -2))
    dlogits = weights * (dweights - (dweights * weights).sum(axis=-1, keepdims=True))
    dq = np.matmul(dlogits / scale, k)
    dk = np.matmul(np.swapaxes(dlogits, -1, -2) / scale, q)
    return dq, dk, np.matmul(np.swapaxes(weights, -1, -2), dy)
