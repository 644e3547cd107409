# refused
import torch
@torch.compile
def inner(x):
    return x - x.mean()
def center(x):
    return inner(x)
