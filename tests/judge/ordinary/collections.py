from collections import deque
def center(x):
    return x - sum(deque(x)) / x.size
