# signature
def center(x, axis):
    return x - x.mean(axis)
