"""Cross-entropy, from logits.

    L = −Σ_k q_k log p_k    log p_k = z_k − log Σ_j exp(z_j)    q_k = (1 − ε) [k = t] + ε / K

z are one example's logits, t is its class, and ε smooths the label: q is one-hot where ε = 0.
The loss is the mean of L over the examples that count, those whose target is not ignore_index.
The largest logit is subtracted first: p stays the same, and no exp overflows. And log p is never
the log of p, which may have been rounded to 0.
Szegedy et al. 2016, section 7, on smoothing. https://arxiv.org/abs/1512.00567
Blanchard, Higham & Higham 2019 on log Σ exp. https://arxiv.org/abs/1909.03469
"""

import numpy as np


def cross_entropy(logits, target, ignore_index=-100, label_smoothing=0.0):
    """logits (N, K), target (N,), classes from 0 to K − 1 or ignore_index -> mean loss ()."""
    counts = target != ignore_index
    log_p = log_softmax(logits[counts])
    q = smoothed(target[counts], log_p, label_smoothing)
    return -(q * log_p).sum() / len(q)  # the mean over the examples that count


def cross_entropy_backward(dy, logits, target, ignore_index=-100, label_smoothing=0.0):
    """dy (), logits (N, K), target (N,) -> dlogits (N, K).

    ∂L / ∂z_k = Σ_j q_j (p_k − [j = k]) = p_k − q_k, as the q_j sum to 1. The mean divides it by
    the number of examples that count; the others have no gradient.
    """
    counts = target != ignore_index
    p = np.exp(log_softmax(logits[counts]))
    q = smoothed(target[counts], p, label_smoothing)
    dlogits = np.zeros_like(logits)
    dlogits[counts] = dy * (p - q) / len(p)
    return dlogits


def log_softmax(logits):
    """logits (N, K) -> log p (N, K)."""
    z = logits - logits.max(axis=1, keepdims=True)  # each row's own maximum
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))  # 1 ≤ sum ≤ K


def smoothed(target, like, label_smoothing):
    """target (N,), like (N, K) -> q (N, K): one-hot, but for ε / K in every class."""
    n, k = like.shape
    q = np.full_like(like, label_smoothing / k)
    q[np.arange(n), target] += 1 - label_smoothing
    return q


def loss_of_uniform(k):
    """The loss if all k classes are held equally likely: that of a model which knows nothing."""
    return np.log(k)


def logit_gradient(p, is_target, n):
    """The gradient of the mean loss of n examples at a logit whose class has probability p.

    is_target is 1 for the right class and 0 for a wrong one.
    """
    return (p - is_target) / n
