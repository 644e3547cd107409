"""Inverted dropout.

    m ~ Bernoulli(1 − p) for each element    y = m x / (1 − p)    dx = m dy / (1 − p)

E[y] = x, so that in evaluation nothing is left to do: y = x.
Srivastava et al. 2014, sections 4 and 10. https://jmlr.org/papers/v15/srivastava14a.html
"""

import math

import numpy as np


def dropout(x, p, rng, training=True):
    """x (*), p to be dropped, rng a Generator -> y (*), mask (*) of bool: True where x is kept."""
    if not training:
        return x, np.ones(x.shape, bool)
    mask = rng.random(x.shape) < 1 - p  # a draw for every element
    return x * mask * scale(p), mask


def dropout_backward(dy, mask, p, training=True):
    """dy (*), mask (*) of bool, as dropout returned it -> dx (*)."""
    return dy * mask * scale(p) if training else dy


def scale(p):
    """What is kept is multiplied with this: 1 / (1 − p), and 0 where all is dropped."""
    return 1 / (1 - p) if p < 1 else 0.0


def kept_value(x, p):
    """What becomes of x in training if it is not dropped."""
    return x * scale(p)


def variance_of_dropped(x, p):
    """The variance of y over the masks, for one value x: x² p / (1 − p)."""
    return x**2 * p * scale(p)


def kept_std(n, p):
    """The standard deviation of how many of n elements are kept, which is binomial."""
    return math.sqrt(n * p * (1 - p))
