"""The words of the program as values: pure, standard library only."""
