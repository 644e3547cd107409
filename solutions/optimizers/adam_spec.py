"""Proof of adam: one step of torch.optim.Adam that starts from the given state."""

from functools import partial

import numpy as np

from interview_cli.spec import Case, Mistake, Spec


def reference(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    import torch

    theta = param.clone()  # torch updates it, m and v in place
    theta.grad = grad
    optimizer = torch.optim.Adam([theta], lr, betas, eps, weight_decay, foreach=False)
    optimizer.state[theta] = {
        "step": torch.tensor(t - 1.0),
        "exp_avg": m.clone(),
        "exp_avg_sq": v.clone(),
    }
    optimizer.step()
    state = optimizer.state[theta]
    return theta, state["exp_avg"], state["exp_avg_sq"]


def draw(rng, shape=(6,), scale=1.0, t=5, **options):
    return {
        "param": rng.normal(size=shape),
        "grad": rng.normal(0, scale, shape),
        "m": rng.normal(0, scale / 2, shape),
        "v": scale**2 * rng.uniform(0.5, 2, shape),
        "t": t,
        **options,
    }


def first(rng, **options):
    drawn = draw(rng, t=1, **options)
    return {**drawn, "m": np.zeros_like(drawn["m"]), "v": np.zeros_like(drawn["v"])}


def no_gradient(rng, **options):
    drawn = draw(rng, **options)
    return {**drawn, "grad": np.zeros_like(drawn["grad"])}


def against_m(rng, **options):
    """The gradient has turned round, but m, ten times as large, still points the old way."""
    drawn = draw(rng, **options)
    return {**drawn, "m": -10 * drawn["grad"]}


def bias_correction(beta, t):
    """torch's running mean of t gradients that are all 1."""
    import torch

    theta = torch.zeros(1, dtype=torch.float64)
    theta.grad = torch.ones(1, dtype=torch.float64)
    optimizer = torch.optim.Adam([theta], betas=(beta, 0.999), foreach=False)
    for _ in range(t):
        optimizer.step()
    return optimizer.state[theta]["exp_avg"].item()


def first_step_size(lr, grad, eps=1e-8):
    import torch

    theta = torch.zeros(1, dtype=torch.float64)
    theta.grad = torch.tensor([grad], dtype=torch.float64)
    torch.optim.Adam([theta], lr, eps=eps, foreach=False).step()
    return abs(theta.item())


SPEC = Spec(
    function="adam",
    outputs=("param", "m", "v"),
    reference=reference,
    oracle="one step of torch.optim.Adam",
    numbers={"bias_correction": bias_correction, "first_step_size": first_step_size},
    cases=(
        Case("first step", first),
        Case("later step", draw),
        Case("a matrix", partial(draw, shape=(2, 3))),
        Case("step 1000", partial(draw, t=1000)),
        Case("huge gradient", partial(draw, scale=1e6)),
        Case("tiny gradient", partial(first, scale=1e-10)),
        Case("zero gradient from the start", partial(first, scale=0.0)),
        Case("zero gradient, later", no_gradient),
        Case("gradient against m", against_m),
        Case("weight decay", partial(draw, weight_decay=0.1)),
        Case("lr, betas and eps given", partial(draw, lr=0.1, betas=(0.5, 0.9), eps=1e-3)),
    ),
    mistakes=(
        Mistake(
            "no-bias-correction",
            "return 1 - beta**t",
            "return 1.0",
            zh="漏掉了偏差修正：最初的步长不对；用默认的 betas，第一步约为 3.2 lr。",
            en="no bias correction: early steps are off; with default betas the first is 3.2 lr.",
            card="adam-bias-correction",
        ),
        Mistake(
            "same-correction-at-every-step",
            "return 1 - beta**t",
            "return 1 - beta",
            zh="每一步都除以 1 − β；修正项是 1 − βᵗ，只在 t = 1 时相同。",
            en="divided by 1 − β at every step; the correction is 1 − βᵗ, the same only at t = 1.",
            card="adam-bias-correction",
        ),
        Mistake(
            "steps-counted-from-zero",
            "return 1 - beta**t",
            "return 1 - beta ** (t - 1)",
            zh="t 从 0 数起：第一步除以了 1 − β⁰ = 0；t 应从 1 开始。",
            en="t counted from 0: the first step divides by 1 − β⁰ = 0; t begins at 1.",
            card="adam-bias-correction",
        ),
        Mistake(
            "corrected-moments-kept",
            "return param, m, v  #",
            "return param, m_hat, v_hat  #",
            zh="把修正后的 m̂、v̂ 存了回去；留给下一步的应是未修正的 m、v，否则会重复修正。",
            en="kept m̂ and v̂; the next step needs the uncorrected m and v, or corrects them twice.",
            card="adam-bias-correction",
        ),
        Mistake(
            "eps-inside-root",
            "(np.sqrt(v_hat) + eps)",
            "np.sqrt(v_hat + eps)",
            zh="ε 放进了根号：v̂ 很小时相当于 √ε = 1e-4；Adam 是 √v̂ + ε。",
            en="eps inside the root: for small v̂ it acts as √ε = 1e-4; Adam has √v̂ + ε.",
            card="adam-eps",
        ),
        Mistake(
            "no-eps",
            "(np.sqrt(v_hat) + eps)",
            "np.sqrt(v_hat)",
            zh="漏掉了 ε：梯度一直为 0 的参数得到 0/0 = NaN。",
            en="eps is missing: a parameter whose gradient has always been 0 becomes 0/0 = NaN.",
            card="adam-eps",
        ),
        Mistake(
            "no-root",
            "(np.sqrt(v_hat) + eps)",
            "(v_hat + eps)",
            zh="漏了开方：除以的是 √v̂，这样步长才与梯度的大小无关。",
            en="the root is missing: divide by √v̂, so that the scale of the gradient cancels.",
            card="adam-moments",
        ),
        Mistake(
            "gradients-summed",
            "m = beta1 * m + (1 - beta1) * grad",
            "m = beta1 * m + grad",
            zh="m 漏了系数 1 − β₁：那是 SGD 的动量；Adam 的 m 是加权平均。",
            en="m lacks the factor 1 − β₁: that is SGD's momentum; Adam's m is a weighted mean.",
            card="adam-moments",
        ),
        Mistake(
            "v-from-m",
            "(1 - beta2) * grad**2",
            "(1 - beta2) * m**2",
            zh="v 累积了 m²；它是梯度平方 g² 的滑动平均。",
            en="v accumulated m²; it is the running mean of the squared gradient g².",
            card="adam-moments",
        ),
        Mistake(
            "decoupled-decay",
            "grad = grad + weight_decay * param",
            "param = param - lr * weight_decay * param",
            zh="直接从参数里减了衰减，那是 AdamW；Adam 的 weight_decay 加在梯度上，经过 m 和 v。",
            en="took the decay straight from param, as AdamW does; Adam adds it to the gradient.",
            card="adam-weight-decay",
        ),
    ),
)
