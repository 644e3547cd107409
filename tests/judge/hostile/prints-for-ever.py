# time
def center(x):
    while True:
        print("spam " * 1000)
