# refused
import os
def center(x):
    if os.fork() == 0:
        os._exit(0)
    return x - x.mean()
