import numpy as np
from numpy.lib.stride_tricks import as_strided


def conv2d(x, weight, bias, stride=1, padding=0):
    return np.einsum("nchwkl,fckl->nfhw", view(x, weight, stride, padding), weight) + bias.reshape(
        -1, 1, 1
    )


def view(x, weight, stride, padding):
    sh, sw = np.broadcast_to(stride, 2)
    ph, pw = np.broadcast_to(padding, 2)
    x = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    n, c, h, w = x.shape
    kh, kw = weight.shape[2:]
    a, b, d, e = x.strides
    shape = (n, c, (h - kh) // sh + 1, (w - kw) // sw + 1, kh, kw)
    return as_strided(x, shape, (a, b, d * sh, e * sw, d, e), writeable=False)


def conv2d_backward(dy, x, weight, stride=1, padding=0):
    sh, sw = np.broadcast_to(stride, 2)
    ph, pw = np.broadcast_to(padding, 2)
    dxp = np.pad(np.zeros_like(x), ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    for i in range(dy.shape[2]):
        for j in range(dy.shape[3]):
            back = np.einsum("nf,fckl->nckl", dy[:, :, i, j], weight)
            kh, kw = back.shape[2:]
            dxp[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw] += back
    dw = np.einsum("nfhw,nchwkl->fckl", dy, view(x, weight, stride, padding))
    return dxp[:, :, ph:-ph, pw:-pw], dw, np.sum(dy, axis=(0, 2, 3))
