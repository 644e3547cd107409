import torch


def bce_with_logits(logits, target, pos_weight=1.0):
    w = torch.where(target > 0, target * pos_weight, torch.zeros_like(target)) + 1 - target
    zero = torch.zeros_like(logits)
    soft = torch.logaddexp(zero, logits)
    values = w * soft - pos_weight * target * logits
    return values.sum() / w.sum()
