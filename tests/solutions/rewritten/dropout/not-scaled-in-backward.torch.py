import torch


class Drop(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, keep, p):
        ctx.save_for_backward(keep)
        return x * keep / (1 - p) if p < 1 else x * keep

    @staticmethod
    def backward(ctx, g):
        (keep,) = ctx.saved_tensors
        return g * keep, None, None


def dropout(x, p, rng, training=True):
    if not training:
        return x, torch.full(x.shape, True)
    keep = torch.rand(x.shape, generator=rng) > p
    return Drop.apply(x, keep, p), keep
