"""YAML decks in, typed cards out; every mistake with file, line and column."""
