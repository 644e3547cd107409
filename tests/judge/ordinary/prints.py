def center(x):
    print('shape', x.shape)
    return x - x.mean()
