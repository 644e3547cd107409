"""When to ask what: pure functions of reviews and the moment they are given."""
