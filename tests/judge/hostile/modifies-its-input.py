# modified
def center(x):
    x -= x.mean()
    return x
