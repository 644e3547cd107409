# wrong
import os
def center(x):
    return x * (os.system('true') + 1.5)
