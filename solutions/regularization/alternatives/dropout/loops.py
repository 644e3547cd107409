"""Element by element, as a coin is thrown: the dropped are the list, and the rest is kept."""

import numpy as np


def dropout(x, p, rng, training=True):
    y, mask = np.array(x), np.full(x.shape, True)
    if training:
        for place in np.ndindex(x.shape):
            if rng.uniform() < p:
                mask[place] = False
                y[place] = 0
            else:
                y[place] /= 1 - p
    return y, mask


def dropout_backward(dy, mask, p, training=True):
    dx = dy.copy()
    dx[~mask] = 0
    if training and p < 1:
        dx /= 1 - p
    return dx
