import warnings
def center(x):
    warnings.warn('slow', stacklevel=2)
    return x - x.mean()
