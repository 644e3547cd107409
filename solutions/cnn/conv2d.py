"""Two-dimensional convolution.

    y[n, o, i, j] = b[o] + Σ_{c,u,v} w[o, c, u, v] x[n, c, i s_h + u, j s_w + v]

x is padded with zeros first. Each output is a patch of x times a kernel, summed over the channel
and the kernel's rows and columns; every patch meets the same kernels. The kernel is not flipped:
what deep learning calls a convolution is a cross-correlation.
Dumoulin & Visin 2016. https://arxiv.org/abs/1603.07285
"""

import numpy as np


def conv2d(x, weight, bias, stride=1, padding=0):
    """x (N, C_in, H, W), weight (C_out, C_in, kH, kW), bias (C_out,) -> y (N, C_out, H', W')."""
    patches = patches_of(x, weight, stride, padding)
    return np.einsum("ncijuv,ocuv->noij", patches, weight) + bias[:, None, None]


def conv2d_backward(dy, x, weight, stride=1, padding=0):
    """dy (N, C_out, H', W'), the rest as in conv2d -> dx, dweight, dbias, shaped as in conv2d.

    The same sum with another factor left out. What a patch took from x goes back to where it was
    taken; where patches overlap, it adds up.
    """
    patches = patches_of(x, weight, stride, padding)
    dweight = np.einsum("noij,ncijuv->ocuv", dy, patches)
    dbias = dy.sum((0, 2, 3))

    dpatches = np.einsum("noij,ocuv->ncijuv", dy, weight)
    dpadded = np.zeros_like(padded(x, padding))
    (height, width), (s_h, s_w) = dy.shape[2:], pair(stride)
    for u in range(weight.shape[2]):
        for v in range(weight.shape[3]):
            rows, columns = slice(u, u + s_h * height, s_h), slice(v, v + s_w * width, s_w)
            dpadded[:, :, rows, columns] += dpatches[..., u, v]
    (p_h, p_w), (h, w) = pair(padding), x.shape[2:]
    return dpadded[:, :, p_h : p_h + h, p_w : p_w + w], dweight, dbias


def patches_of(x, weight, stride, padding):
    """x (N, C_in, H, W), weight (C_out, C_in, kH, kW) -> (N, C_in, H', W', kH, kW), a view."""
    s_h, s_w = pair(stride)
    windows = np.lib.stride_tricks.sliding_window_view
    return windows(padded(x, padding), weight.shape[2:], axis=(2, 3))[:, :, ::s_h, ::s_w]


def padded(x, padding):
    """x (N, C, H, W) -> (N, C, H + 2 p_h, W + 2 p_w), with zeros on all four sides."""
    p_h, p_w = pair(padding)
    return np.pad(x, ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w)))


def pair(size):
    """One number for both sides, or one for the height and one for the width -> both."""
    return (size, size) if isinstance(size, int) else size


def output_size(n, k, stride=1, padding=0, dilation=1):
    """The side of y, from the side n of x: how often a kernel that spans d (k − 1) + 1 fits in."""
    return (n + 2 * padding - dilation * (k - 1) - 1) // stride + 1


def parameters(c_in, c_out, k):
    """How many numbers a k x k convolution learns: its kernels, and one bias per output channel."""
    return c_out * c_in * k * k + c_out


def multiplications(c_in, c_out, k, h, w):
    """How many products one image costs whose output is h x w."""
    return c_out * h * w * c_in * k * k


def receptive_field(k, layers, stride=1):
    """The side of what one output sees, through `layers` convolutions k x k of that stride."""
    return 1 + sum((k - 1) * stride**i for i in range(layers))
