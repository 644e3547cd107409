# shape
def center(x):
    yield x - x.mean()
