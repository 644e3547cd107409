import math
def center(x):
    return x - x.dtype.type(math.fsum(x) / len(x))
