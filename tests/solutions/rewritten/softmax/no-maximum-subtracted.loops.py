from math import prod

import numpy as np


def softmax(x, axis=-1):
    axis = axis % x.ndim
    before, k, after = prod(x.shape[:axis]), x.shape[axis], prod(x.shape[axis + 1 :])
    logits = x.reshape(before, k, after)
    probs = np.zeros_like(logits)
    for b in range(before):
        for a in range(after):
            total = logits.dtype.type(0)
            for j in range(k):
                probs[b, j, a] = np.exp(logits[b, j, a])
                total += probs[b, j, a]
            probs[b, :, a] /= total
    return probs.reshape(x.shape)


def softmax_backward(dy, y, axis=-1):
    dot = np.sum(y * dy, axis=axis, keepdims=True)
    return y * dy - y * dot
