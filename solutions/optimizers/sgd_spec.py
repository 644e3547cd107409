"""Proof of sgd: torch's functional SGD, one step that starts from the given buffer."""

from functools import partial

import numpy as np

from interview_cli.spec import Call, Case, Convention, Hint, Mistake, Spec


def reference(
    param, grad, buf, t, lr=1e-3, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False
):
    from torch.optim.sgd import sgd

    param = param.clone()  # torch updates it and the buffer in place
    buffers = [None if t == 1 else buf.clone()]  # torch makes it in its first step
    sgd(
        [param], [grad], buffers, foreach=False, maximize=False, lr=lr, momentum=momentum,
        dampening=dampening, weight_decay=weight_decay, nesterov=nesterov,
    )  # fmt: skip
    return param, buf if momentum == 0 else buffers[0]


def draw(rng, shape=(6,), scale=1.0, loc=0.0, t=5, **options):
    return {
        "param": rng.normal(loc, 1, shape),
        "grad": rng.normal(0, scale, shape),
        "buf": np.zeros(shape) if t == 1 else rng.normal(0, 3 * scale, shape),
        "t": t,
        **options,
    }


def no_gradient(rng, **options):
    drawn = draw(rng, **options)
    return {**drawn, "grad": np.zeros_like(drawn["grad"])}


def run(rng, factors=(1, 1, 1), shape=(4,), lrs=None, **options):
    """Steps from an empty buffer. The gradients are much the same, but for these factors."""
    lrs = lrs or [0.1] * len(factors)
    calls = [Call({**draw(rng, shape=shape, t=1, **options), "lr": lrs[0]})]
    g = calls[0].arguments["grad"]
    for t, (factor, lr) in enumerate(zip(factors[1:], lrs[1:], strict=True), start=2):
        grad = factor * g * (1 + 0.2 * rng.normal(size=shape))
        calls.append(Call({"grad": grad, "t": t, "lr": lr, **options}))
    return calls


def two_parameters(rng):
    """Two of different shapes in turn; each has its own buffer, and its own t."""
    shapes = (3,), (2, 4)
    options = {"lr": 0.1, "momentum": 0.9, "dampening": 0.5}
    return [Call(draw(rng, shape=shape, t=t, **options)) for t in (1, 2) for shape in shapes]


def buffer_after(steps, momentum):
    """torch's buffer after gradients that are all 1."""
    import torch

    theta = torch.zeros(1, dtype=torch.float64)
    theta.grad = torch.ones(1, dtype=torch.float64)
    optimizer = torch.optim.SGD([theta], momentum=momentum, foreach=False)
    for _ in range(steps):
        optimizer.step()
    return optimizer.state[theta]["momentum_buffer"].item()


