"""With one logarithm: log(1 − σ) = log σ − z, and both terms share the first."""

import numpy as np


def bce_with_logits(logits, target, pos_weight=1.0):
    soft = np.logaddexp(0, -logits).astype(logits.dtype)  # −log σ(z)
    weight = 1 + (pos_weight - 1) * target
    return np.mean((1 - target) * logits + weight * soft)


def bce_with_logits_backward(dy, logits, target, pos_weight=1.0):
    weight = 1 + (pos_weight - 1) * target
    not_p = np.exp(-np.logaddexp(0, logits)).astype(logits.dtype)
    return dy / logits.size * ((1 - target) - weight * not_p)
