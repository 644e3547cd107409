import torch


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    h = x.unflatten(1, (num_groups, -1)).flatten(2)
    var, mean = torch.var_mean(h, -1, correction=0, keepdim=True)
    h = ((h - mean) * (var + eps).rsqrt()).reshape(x.shape)
    broad = (slice(None),) + (None,) * (x.dim() - 2)
    return h + gamma[broad] * h + beta[broad]
