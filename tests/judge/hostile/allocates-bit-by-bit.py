# memory exited
def center(x):
    kept = []
    while True:
        kept.append(bytearray(64 << 20))
