from fractions import Fraction
def center(x):
    m = sum(map(Fraction, x.tolist())) / len(x)
    return (x - float(m)).astype(x.dtype)
