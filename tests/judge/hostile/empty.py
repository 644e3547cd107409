# missing
