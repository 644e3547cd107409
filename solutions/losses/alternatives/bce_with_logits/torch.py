"""With torch's softplus, log(1 + exp(z)) = −log σ(−z); autograd does the backward pass."""

import torch.nn.functional as F


def bce_with_logits(logits, target, pos_weight=1.0):
    positive = pos_weight * target * F.softplus(-logits)
    negative = (1 - target) * F.softplus(logits)
    return (positive + negative).mean()
