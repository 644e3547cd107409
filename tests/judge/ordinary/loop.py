import numpy as np
def center(x):
    total = 0
    for value in x:
        total += value
    return np.array([value - total / len(x) for value in x], dtype=x.dtype)
