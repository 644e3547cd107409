# accepted
def center(x):
    print("x" * (1 << 20))
    return x - x.mean()
