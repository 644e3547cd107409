import torch
def center(x):
    w = torch.zeros(1, requires_grad=True)
    torch.optim.SGD([w], lr=0.1).zero_grad()
    return x - x.mean()
