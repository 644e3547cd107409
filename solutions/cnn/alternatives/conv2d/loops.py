"""Output by output, with the gradients gathered in the same loops."""

import numpy as np


def conv2d(x, weight, bias, stride=1, padding=0):
    s_h, s_w = two(stride)
    kh, kw = weight.shape[2:]
    image = framed(x, *two(padding))
    height, width = (image.shape[2] - kh) // s_h + 1, (image.shape[3] - kw) // s_w + 1
    y = np.empty((len(x), len(weight), height, width), x.dtype)
    for i in range(height):
        for j in range(width):
            patch = image[:, :, i * s_h : i * s_h + kh, j * s_w : j * s_w + kw]
            for o, kernel in enumerate(weight):
                y[:, o, i, j] = (patch * kernel).sum((1, 2, 3)) + bias[o]
    return y


def conv2d_backward(dy, x, weight, stride=1, padding=0):
    (s_h, s_w), (p_h, p_w) = two(stride), two(padding)
    kh, kw = weight.shape[2:]
    image = framed(x, p_h, p_w)
    dimage, dweight, dbias = (
        np.zeros_like(image),
        np.zeros_like(weight),
        np.zeros_like(weight[:, 0, 0, 0]),
    )
    for i in range(dy.shape[2]):
        for j in range(dy.shape[3]):
            rows, columns = slice(i * s_h, i * s_h + kh), slice(j * s_w, j * s_w + kw)
            for o in range(len(weight)):
                g = dy[:, o, i, j]
                dimage[:, :, rows, columns] += g[:, None, None, None] * weight[o]
                dweight[o] += np.tensordot(g, image[:, :, rows, columns], 1)
                dbias[o] += g.sum()
    return dimage[:, :, p_h:, p_w:][:, :, : x.shape[2], : x.shape[3]], dweight, dbias


def framed(x, p_h, p_w):
    n, c, h, w = x.shape
    image = np.zeros((n, c, h + 2 * p_h, w + 2 * p_w), x.dtype)
    image[:, :, p_h : p_h + h, p_w : p_w + w] = x
    return image


def two(size):
    return (size, size) if np.ndim(size) == 0 else size
