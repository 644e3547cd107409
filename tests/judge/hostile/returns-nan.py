# wrong
def center(x):
    return x * float('nan')
