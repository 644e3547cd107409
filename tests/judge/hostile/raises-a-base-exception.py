# raised
def center(x):
    raise KeyboardInterrupt
