# raised
class Evil(Exception):
    def __str__(self):
        raise SystemExit(0)
def center(x):
    raise Evil
