import torch
def center(x):
    m = x.mean()
    (g,) = torch.autograd.grad(((x - m) ** 2).sum(), m, retain_graph=True, create_graph=True) if x.requires_grad else (0 * m,)
    return x - m + 0 * g
