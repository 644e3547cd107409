"""The only package that prints and reads keys, the clock and the environment."""
