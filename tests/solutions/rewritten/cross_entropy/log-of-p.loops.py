import numpy as np


def cross_entropy(logits, target, ignore_index=-100, label_smoothing=0.0):
    losses = []
    for row, label in zip(logits, target, strict=True):
        if label == ignore_index:
            continue
        probs = np.exp(row - np.max(row))
        probs = probs / np.sum(probs)
        log_probs = np.log(probs)
        loss = -(1 - label_smoothing) * log_probs[label]
        if label_smoothing > 0:
            loss = loss - label_smoothing * np.mean(log_probs)
        losses.append(loss)
    return np.mean(np.array(losses, dtype=logits.dtype))


def cross_entropy_backward(dy, logits, target, ignore_index=-100, label_smoothing=0.0):
    num_classes = logits.shape[1]
    valid = [i for i in range(len(target)) if target[i] != ignore_index]
    grad = np.zeros_like(logits)
    for i in valid:
        e = np.exp(logits[i] - np.max(logits[i]))
        grad[i] = e / np.sum(e)
        grad[i] -= label_smoothing / num_classes
        grad[i, target[i]] -= 1 - label_smoothing
        grad[i] *= dy / len(valid)
    return grad
