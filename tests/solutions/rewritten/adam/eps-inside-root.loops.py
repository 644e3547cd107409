def adam(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    b1, b2 = betas
    w, m1, m2 = param.copy(), m.copy(), v.copy()
    flat_w, flat_1, flat_2 = w.reshape(-1), m1.reshape(-1), m2.reshape(-1)
    for k, g in enumerate(grad.reshape(-1)):
        g = g + weight_decay * flat_w[k]
        flat_1[k] = b1 * flat_1[k] + (1 - b1) * g
        flat_2[k] = b2 * flat_2[k] + (1 - b2) * g * g
        step = flat_1[k] / (1 - b1**t)
        flat_w[k] -= lr * step / (flat_2[k] / (1 - b2**t) + eps) ** 0.5
    return w, m1, m2
