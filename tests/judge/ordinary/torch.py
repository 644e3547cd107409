import torch
def center(x):
    return x - x.mean()
