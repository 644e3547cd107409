# time
while True:
    pass
