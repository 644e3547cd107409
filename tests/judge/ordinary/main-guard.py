def center(x):
    return x - x.mean()


if __name__ == '__main__':
    raise SystemExit('not run')
