# wrong
import os
def center(x):
    return x * len(os.environ.get('HOME', ''))
