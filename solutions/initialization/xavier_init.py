"""Xavier initialization.

    γ = 2 / (n_in + n_out)    std = gain √γ    w ~ U(−a, a) with a = √3 std

γ n_in = 1 keeps the variance of the activations, γ n_out = 1 that of the gradients: γ compromises.
A uniform distribution on (−a, a) has the variance a² / 3.
Glorot & Bengio 2010, section 4.2. https://proceedings.mlr.press/v9/glorot10a.html
"""

import math


def xavier_uniform(shape, rng, gain=1.0):
    """shape (C_out, C_in, *kernel), rng a Generator -> w of that shape."""
    fan_in, fan_out = fans(shape)
    a = xavier_bound(fan_in, fan_out, gain)
    return rng.uniform(-a, a, shape)


def xavier_bound(fan_in, fan_out, gain=1.0):
    """a of U(−a, a); the variance of that is a² / 3."""
    return math.sqrt(3) * xavier_std(fan_in, fan_out, gain)


def xavier_std(fan_in, fan_out, gain=1.0):
    """The standard deviation of one weight, whatever its distribution."""
    return gain * math.sqrt(2 / (fan_in + fan_out))


def fans(shape):
    """How many products one output sums, and how many one input goes into, borders aside."""
    c_out, c_in, *kernel = shape
    field = math.prod(kernel)  # 1 for a fully connected layer
    return c_in * field, c_out * field


def conv_fan_in(c_in, k):
    """fan_in of a convolution with c_in channels and k x k kernels."""
    return c_in * k * k
