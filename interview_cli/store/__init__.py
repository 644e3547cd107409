"""What is kept: the review log, which is the truth, and an index that can always be made again."""
