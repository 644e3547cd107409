import torch


def cross_entropy(logits, target, ignore_index=-100, label_smoothing=0.0):
    probs = torch.softmax(logits, dim=-1)
    logp = probs - torch.logsumexp(probs, dim=-1, keepdim=True)
    keep = target != ignore_index
    picked = logp[keep][torch.arange(int(keep.sum())), target[keep]]
    smooth = logp[keep].mean(dim=-1)
    return -((1 - label_smoothing) * picked + label_smoothing * smooth).mean()
