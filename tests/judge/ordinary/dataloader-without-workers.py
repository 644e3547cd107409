import torch
from torch.utils.data import DataLoader
def center(x):
    list(DataLoader([1, 2, 3], batch_size=2))
    return x - x.mean()
