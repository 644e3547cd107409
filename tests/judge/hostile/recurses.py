# raised
def center(x):
    return center(x)
