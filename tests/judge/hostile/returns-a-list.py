# shape
def center(x):
    return list(x - x.mean())