# Not asked: what torch refuses (Nesterov without momentum or with dampening), and what it ignores
# (dampening without momentum), where the formula says something else.
SPEC = Spec(
    function="sgd",
    outputs=("param", "buf"),
    reference=reference,
    minutes=8,
    oracle="torch.optim.sgd.sgd, one step",
    numbers={"buffer_after": buffer_after},
    forbidden=("torch.optim.*", "*_fused_sgd*"),
    cases=(
        Case("plain", partial(draw, lr=0.1, momentum=0.9)),
        Case("first step", partial(draw, lr=0.1, momentum=0.9, t=1)),
        Case("second step", partial(draw, lr=0.1, momentum=0.9, t=2)),
        Case("a matrix", partial(draw, shape=(2, 3), lr=0.1, momentum=0.9)),
        Case("one number", partial(draw, shape=(1,), lr=0.1, momentum=0.5)),
        Case("zero gradient", partial(no_gradient, lr=0.1, momentum=0.9)),
        Case("dampening", partial(draw, lr=0.1, momentum=0.8, dampening=0.3), stage="options"),
        Case(
            "dampening, first step",
            partial(draw, lr=0.1, momentum=0.8, dampening=0.3, t=1),
            stage="options",
        ),
        Case(
            "weight decay and momentum",
            partial(draw, lr=0.1, momentum=0.9, weight_decay=0.1),
            stage="options",
        ),
        Case(
            "weight decay and momentum, first step",
            partial(draw, lr=0.1, momentum=0.9, weight_decay=0.1, t=1),
            stage="options",
        ),
        Case(
            "weight decay without gradient",
            partial(no_gradient, lr=0.1, momentum=0.7, weight_decay=0.3),
            stage="options",
        ),
        Case("nesterov", partial(draw, lr=0.1, momentum=0.9, nesterov=True), stage="options"),
        Case(
            "nesterov, first step",
            partial(draw, shape=(3, 2), lr=0.1, momentum=0.9, nesterov=True, t=1),
            stage="options",
        ),
        Case(
            "nesterov and weight decay",
            partial(draw, lr=0.2, momentum=0.6, weight_decay=0.1, nesterov=True),
            stage="options",
        ),
        Case(
            "all but nesterov",
            partial(draw, shape=(3, 2), lr=0.2, momentum=0.6, dampening=0.4, weight_decay=0.1),
            stage="options",
        ),
        Case("no momentum", draw, stage="options"),
        Case("no momentum, first step", partial(draw, lr=0.1, t=1), stage="options"),
        Case("weight decay alone", partial(draw, lr=0.1, weight_decay=0.1), stage="options"),
        Case("three steps", partial(run, momentum=0.9), stage="steps"),
        Case(
            "signs and scale change",
            partial(run, factors=(1, -1, 100, -0.01, 1), shape=(2, 3), momentum=0.8),
            stage="steps",
        ),
        Case(
            "lr changes",
            partial(run, factors=(1, 1, -2, 1), lrs=[0.1, 0.1, 0.01, 0.5], momentum=0.9),
            stage="steps",
        ),
        Case(
            "nesterov, lr changes",
            partial(
                run,
                factors=(1, 3, -1, 1),
                lrs=[0.1, 0.2, 0.02, 0.1],
                momentum=0.7,
                weight_decay=0.1,
                nesterov=True,
            ),
            stage="steps",
        ),
        Case(
            "dampening and weight decay",
            partial(run, momentum=0.8, dampening=0.3, weight_decay=0.1),
            stage="steps",
        ),
        Case("two parameters in turn", two_parameters, stage="steps"),
        Case("huge gradient", partial(draw, momentum=0.9, scale=1e6), stage="stability"),
        Case("tiny gradient", partial(draw, lr=10.0, momentum=0.9, scale=1e-6), stage="stability"),
        Case("huge parameters", partial(draw, lr=0.1, momentum=0.9, loc=1e4), stage="stability"),
        Case("step 1000000", partial(draw, lr=0.1, momentum=0.9, t=10**6), stage="stability"),
    ),
    hints=(
        Hint(
            "有动量时：buf ← μ · buf + g，旧的逐渐衰减；然后 θ ← θ − lr · buf。",
            "With momentum: buf ← μ · buf + g, the old one fading, and then θ ← θ − lr · buf.",
        ),
        Hint(
            "weight_decay 是 L2：最先做 g ← g + λθ，有没有动量都一样。",
            "weight_decay is L2: first of all g ← g + λθ, with momentum or without.",
        ),
        Hint(
            "dampening 给新梯度乘以 1 − τ，但第一步（t = 1）buf 就是梯度本身。",
            "dampening scales the new gradient by 1 − τ; but in step 1 buf is the gradient itself.",
        ),
        Hint(
            "Nesterov：先更新 buf，再用 g + μ · buf 走一步；存下来的仍是 buf。",
            "Nesterov: update buf, then step along g + μ · buf; what is kept is still buf.",
        ),
        Hint(
            "momentum = 0 时没有 buffer：θ ← θ − lr · g，buf 原样返回。",
            "With momentum = 0 there is no buffer: θ ← θ − lr · g, and buf comes back as it was.",
        ),
    ),
    conventions=(
        Convention(
            "velocity-with-lr",
            "grad + weight_decay * param",
            "lr * (grad + weight_decay * param)",
            zh="buf 里含 lr：v = μ v + lr · g，θ − v，如 Caffe；lr 一变就和 torch 不同。",
            en="buf contains lr, v = μ v + lr · g and θ − v, as in Caffe; torch's does not.",
            card="sgd-velocity-lr",
            also=(("lr * update", "update"),),
        ),
        Convention(
            "velocity-is-the-step",
            "grad + weight_decay * param",
            "-lr * (grad + weight_decay * param)",
            zh="buf 就是这一步：v = μ v − lr · g，θ + v，如 Keras；torch 的 buf 只累加梯度。",
            en="buf is the step, v = μ v − lr · g and θ + v, as in Keras; torch adds up gradients.",
            card="sgd-velocity-lr",
            also=(("lr * update", "-update"),),
        ),
        Convention(
            "velocity-points-downhill",
            "grad + weight_decay * param",
            "-(grad + weight_decay * param)",
            zh="buf 指向下坡：v = μ v − g，θ + lr · v；torch 的 buf 累加的是梯度。",
            en="buf points downhill, v = μ v − g and θ + lr · v; torch adds up gradients.",
            card="sgd-velocity-lr",
            also=(("lr * update", "lr * -update"),),
        ),
        Convention(
            "buffer-without-momentum",
            "if momentum != 0:",
            "if True:",
            zh="momentum = 0 时也更新 buf，得到的就是梯度；torch 此时没有 buffer，原样返回。",
            en="buf takes the gradient also at momentum 0; torch has no buffer then.",
            card="sgd-no-buffer",
            also=(("buf = g if", "buf = +g if"),),
        ),
        Convention(
            "dampening-on-the-first-step",
            "buf = g if t == 1 else momentum",
            "buf = momentum",
            zh="第一步也乘了 1 − dampening，如 MLX；torch 第一步的 buf 就是梯度。",
            en="dampened the first step too, as MLX does; torch's buffer starts as the gradient.",
            card="sgd-dampening",
        ),
        # The two before it, so often together that a mistake should be named beside both.
        Convention(
            "formula-without-exceptions",
            "if momentum != 0:",
            "if 1:",
            zh="公式用在每个 t 和 μ 上；torch 第一步不乘 1 − dampening，μ = 0 时没有 buffer。",
            en="the formula at every t and μ; torch starts undampened, and at μ = 0 has no buffer.",
            card="sgd-dampening",
            also=(("buf = g if t == 1 else momentum", "buf = momentum"),),
        ),
    ),
    mistakes=(
        Mistake(
            "gradients-averaged",
            "g if t == 1 else momentum * buf + (1 - dampening) * g",
            "momentum * buf + (1 - momentum) * g",
            zh="buf 成了平均，(1 − μ) g，像 Adam 的 m；SGD 的动量是累加，没有这个系数。",
            en="buf averages with (1 − μ) g, as Adam's m does; SGD's momentum adds up, without it.",
            card="sgd-sum-or-average",
        ),
        Mistake(
            "gradients-averaged-after-the-first",
            "t == 1 else momentum * buf + (1 - dampening) * g",
            "t == 1 else momentum * buf + (1 - momentum) * g",
            zh="第一步之后 buf 用了 (1 − μ) g；系数是 1 − dampening，默认为 1。",
            en="after step 1 buf takes (1 − μ) g; the factor is 1 − dampening, by default 1.",
            card="sgd-sum-or-average",
        ),
        Mistake(
            "dampening-ignored",
            "t == 1 else momentum * buf + (1 - dampening) * g",
            "t == 1 else momentum * buf + g",
            zh="没有用 dampening；第一步之后，新梯度要乘以 1 − dampening。",
            en="dampening was not used; after step 1 the new gradient is scaled by 1 − dampening.",
            card="sgd-dampening",
        ),
        Mistake(
            "dampening-on-the-buffer",
            "t == 1 else momentum * buf + (1 - dampening) * g",
            "t == 1 else (1 - dampening) * momentum * buf + g",
            zh="dampening 乘在了旧的 buf 上；它减弱的是新梯度。",
            en="dampening was applied to the old buffer; it weakens the new gradient.",
            card="sgd-dampening",
        ),
        Mistake(
            "decay-after-momentum",
            "grad + weight_decay * param",
            "grad + 0",
            zh="衰减没有进入 buf，直接缩小了参数，那是 SGDW；torch 先把 λθ 加到梯度上。",
            en="the decay went past the buffer, as in SGDW; torch first adds λθ to the gradient.",
            card="sgd-weight-decay",
            also=(("return param - ", "return param - lr * weight_decay * param - "),),
        ),
        Mistake(
            "decay-not-times-lr",
            "grad + weight_decay * param",
            "grad + 0 ",
            zh="直接从参数里减了 λθ，没有乘 lr；它是梯度的一部分，进入 buf，再乘 lr。",
            en="took λθ off the parameter without lr; it is a part of the gradient, like the rest.",
            card="sgd-weight-decay",
            also=(("return param - ", "return param - weight_decay * param - "),),
        ),
        Mistake(
            "decay-only-with-momentum",
            "grad + weight_decay * param",
            "grad + (momentum != 0) * weight_decay * param",
            zh="没有动量时漏掉了 weight_decay；它与动量无关，总是加到梯度上。",
            en="no weight decay without momentum; it is always added to the gradient.",
            card="sgd-weight-decay",
        ),
        Mistake(
            "decay-ignored",
            "grad + weight_decay * param",
            "grad + 0 * param",
            zh="没有用 weight_decay；它乘以参数，加在梯度上。",
            en="weight_decay was not used; times the parameter it is added to the gradient.",
            card="sgd-weight-decay",
        ),
        Mistake(
            "decay-subtracted",
            "grad + weight_decay * param",
            "grad - weight_decay * param",
            zh="衰减的符号反了：梯度要加上 λθ，参数才会缩小。",
            en="the decay has the wrong sign: λθ is added to the gradient, so that θ shrinks.",
            card="sgd-weight-decay",
        ),
        Mistake(
            "decay-doubled",
            "grad + weight_decay * param",
            "grad + 2 * weight_decay * param",
            zh="用了 2λθ；torch 的惩罚项是 λ‖θ‖²/2，所以加 λθ。",
            en="added 2λθ; torch's penalty is λ‖θ‖²/2, so the gradient gets λθ.",
            card="sgd-weight-decay",
        ),
        Mistake(
            "nesterov-without-the-factor",
            "g + momentum * buf if nesterov",
            "g + buf if nesterov",
            zh="Nesterov 漏了 μ：更新是 g + μ · buf，不是 g + buf。",
            en="Nesterov lacks μ: the step is g + μ · buf, not g + buf.",
            card="sgd-nesterov",
        ),
        Mistake(
            "nesterov-without-the-gradient",
            "g + momentum * buf if nesterov",
            "momentum * buf if nesterov",
            zh="Nesterov 漏了 g：更新是 g + μ · buf。",
            en="Nesterov lacks g: the step is g + μ · buf.",
            card="sgd-nesterov",
        ),
        Mistake(
            "nesterov-kept-in-the-buffer",
            "update = g + momentum",
            "update = buf = g + momentum",
            zh="把 Nesterov 的 g + μ · buf 存回了 buf；它只用于这一步，buf 不变。",
            en="Nesterov's g + μ · buf was kept as buf; it is for this step only.",
            card="sgd-nesterov",
        ),
        Mistake(
            "nesterov-is-plain-momentum",
            "g + momentum * buf if nesterov else buf",
            "buf",
            zh="nesterov 没有起作用：g + μ · 旧 buf 就是新 buf；要走的是 g + μ · 新 buf。",
            en="nesterov changed nothing: g + μ · old buf is new buf; step along g + μ · new buf.",
            card="sgd-nesterov",
        ),
        Mistake(
            "step-before-the-buffer",
            "    update = g\n",
            "    old, update = buf, g\n",
            zh="用旧的 buf 走了这一步；先把梯度加进 buf，再更新参数。",
            en="stepped with the old buffer; the gradient enters it first, then θ moves.",
            card="sgd-momentum",
            also=(("if nesterov else buf", "if nesterov else old"),),
        ),
        Mistake(
            "old-buffer-returned",
            "    update = g\n    if momentum != 0:\n",
            "    update, old = g, buf\n    if momentum != 0:\n",
            zh="返回的是旧的 buf；下一步要从更新过的 buf 接着算。",
            en="returned the old buffer; the next step goes on from the new one.",
            card="sgd-momentum",
            also=(("update, buf\n", "update, old\n"),),
        ),
        Mistake(
            "lr-twice",
            "grad + weight_decay * param",
            "lr * (grad + weight_decay * param)",
            zh="lr 乘了两次：进 buf 时一次，更新时又一次；只乘一次。",
            en="lr was applied twice, in the buffer and in the step; it belongs in one of them.",
            card="sgd-velocity-lr",
        ),
        Mistake(
            "gradient-ascent",
            "return param - ",
            "return param + ",
            zh="符号反了：参数要沿梯度的反方向走。",
            en="the sign is wrong: a parameter moves against its gradient.",
            card="sgd-momentum",
        ),
    ),
)
