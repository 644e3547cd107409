"""Softmax and cross-entropy, from logits.

    p_k = exp(z_k) / Σ_j exp(z_j)    L = −log p_t    log p_t = z_t − log Σ_j exp(z_j)

z are one example's logits and t is its class; the loss is the mean of L over the examples.
The largest logit is subtracted first: p stays the same, and no exp overflows. And log p is never
the log of p, which may have been rounded to 0.
Blanchard, Higham & Higham 2019 on both formulas. https://arxiv.org/abs/1909.03469
"""

import numpy as np


def softmax_cross_entropy(logits, target):
    """logits (N, K), target (N,), classes from 0 to K − 1 -> loss ()."""
    n = len(target)
    log_p = log_softmax(logits)
    return -log_p[np.arange(n), target].mean()  # one log p per example


def softmax_cross_entropy_backward(dy, logits, target):
    """dy (), logits (N, K), target (N,) -> dlogits (N, K).

    ∂(−log p_t) / ∂z_k = ∂(log Σ_j exp(z_j)) / ∂z_k − ∂z_t / ∂z_k = p_k − y_k, where y is one-hot:
    1 for the class t and 0 for the others. The mean over the examples divides it by N.
    """
    n = len(target)
    p = np.exp(log_softmax(logits))
    y = np.zeros_like(p)
    y[np.arange(n), target] = 1
    return dy * (p - y) / n


def log_softmax(logits):
    """logits (N, K) -> log p (N, K)."""
    z = logits - logits.max(axis=1, keepdims=True)  # each row's own maximum
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))  # 1 ≤ sum ≤ K


def loss_of_uniform(k):
    """The loss if all k classes are held equally likely: that of a model which knows nothing."""
    return np.log(k)


def logit_gradient(p, is_target, n):
    """The gradient of the mean loss of n examples at a logit whose class has probability p.

    is_target is 1 for the right class and 0 for a wrong one.
    """
    return (p - is_target) / n
