# shape
import numpy as np
def center(x):
    return np.lib.stride_tricks.as_strided(np.zeros(1), (1 << 40,), (0,))
