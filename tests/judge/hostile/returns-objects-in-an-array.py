# shape
import numpy as np
def center(x):
    return np.array([object()] * x.size, dtype=object)
