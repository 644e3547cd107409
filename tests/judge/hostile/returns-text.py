# shape
def center(x):
    return 'x - mean'
