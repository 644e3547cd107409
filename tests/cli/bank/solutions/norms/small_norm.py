"""Normalise the columns.

x̂ = (x − μ) / √(σ² + ε), with one μ and one σ² for each column; ε avoids 0/0.
"""


def small_norm(x, eps=1e-5):
    """x (N, C) -> y (N, C)."""
    return (x - x.mean(axis=0)) / (x.var(axis=0) + eps) ** 0.5  # the biased variance


def values(n, h):
    """How many numbers share one mean."""
    return n * h * h
