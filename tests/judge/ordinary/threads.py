from concurrent.futures import ThreadPoolExecutor
def center(x):
    with ThreadPoolExecutor(2) as pool:
        total, = pool.map(lambda part: part.sum(), [x])
    return x - total / x.size
