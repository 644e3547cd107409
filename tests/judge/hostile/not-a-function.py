# missing
center = 3
