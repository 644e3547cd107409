# signature
def center(values):
    return values - values.mean()
