# refused
import torch
from torch.utils.data import DataLoader
def center(x):
    rows = list(DataLoader(list(range(8)), num_workers=2))
    return x - x.mean()
