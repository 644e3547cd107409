# shape memory
import numpy as np
def center(x):
    return np.zeros((1 << 26,))
