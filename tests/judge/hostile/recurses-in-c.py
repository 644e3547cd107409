# raised exited time memory
def center(x):
    import sys
    sys.setrecursionlimit(10**9)
    f = lambda: f()
    return f()
