import torch


def cross_entropy(logits, target, ignore_index=-100, label_smoothing=0.0):
    c = logits.size(1)
    rows = [i for i in range(logits.size(0)) if int(target[i]) != ignore_index]
    total = 0
    for i in rows:
        lse = torch.logsumexp(logits[i], dim=0)
        for j in range(c):
            weight = 1 - label_smoothing if j == int(target[i]) else label_smoothing / c
            if weight:
                total = total + weight * (lse - logits[i, j])
    return total / len(rows)
