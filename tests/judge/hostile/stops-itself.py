# time exited
import os, signal
def center(x):
    os.kill(os.getpid(), signal.SIGSTOP)
    return x
