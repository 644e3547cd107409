import numpy as np
def center(x):
    one = np.ones((x.size, 1), x.dtype)
    m, *_ = np.linalg.lstsq(one, x, rcond=None)
    return x - m.astype(x.dtype)
