import torch


def bce_with_logits(logits, target, pos_weight=1.0):
    probs = torch.sigmoid(logits)
    loss = pos_weight * target * probs.log() + (1 - target) * (1 - probs).log()
    return loss.mean().neg()
