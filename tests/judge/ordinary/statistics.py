from statistics import fmean
def center(x):
    return (x - fmean(x)).astype(x.dtype)
