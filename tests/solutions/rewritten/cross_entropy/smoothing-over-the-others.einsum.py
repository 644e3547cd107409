import numpy as np


def cross_entropy(logits, target, ignore_index=-100, label_smoothing=0.0):
    logp, labels, m = prepare(logits, target, ignore_index, label_smoothing)
    return -np.einsum("mk,mk->", labels, logp) / m


def cross_entropy_backward(dy, logits, target, ignore_index=-100, label_smoothing=0.0):
    logp, labels, m = prepare(logits, target, ignore_index, label_smoothing)
    grad = np.zeros_like(logits)
    grad[target != ignore_index] = (np.exp(logp) - labels) * (dy / m)
    return grad


def prepare(logits, target, ignore_index, eps):
    """As fairseq's label_smoothed_nll_loss: (1 − ε − ε_i) nll + ε_i Σ, with ε_i = ε / (K − 1)."""
    keep = target != ignore_index
    z, t = logits[keep], target[keep]
    top = np.max(z, axis=1)[:, None]
    logp = z - top - np.log(np.exp(z - top) @ np.ones((z.shape[1], 1), dtype=z.dtype))
    eps_i = eps / (z.shape[1] - 1)
    labels = eps_i + (1 - eps - eps_i) * np.eye(z.shape[1])[t]
    return logp, labels.astype(z.dtype), len(t)
