"""Runs answers in a child process and holds them against torch, which nothing else touches."""
