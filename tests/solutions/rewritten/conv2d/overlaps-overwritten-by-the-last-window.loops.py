import numpy as np


def sizes(v):
    return v if isinstance(v, tuple) else (v, v)


def conv2d(x, weight, bias, stride=1, padding=0):
    (s1, s2), (p1, p2) = sizes(stride), sizes(padding)
    X = np.pad(x, ((0,), (0,), (p1,), (p2,)))
    K1, K2 = weight.shape[2], weight.shape[3]
    out_h, out_w = 1 + (X.shape[2] - K1) // s1, 1 + (X.shape[3] - K2) // s2
    out = np.zeros((x.shape[0], weight.shape[0], out_h, out_w), x.dtype)
    for r in range(out_h):
        for c in range(out_w):
            win = X[:, :, r * s1 : r * s1 + K1, c * s2 : c * s2 + K2]
            out[:, :, r, c] = np.tensordot(win, weight, axes=([1, 2, 3], [1, 2, 3])) + bias
    return out


def conv2d_backward(dy, x, weight, stride=1, padding=0):
    (s1, s2), (p1, p2) = sizes(stride), sizes(padding)
    X = np.pad(x, ((0,), (0,), (p1,), (p2,)))
    dX, dW = np.zeros_like(X), np.zeros_like(weight)
    K1, K2 = weight.shape[2], weight.shape[3]
    for r in range(dy.shape[2]):
        for c in range(dy.shape[3]):
            g = dy[:, :, r, c]
            win = X[:, :, r * s1 : r * s1 + K1, c * s2 : c * s2 + K2]
            dW += np.tensordot(g, win, axes=(0, 0))
            dX[:, :, r * s1 : r * s1 + K1, c * s2 : c * s2 + K2] = np.tensordot(g, weight, axes=1)
    dx = dX[:, :, p1 : dX.shape[2] - p1, p2 : dX.shape[3] - p2]
    return dx, dW, np.einsum("nfhw->f", dy)
