import torch


def bce_with_logits(logits, target, pos_weight=1.0):
    """As people do who write out what F.binary_cross_entropy does to probabilities."""
    p = torch.sigmoid(logits)
    yes = torch.clamp(torch.log(p), min=-100)
    no = torch.clamp(torch.log(1 - p), min=-100)
    return (-(target * pos_weight * yes) - (1 - target) * no).mean()
