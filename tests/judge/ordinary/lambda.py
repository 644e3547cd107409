center = lambda x: x - x.mean()
