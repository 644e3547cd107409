from functools import reduce
from operator import add
def center(x):
    return x - reduce(add, x) / x.size
