# shape
import numpy as np
def center(x):
    return (x - x.mean()).astype(np.float32)
