# shape
def center(x):
    return (x - x.mean()) + 0j
