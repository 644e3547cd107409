# missing
# nothing yet
