"""Runs answers in a child process and holds them against torch. The only package that touches torch."""
