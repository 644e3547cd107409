"""Proof of adam: torch's functional Adam, one step that starts from the given state."""

from functools import partial

import numpy as np

from interview_cli.spec import Call, Case, Convention, Hint, Mistake, Spec


def reference(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    import torch
    from torch.optim.adam import adam

    param, m, v = param.clone(), m.clone(), v.clone()  # torch updates them in place
    step = torch.tensor(t - 1.0)
    adam(
        [param], [grad], [m], [v], [], [step], foreach=False, amsgrad=False, maximize=False,
        beta1=betas[0], beta2=betas[1], lr=lr, weight_decay=weight_decay, eps=eps,
    )  # fmt: skip
    return param, m, v


def draw(rng, shape=(6,), scale=1.0, loc=0.0, t=5, **options):
    return {
        "param": rng.normal(loc, 1, shape),
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


def run(rng, factors=(1, 1, 1), shape=(4,), scale=1.0, lrs=None, **options):
    """Steps from zero state. The gradients are much the same, but for these factors."""
    lrs = lrs or [1e-2] * len(factors)
    calls = [Call({**first(rng, shape=shape, scale=scale, **options), "lr": lrs[0]})]
    g = calls[0].arguments["grad"]
    for t, (factor, lr) in enumerate(zip(factors[1:], lrs[1:], strict=True), start=2):
        grad = factor * g * (1 + 0.2 * rng.normal(size=shape))
        calls.append(Call({"grad": grad, "t": t, "lr": lr, **options}))
    return calls


def two_parameters(rng):
    """Two of different shapes in turn; each has its own m and v, and its own t."""
    shapes = (3,), (2, 4)
    return [
        *(Call(first(rng, shape=shape)) for shape in shapes),
        *(Call(draw(rng, shape=shape, t=2)) for shape in shapes),
    ]


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
    minutes=10,
    oracle="torch.optim.adam.adam, one step",
    numbers={"bias_correction": bias_correction, "first_step_size": first_step_size},
    forbidden=("torch.optim.*", "*_fused_adam*"),
    cases=(
        Case("plain", draw),
        Case("first step", first),
        Case("second step", partial(draw, t=2)),
        Case("step 1000", partial(draw, t=1000)),
        Case("a matrix", partial(draw, shape=(2, 3))),
        Case("one number", partial(draw, shape=(1,))),
        Case("gradient against m", against_m),
        Case("zero gradient, later", no_gradient),
        Case("lr given", partial(draw, lr=0.1), stage="options"),
        Case("betas given", partial(draw, betas=(0.5, 0.9)), stage="options"),
        Case("no momentum", partial(draw, betas=(0.0, 0.99)), stage="options"),
        Case("eps given", partial(draw, lr=0.1, eps=1e-2), stage="options"),
        Case("eps given, first step", partial(first, lr=0.1, eps=1e-2), stage="options"),
        Case("weight decay", partial(draw, lr=0.1, weight_decay=0.1), stage="options"),
        Case("weight decay, first step", partial(first, weight_decay=0.1), stage="options"),
        Case(
            "weight decay without gradient",
            partial(no_gradient, lr=0.1, weight_decay=0.3),
            stage="options",
        ),
        Case(
            "all given",
            partial(draw, shape=(3, 2), lr=0.2, betas=(0.7, 0.95), eps=1e-3, weight_decay=0.05),
            stage="options",
        ),
        Case("three steps", run, stage="steps"),
        Case(
            "signs and scale change",
            partial(
                run,
                factors=(1, -1, 100, -0.01, 1),
                shape=(2, 3),
                scale=0.02,
                eps=1e-3,
                weight_decay=0.1,
            ),
            stage="steps",
        ),
        Case(
            "lr and betas given",
            partial(run, factors=(1, -2, 3, 4), lrs=[0.1, 0.1, 0.01, 0.5], betas=(0.8, 0.9)),
            stage="steps",
        ),
        Case("two parameters in turn", two_parameters, stage="steps"),
        Case("huge gradient", partial(draw, scale=1e6), stage="stability"),
        Case("tiny gradient", partial(draw, scale=1e-7), stage="stability"),
        Case("gradient below eps", partial(first, scale=1e-10), stage="stability"),
        Case("zero gradient from the start", partial(first, scale=0.0), stage="stability"),
        Case("huge parameters", partial(draw, loc=1e4, lr=0.1), stage="stability"),
        Case("step 1000000", partial(draw, t=10**6), stage="stability"),
    ),
    hints=(
        Hint(
            "两个滑动平均：m 是梯度的，v 是梯度平方的；新值的权重是 1 − β。",
            "Two running means: m of the gradient, v of its square; the new value weighs 1 − β.",
        ),
        Hint(
            "它们从 0 开始，所以偏小：各自除以 1 − βᵗ，但存下来的是未修正的 m、v。",
            "Both start at 0 and are too small: divide by 1 − βᵗ, but keep m and v uncorrected.",
        ),
        Hint(
            "θ ← θ − lr · m̂ / (√v̂ + ε)：ε 在根号外面，偏差修正之后。",
            "θ ← θ − lr · m̂ / (√v̂ + ε): ε outside the root, after the bias correction.",
        ),
        Hint(
            "weight_decay 是 L2：最先做 g ← g + λθ，之后它随 g 进入 m 和 v。",
            "weight_decay is L2: first of all g ← g + λθ, so that it enters m and v with g.",
        ),
    ),
    conventions=(
        Convention(
            "eps-hat",
            "np.sqrt(v_hat) + eps",
            "np.sqrt(v_hat) + eps / bias_correction(beta2, t) ** 0.5",
            zh="ε 加在偏差修正之前（论文里的 ε̂），如 Keras、scikit-learn；torch 加在修正之后。",
            en="eps before the bias correction, the paper's ε̂, as in Keras; torch adds it after.",
            card="adam-eps-hat",
        ),
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
            "m-not-corrected",
            "m_hat = m / bias_correction(beta1, t)",
            "m_hat = m",
            zh="只修正了 v，没有修正 m；两者都从 0 开始，都要除以 1 − βᵗ。",
            en="corrected v but not m; both start at 0, and both are divided by 1 − βᵗ.",
            card="adam-bias-correction",
        ),
        Mistake(
            "v-not-corrected",
            "v_hat = v / bias_correction(beta2, t)",
            "v_hat = v",
            zh="只修正了 m，没有修正 v；两者都从 0 开始，都要除以 1 − βᵗ。",
            en="corrected m but not v; both start at 0, and both are divided by 1 − βᵗ.",
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
            "power-of-one-minus-beta",
            "return 1 - beta**t",
            "return 1 - (1 - beta) ** t",
            zh="修正项写成了 1 − (1 − β)ᵗ；随步数衰减的是 β，所以是 1 − βᵗ。",
            en="corrected by 1 − (1 − β)ᵗ; it is β that is raised to the step: 1 − βᵗ.",
            card="adam-bias-derivation",
        ),
        Mistake(
            "steps-counted-from-zero",
            "return 1 - beta**t",
            "return 1 - beta ** (t - 1)",
            zh="用了 t − 1：第一步除以了 1 − β⁰ = 0；t 从 1 数起，直接用 1 − βᵗ。",
            en="took t − 1: the first step divides by 1 − β⁰ = 0; t begins at 1, so it is 1 − βᵗ.",
            card="adam-bias-correction",
        ),
        Mistake(
            "one-step-ahead",
            "return 1 - beta**t",
            "return 1 - beta ** (t + 1)",
            zh="用了 t + 1；t 已经从 1 数起，修正项就是 1 − βᵗ。",
            en="took t + 1; t is counted from 1 already, and the correction is 1 − βᵗ.",
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
            "square-root-missing-in-the-step-size",
            "lr * m_hat / (np.sqrt(v_hat) + eps)",
            "lr * bias_correction(beta2, t) * m_hat / (np.sqrt(v) + eps)",
            zh="合成一个步长时漏了开方：应是 lr · √(1 − β₂ᵗ) / (1 − β₁ᵗ)。",
            en="a root is missing in the combined step size: lr · √(1 − β₂ᵗ) / (1 − β₁ᵗ).",
            card="adam-eps-hat",
        ),
        Mistake(
            "root-before-correction",
            "(np.sqrt(v_hat) + eps)",
            "(np.sqrt(v) / bias_correction(beta2, t) + eps)",
            zh="先开方再除以 1 − β₂ᵗ；修正的是 v，之后才开方。",
            en="took the root first and corrected that; v is divided by 1 − β₂ᵗ, then rooted.",
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
            "betas-swapped",
            "beta1, beta2 = betas",
            "beta2, beta1 = betas",
            zh="两个 β 用反了：β₁ = 0.9 属于 m，β₂ = 0.999 属于 v。",
            en="the betas are swapped: β₁ = 0.9 belongs to m and β₂ = 0.999 to v.",
            card="adam-moments",
        ),
        Mistake(
            "gradients-summed",
            "beta1 * m + (1 - beta1) * grad",
            "beta1 * m + grad",
            zh="m 漏了系数 1 − β₁：那是 SGD 的动量；Adam 的 m 是加权平均。",
            en="m lacks the factor 1 − β₁: that is SGD's momentum; Adam's m is a weighted mean.",
            card="adam-moments",
        ),
        Mistake(
            "squares-summed",
            "(1 - beta2) * grad**2",
            "grad**2",
            zh="v 漏了系数 1 − β₂；它是梯度平方的加权平均，不是加权和。",
            en="v lacks the factor 1 − β₂; it is a weighted mean of the squares, not a sum.",
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
            "step-before-the-moments",
            "    m = beta1 * m",
            "    m_old, v_old = m, v\n    m = beta1 * m",
            zh="用更新之前的 m、v 走了这一步；先把梯度算进 m 和 v，再更新参数。",
            en="stepped with the old m and v; the gradient enters them first, then θ moves.",
            card="adam-moments",
            also=(
                ("m_hat = m /", "m_hat = m_old /"),
                ("v_hat = v /", "v_hat = v_old /"),
            ),
        ),
        Mistake(
            "old-moments-returned",
            "return param, m, v  #",
            "return param, m_old, v_old  #",
            zh="返回的是旧的 m、v；下一步要从这一步更新过的接着算。",
            en="returned the old m and v; the next step goes on from those of this step.",
            card="adam-moments",
            also=(("    m = beta1 * m", "    m_old, v_old = m, v\n    m = beta1 * m"),),
        ),
        Mistake(
            "gradient-ascent",
            "param - lr * m_hat",
            "param + lr * m_hat",
            zh="符号反了：参数要沿梯度的反方向走。",
            en="the sign is wrong: a parameter moves against its gradient.",
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
        Mistake(
            "decay-ignored",
            "grad = grad + weight_decay * param",
            "grad = grad + 0",
            zh="没有用 weight_decay；它乘以参数，加在梯度上。",
            en="weight_decay was not used; times the parameter it is added to the gradient.",
            card="adam-weight-decay",
        ),
        Mistake(
            "decay-times-lr",
            "grad = grad + weight_decay * param",
            "grad = grad + lr * weight_decay * param",
            zh="加到梯度上的衰减多乘了 lr；L2 的梯度是 λθ，lr 在更新时才乘。",
            en="the decay in the gradient was multiplied by lr; L2 adds λθ, and lr comes later.",
            card="adam-weight-decay",
        ),
        Mistake(
            "decay-subtracted",
            "grad = grad + weight_decay * param",
            "grad = grad - weight_decay * param",
            zh="衰减的符号反了：梯度要加上 λθ，参数才会缩小。",
            en="the decay has the wrong sign: λθ is added to the gradient, so that θ shrinks.",
            card="adam-weight-decay",
        ),
    ),
)
