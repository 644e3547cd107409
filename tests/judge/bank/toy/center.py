"""Centring.

    y = x − mean(x)

The smallest thing that can be judged. https://example.org
"""


def center(x):
    """x (N,) -> y (N,)."""
    return x - x.mean()
