import numpy as np


def conv2d(x, weight, bias, stride=1, padding=0):
    if isinstance(stride, int):
        stride = (stride, stride)
    if isinstance(padding, int):
        padding = (padding, padding)
    (sh, sw), (ph, pw) = stride, padding
    n, c, h, w = x.shape
    f, _, kh, kw = weight.shape
    oh, ow = (h + 2 * ph - kh) // sh + 1, (w + 2 * pw - kw) // sw + 1
    img = np.pad(x, [(0, 0), (0, 0), (ph, ph), (pw, pw)])
    col = np.zeros((n, c, kh, kw, oh, ow), dtype=x.dtype)
    for a in range(kh):
        for b in range(kw):
            col[:, :, a, b] = img[:, :, a : a + sh * oh : sh, b : b + sw * ow : sw]
    col = col.transpose(0, 4, 5, 1, 2, 3).reshape(n * oh * ow, -1)
    out = col.dot(weight.reshape(f, -1).T) + bias
    return out.reshape(n, f, oh, ow)
