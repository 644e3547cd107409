# refused
import multiprocessing
def center(x):
    p = multiprocessing.Process(target=print)
    p.start()
    return x - x.mean()
