import numpy as np


def conv2d(x, weight, bias, stride=1, padding=0):
    sh, sw = stride if isinstance(stride, tuple) else (stride, stride)
    ph, pw = padding if isinstance(padding, tuple) else (padding, padding)
    batch, cin, H, W = x.shape
    cout, _, kH, kW = weight.shape
    xp = np.zeros((batch, cin, H + 2 * ph, W + 2 * pw), dtype=x.dtype)
    xp[:, :, ph : ph + H, pw : pw + W] = x
    oH = (H - kH + 2 * ph) // sh
    oW = (W - kW + 2 * pw) // sw
    y = np.zeros((batch, cout, oH, oW), dtype=x.dtype)
    for n in range(batch):
        for f in range(cout):
            for i in range(oH):
                for j in range(oW):
                    window = xp[n, :, i * sh : i * sh + kH, j * sw : j * sw + kW]
                    y[n, f, i, j] = np.sum(window * weight[f]) + bias[f]
    return y
