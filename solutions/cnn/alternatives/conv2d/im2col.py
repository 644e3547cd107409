"""im2col and one product; dx correlates the spread-out dy with the flipped kernel."""

import numpy as np


def conv2d(x, weight, bias, stride=1, padding=0):
    s, p = both(stride), both(padding)
    columns, (height, width) = im2col(pad(x, p, p), weight.shape[2:], s)
    y = columns @ weight.reshape(len(weight), -1).T + bias  # (N H' W', C_out)
    return y.reshape(len(x), height, width, -1).transpose(0, 3, 1, 2)


def conv2d_backward(dy, x, weight, stride=1, padding=0):
    s, p, kernel = both(stride), both(padding), weight.shape[2:]
    rows = dy.transpose(0, 2, 3, 1).reshape(-1, len(weight))  # (N H' W', C_out)
    columns, _ = im2col(pad(x, p, p), kernel, s)
    dweight = (rows.T @ columns).reshape(weight.shape)

    inner = [n + 2 * q - k + 1 for n, q, k in zip(x.shape[2:], p, kernel, strict=True)]
    spread = np.zeros((*dy.shape[:2], *inner), dy.dtype)  # dy as if the stride had been 1
    spread[:, :, :: s[0], :: s[1]] = dy
    around = [k - 1 for k in kernel]
    columns, (height, width) = im2col(pad(spread, around, around), kernel, (1, 1))
    flipped = weight[:, :, ::-1, ::-1].swapaxes(0, 1)  # (C_in, C_out, kH, kW)
    dpadded = (columns @ flipped.reshape(len(flipped), -1).T).reshape(len(x), height, width, -1)
    dx = dpadded[:, p[0] : height - p[0], p[1] : width - p[1]]
    return dx.transpose(0, 3, 1, 2), dweight, rows.sum(0)


def im2col(x, kernel, stride):
    """x (N, C, H, W) -> (N H' W', C kH kW), (H', W')"""
    (kh, kw), (sh, sw) = kernel, stride
    height, width = (x.shape[2] - kh) // sh + 1, (x.shape[3] - kw) // sw + 1
    taps = [
        x[:, :, u : u + sh * (height - 1) + 1 : sh, v : v + sw * (width - 1) + 1 : sw]
        for u in range(kh)
        for v in range(kw)
    ]
    columns = np.stack(taps, -1).transpose(0, 2, 3, 1, 4)  # (N, H', W', C, kH kW)
    return columns.reshape(len(x) * height * width, -1), (height, width)


def pad(x, before, after):
    sides = list(zip(before, after, strict=True))
    return np.pad(x, [(0, 0), (0, 0), *sides])


def both(size):
    return (size, size) if isinstance(size, int) else tuple(size)
