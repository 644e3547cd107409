"""Binary cross-entropy, from logits.

    L = −[w y log σ(z) + (1 − y) log (1 − σ(z))]    1 − σ(z) = σ(−z)
    log σ(z) = min(z, 0) − log(1 + exp(−|z|))

Each element is a question of its own with the answer y, 0 or 1 or in between; w weighs the
positive ones. The loss is the mean over all elements. log σ is never the log of σ, which may have
been rounded to 0, and exp never sees a positive number.
PyTorch, BCEWithLogitsLoss. https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
"""

import numpy as np


def bce_with_logits(logits, target, pos_weight=1.0):
    """logits (*, K), target (*, K), from 0 to 1, pos_weight () or (K,) -> mean loss ()."""
    log_p, log_not_p = log_sigmoid(logits), log_sigmoid(-logits)
    return -(pos_weight * target * log_p + (1 - target) * log_not_p).mean()


def bce_with_logits_backward(dy, logits, target, pos_weight=1.0):
    """dy (), logits (*, K), target (*, K), pos_weight () or (K,) -> dlogits (*, K).

    d log σ(z) / dz = 1 − σ(z), and d log σ(−z) / dz = −σ(z). For w = 1 that makes σ(z) − y.
    """
    p = np.exp(log_sigmoid(logits))
    return dy * ((1 - target) * p - pos_weight * target * (1 - p)) / logits.size


def log_sigmoid(z):
    """z (*) -> log σ(z) (*)."""
    return np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z)))
