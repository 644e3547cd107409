# raised refused
def center(x):
    import interview_cli.judge.judging
    return x - x.mean()
