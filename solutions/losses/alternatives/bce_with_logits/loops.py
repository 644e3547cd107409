"""Element by element, with σ in the form that suits the sign of the logit."""

from math import exp, log1p

import numpy as np


def bce_with_logits(logits, target, pos_weight=1.0):
    w = np.broadcast_to(pos_weight, logits.shape)
    total = 0.0
    for i in np.ndindex(*logits.shape):
        z, y = float(logits[i]), float(target[i])
        rest = log1p(exp(-abs(z)))  # what is left of the wrong side's loss
        total += w[i] * y * (max(-z, 0) + rest) + (1 - y) * (max(z, 0) + rest)
    return np.array(total / logits.size, dtype=logits.dtype)


def bce_with_logits_backward(dy, logits, target, pos_weight=1.0):
    w = np.broadcast_to(pos_weight, logits.shape)
    dlogits = np.empty_like(logits)
    for i in np.ndindex(*logits.shape):
        z, y = float(logits[i]), float(target[i])
        p = 1 / (1 + exp(-z)) if z >= 0 else exp(z) / (1 + exp(z))
        dlogits[i] = (p * (1 + (w[i] - 1) * y) - w[i] * y) / logits.size
    return dy * dlogits
