# exited
import ctypes
def center(x):
    ctypes.string_at(0)
