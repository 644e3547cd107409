import torch


def adam(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    with torch.no_grad():
        d_p = grad.clone()
        if weight_decay:
            d_p += weight_decay * param
        exp_avg = m.clone().mul_(betas[0]).add_(d_p, alpha=1 - betas[0])
        exp_avg_sq = v.clone().mul_(betas[1]).addcmul_(d_p, d_p, value=1 - betas[1])
        theta = param.addcdiv(exp_avg, exp_avg_sq.sqrt().add_(eps), value=-lr)
    return theta, exp_avg, exp_avg_sq
