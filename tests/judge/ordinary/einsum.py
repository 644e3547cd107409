import numpy as np
def center(x):
    return x - np.einsum('i->', x) / x.size
