import torch


def bce_with_logits(logits, target, pos_weight=1.0):
    log_p = torch.nn.functional.logsigmoid(logits)
    per_element = logits - logits * target - log_p  # log(1 − σ) = log σ − z
    return torch.mean(pos_weight * per_element)
