# refused
import tempfile
def center(x):
    tempfile.TemporaryFile().write(b'x')
    return x - x.mean()
