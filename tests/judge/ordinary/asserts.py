def center(x):
    assert x.ndim == 1, x.shape
    return x - x.mean()
