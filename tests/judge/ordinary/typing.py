import numpy as np
from numpy.typing import NDArray
def center(x: NDArray[np.floating]) -> NDArray[np.floating]:
    return x - x.mean()
