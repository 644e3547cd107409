import torch


def cross_entropy(logits, target, ignore_index=-100, label_smoothing=0.0):
    k = logits.size(1)
    logp = logits - logits.logsumexp(1, keepdim=True)
    valid = (target != ignore_index).to(logits.dtype)
    safe = target.masked_fill(target == ignore_index, 0)
    soft = torch.full_like(logp, label_smoothing / k)
    soft.scatter_(1, safe[:, None], 1 - label_smoothing + label_smoothing / k)
    per_example = -(soft * logp).sum(1) * valid
    return per_example.mean()
