# exited
import os
def center(x):
    os.abort()
