# raised
def center(x):
return x
