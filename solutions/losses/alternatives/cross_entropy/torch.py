"""Two terms, log Σ exp(z) − z_t and its mean over all classes; autograd does the backward pass."""

import torch


def cross_entropy(logits, target, ignore_index=-100, label_smoothing=0.0):
    kept = target.ne(ignore_index)
    z, t = logits[kept], target[kept]
    log_sum = torch.logsumexp(z, dim=1)
    nll = log_sum - z.gather(1, t.unsqueeze(1)).squeeze(1)
    uniform = log_sum - z.mean(dim=1)
    return ((1 - label_smoothing) * nll + label_smoothing * uniform).mean()
