import numpy as np


def adam(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    fast, slow = betas[1], betas[0]
    grad = grad + weight_decay * param
    moment = np.stack([m * fast, v * slow]) + np.stack([grad * (1 - fast), grad**2 * (1 - slow)])
    m_t, v_t = moment
    denominator = np.sqrt(v_t) / np.sqrt(1 - slow**t).item() + eps
    return param - (lr / (1 - fast**t)) * m_t / denominator, m_t, v_t
