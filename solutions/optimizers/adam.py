"""Adam, one step.

    m ← β₁ m + (1 − β₁) g    v ← β₂ v + (1 − β₂) g²
    m̂ = m / (1 − β₁ᵗ)    v̂ = v / (1 − β₂ᵗ)    θ ← θ − α m̂ / (√v̂ + ε)

m and v are running means of g and of g², element by element. Both start at 0 and so are too small
at first; m̂ and v̂ correct that. Where g hardly varies the step is about α, however large g is.
Kingma & Ba 2015, Algorithm 1; α is lr and θ is param. https://arxiv.org/abs/1412.6980
"""

import numpy as np


def adam(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    """param, grad, m, v (*), t = 1, 2, ... the number of this step -> param, m, v (*)."""
    beta1, beta2 = betas
    grad = grad + weight_decay * param  # L2: it goes through m and v, unlike AdamW's decay
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / bias_correction(beta1, t)
    v_hat = v / bias_correction(beta2, t)
    param = param - lr * m_hat / (np.sqrt(v_hat) + eps)
    return param, m, v  # m and v uncorrected, for the next step


def bias_correction(beta, t):
    """The weight of all t gradients in their running mean; the rest is that of the initial 0."""
    return 1 - beta**t


def first_step_size(lr, grad, eps=1e-8):
    """How far step 1 moves a parameter: m̂ = g and v̂ = g² there, so by lr, unless g is near ε."""
    return lr * abs(grad) / (abs(grad) + eps)
