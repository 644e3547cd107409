# wrong
import numpy as np
def center(x):
    return np.random.default_rng().normal(size=x.shape)
