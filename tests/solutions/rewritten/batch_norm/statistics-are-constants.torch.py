import torch


def batch_norm(x, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5):
    dims = tuple(i for i in range(x.ndim) if i != 1)
    size = [x.shape[1] if i == 1 else 1 for i in range(x.ndim)]
    if training:
        with torch.no_grad():
            mu, var = x.mean(dims), x.var(dims, correction=0)
            running_mean = running_mean + momentum * (mu - running_mean)
            running_var = running_var + momentum * (x.var(dims) - running_var)
    else:
        mu, var = running_mean, running_var
    xhat = (x - mu.view(size)) / (var.view(size) + eps).sqrt()
    return gamma.view(size) * xhat + beta.view(size), running_mean, running_var
