import torch
def center(x):
    return x - torch.einsum('i->', x) / len(x)
