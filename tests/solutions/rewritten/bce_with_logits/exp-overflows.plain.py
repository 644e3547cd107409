import numpy as np


def bce_with_logits(logits, target, pos_weight=1.0):
    cost_of_yes = np.log(1 + np.exp(-logits))
    cost_of_no = np.log(1 + np.exp(logits))
    return np.mean(pos_weight * target * cost_of_yes + (1 - target) * cost_of_no)


def bce_with_logits_backward(dy, logits, target, pos_weight=1.0):
    e = np.exp(-np.abs(logits))
    sig = np.where(logits >= 0, 1 / (1 + e), e / (1 + e))
    grad = (1 - target) * sig - pos_weight * target * (1 - sig)
    return grad * dy / grad.size
