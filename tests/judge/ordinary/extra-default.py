def center(x, ddof=0):
    return x - x.sum() / (x.size - ddof)
