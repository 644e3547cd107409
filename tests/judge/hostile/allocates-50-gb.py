# memory
import numpy as np
def center(x):
    return x + np.ones(50 << 27).sum()
