# shape
def center(x):
    return x - x.mean(), x
