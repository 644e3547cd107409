import torch


def batch_norm(x, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    dims = [0, *list(range(2, x.ndim))]
    size = (1, x.shape[1]) + (1,) * (x.ndim - 2)
    if training:
        mu, sigma2 = x.mean(dims), x.var(dims)  # torch's default is unbiased
        running_mean = (1 - momentum) * running_mean + momentum * mu
        running_var = (1 - momentum) * running_var + momentum * sigma2
    else:
        mu, sigma2 = running_mean, running_var
    z = (x - mu.reshape(size)) / torch.sqrt(sigma2.reshape(size) + eps)
    return z * gamma.reshape(size) + beta.reshape(size), running_mean, running_var
