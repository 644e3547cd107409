import numpy as np


def bce_with_logits(logits, target, pos_weight=1.0):
    weights = pos_weight * np.ones_like(logits)
    loss = np.zeros((), dtype=logits.dtype)
    for z_row, y_row, w_row in zip(logits, target, weights, strict=True):
        for z, y, w in zip(np.ravel(z_row), np.ravel(y_row), np.ravel(w_row), strict=True):
            soft = np.log1p(np.exp(-abs(z)))
            loss += w * y * (soft + max(-z, 0)) + (1 - y) * (soft + max(z, 0))
    return loss / logits.shape[0]
