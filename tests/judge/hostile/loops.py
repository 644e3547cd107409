# time
def center(x):
    while True:
        pass
