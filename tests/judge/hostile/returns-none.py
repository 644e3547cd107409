# shape
def center(x):
    x - x.mean()
