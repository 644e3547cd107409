import numpy as np


def forward(q, k, v, mask):
    q = q / np.sqrt(q.shape[-1]).astype(q.dtype)
    s = np.matmul(q, np.moveaxis(k, -1, -2))
    if mask is not None:
        s = s + np.where(mask, 0.0, -np.inf).astype(s.dtype)
    top = s.max(-1, keepdims=True)
    top[np.isneginf(top)] = 0
    w = np.exp(s - top)
    norm = w.sum(-1, keepdims=True)
    norm[norm == 0] = 1
    w = w / norm
    return q, w, np.matmul(w, v)


def scaled_dot_product_attention(q, k, v, mask=None):
    return forward(q, k, v, mask)[2]


def scaled_dot_product_attention_backward(dy, q, k, v, mask=None):
    q, w, y = forward(q, k, v, mask)
    grad_w = np.matmul(dy, np.moveaxis(v, -1, -2))
    grad_s = w * (grad_w - np.sum(dy * y, axis=-1, keepdims=True))
    grad_q = np.matmul(grad_s, k)
    grad_k = np.matmul(np.moveaxis(grad_s, -1, -2), q)
    return grad_q, grad_k, np.matmul(np.moveaxis(w, -1, -2), dy)
