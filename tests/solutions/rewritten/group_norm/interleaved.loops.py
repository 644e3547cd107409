import numpy as np


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    out = x.copy()
    affine = (-1,) + (1,) * (x.ndim - 2)
    for g in range(num_groups):
        for n in range(x.shape[0]):
            members = x[n, g::num_groups]
            standard = (members - members.mean()) / np.sqrt(members.var() + eps)
            w, b = gamma[g::num_groups], beta[g::num_groups]
            out[n, g::num_groups] = standard * w.reshape(affine) + b.reshape(affine)
    return out
