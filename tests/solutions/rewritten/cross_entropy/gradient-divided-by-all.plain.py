import numpy as np


def cross_entropy(logits, target, ignore_index=-100, label_smoothing=0.0):
    shifted = logits - np.max(logits, -1, keepdims=True)
    logp = shifted - np.log(np.sum(np.exp(shifted), -1, keepdims=True))
    (rows,) = np.nonzero(target != ignore_index)
    nll = -logp[rows, target[rows]]
    smooth = -np.mean(logp[rows], -1)
    return np.mean((1 - label_smoothing) * nll + label_smoothing * smooth)


def cross_entropy_backward(dy, logits, target, ignore_index=-100, label_smoothing=0.0):
    n, k = logits.shape
    probs = np.exp(logits - np.max(logits, -1, keepdims=True))
    probs /= np.sum(probs, -1, keepdims=True)
    (rows,) = np.nonzero(target != ignore_index)
    grad = probs - label_smoothing / k
    grad[rows, target[rows]] -= 1 - label_smoothing
    grad[target == ignore_index] = 0
    return dy * grad / n
