def mean(x):
    return x.sum() / x.size


def center(x):
    return x - mean(x)
