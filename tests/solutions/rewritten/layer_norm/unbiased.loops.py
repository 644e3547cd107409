import numpy as np


def layer_norm(x, gamma, beta, eps=1e-5):
    w, b = gamma.flatten(), beta.flatten()
    rows = x.reshape(-1, w.size)
    out = np.zeros_like(rows)
    for r in range(rows.shape[0]):
        mu = rows[r].sum() / w.size
        with np.errstate(all="ignore"):
            s2 = np.sum((rows[r] - mu) ** 2) / (w.size - 1)
        for j in range(w.size):
            out[r, j] = w[j] * (rows[r, j] - mu) / np.sqrt(s2 + eps) + b[j]
    return out.reshape(x.shape)
