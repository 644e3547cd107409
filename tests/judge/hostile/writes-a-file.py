# refused
def center(x):
    open('note.txt', 'w').write('x')
    return x - x.mean()
