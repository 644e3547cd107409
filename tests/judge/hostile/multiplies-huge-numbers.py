# time exited
def center(x):
    return x - 9 ** 9 ** 9
