# wrong
import numpy as np
def center(x):
    return np.ma.masked_array(np.zeros_like(x), mask=True)
