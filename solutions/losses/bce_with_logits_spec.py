"""Proof of bce_with_logits: torch's F.binary_cross_entropy_with_logits and autograd."""

from functools import partial

import numpy as np

from interview_cli.spec import Case, Hint, Mistake, Spec


def reference(logits, target, pos_weight=1.0):
    import torch
    import torch.nn.functional as F

    weight = torch.as_tensor(pos_weight, dtype=logits.dtype)
    return F.binary_cross_entropy_with_logits(logits, target, pos_weight=weight)


def draw(rng, shape=(5, 3), loc=0.0, scale=1.0, soft=False, **options):
    """Labels of both kinds, as many of each as there can be."""
    size = int(np.prod(shape))
    hard = rng.permutation(np.arange(size) % 2).reshape(shape).astype(float)
    return {
        "logits": rng.normal(loc, scale, shape),
        "target": rng.uniform(size=shape) if soft else hard,
        **options,
    }


def weighted(rng, shape=(5, 3), **options):
    """A weight for each class."""
    return {**draw(rng, shape, **options), "pos_weight": rng.uniform(0.5, 6, shape[-1])}


def saturated(rng, size, shape=(4, 3), **options):
    """Logits of about ±size, some right and some wrong."""
    drawn = draw(rng, shape, **options)
    signs = rng.permutation(np.arange(drawn["logits"].size) // 2 % 2).reshape(shape) * 2 - 1
    drawn["logits"] += size * signs
    return drawn


SPEC = Spec(
    function="bce_with_logits",
    rtol=1e-8,  # torch's softplus(z) is z above 20, off by e⁻²⁰ = 2e-9
    outputs=("loss",),
    reference=reference,
    backward="bce_with_logits_backward",
    gradients=("logits",),
    minutes=10,
    oracle="torch.nn.functional.binary_cross_entropy_with_logits and autograd",
    forbidden=("*binary_cross_entropy*", "*bceloss*", "*bcewithlogits*", "*soft_margin_loss*"),
    cases=(
        Case("plain", draw),
        Case("a vector", partial(draw, shape=(7,))),
        Case("one example", partial(draw, shape=(1, 4))),
        Case("three axes", partial(draw, shape=(2, 3, 4))),
        Case("as many examples as classes", partial(draw, shape=(4, 4), scale=3.0)),
        Case("soft labels", partial(draw, shape=(4, 3), soft=True)),
        Case("one weight", partial(draw, shape=(4, 3), pos_weight=3.0), stage="options"),
        Case("a weight for each class", weighted, stage="options"),
        Case(
            "a weight for each class, three axes",
            partial(weighted, shape=(2, 3, 4)),
            stage="options",
        ),
        Case(
            "a weight for each class, as many examples",
            partial(weighted, shape=(4, 4)),
            stage="options",
        ),
        Case("weights and soft labels", partial(weighted, soft=True), stage="options"),
        Case("saturated", partial(saturated, size=50.0), stage="stability"),
        Case("saturated, huge", partial(saturated, size=2e3), stage="stability"),
        Case(
            "saturated, weighted",
            partial(saturated, size=300.0, pos_weight=2.5),
            stage="stability",
        ),
        Case(
            "saturated, soft labels", partial(saturated, size=300.0, soft=True), stage="stability"
        ),
        Case("huge spread", partial(draw, scale=1e4), stage="stability"),
        Case("tiny", partial(draw, scale=1e-6), stage="stability"),
        # Not 0: there the textbook's max(z, 0) and |z| have no derivative for autograd.
        Case("constant", partial(weighted, loc=0.5, scale=0.0), stage="stability"),
    ),
    hints=(
        Hint(
            "p = σ(z)；L = −[y log p + (1 − y) log(1 − p)]，对所有元素取平均。",
            "p = σ(z); L = −[y log p + (1 − y) log(1 − p)], the mean over all elements.",
        ),
        Hint(
            "不要先算 σ 再取 log：log σ(z) = min(z, 0) − log1p(exp(−|z|))，而 1 − σ(z) = σ(−z)。",
            "Not the log of σ: log σ(z) = min(z, 0) − log1p(exp(−|z|)), and 1 − σ(z) = σ(−z).",
        ),
        Hint(
            "pos_weight 只乘正样本那一项 y log p；分母不变。",
            "pos_weight multiplies the positive term y log p alone; the denominator stays.",
        ),
        Hint(
            "反向：dz = dy · [(1 − y) p − w y (1 − p)] / 元素个数；w = 1 时是 p − y。",
            "Backward: dz = dy · [(1 − y) p − w y (1 − p)] / size; for w = 1 that is p − y.",
        ),
    ),
    mistakes=(
        Mistake(
            "minus-missing",
            "return -(pos_weight",
            "return (pos_weight",
            zh="漏了负号：损失是负的对数似然，不会小于 0。",
            en="the minus is missing: the loss is minus the log-likelihood and never below 0.",
            card="bce-formula",
        ),
        Mistake(
            "exp-overflows",
            "np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z)))",
            "-np.log1p(np.exp(-z))",
            zh="log σ(z) 写成 −log(1 + exp(−z))：z 很负时 exp 溢出；应让 exp 只见到 −|z|。",
            en="log σ(z) as −log(1 + exp(−z)): exp overflows for very negative z; give it −|z|.",
            card="bce-stable",
        ),
        Mistake(
            "log-of-sigmoid",
            "log_p, log_not_p = log_sigmoid(logits), log_sigmoid(-logits)",
            "p = 1 / (1 + np.exp(-logits))\n    log_p, log_not_p = np.log(p), np.log(1 - p)",
            zh="先算 p = σ(z) 再取 log：饱和时 log 0 = −∞，0 · log 0 = NaN；应直接算 log σ。",
            en="took the logs of p and 1 − p: saturated, 0 · log 0 = NaN; compute log σ(±z).",
            card="bce-stable",
        ),
        Mistake(
            "log-of-sigmoid-plus-eps",
            "log_p, log_not_p = log_sigmoid(logits), log_sigmoid(-logits)",
            "p = 1 / (1 + np.exp(-logits))\n"
            "    log_p, log_not_p = np.log(p + 1e-12), np.log(1 - p + 1e-12)",
            zh="先算 p 再取 log(p + ε)：损失被截在 −log ε；应直接算 log σ。",
            en="took log(p + ε), which caps the loss at −log ε; compute log σ(±z) instead.",
            card="bce-stable",
        ),
        Mistake(
            "sigmoid-clipped",
            "log_p, log_not_p = log_sigmoid(logits), log_sigmoid(-logits)",
            "p = np.clip(1 / (1 + np.exp(-logits)), 1e-7, 1 - 1e-7)\n"
            "    log_p, log_not_p = np.log(p), np.log(1 - p)",
            zh="把 p 截到 [1e-7, 1 − 1e-7] 再取 log：损失到 16 就到顶了；应直接算 log σ。",
            en="clipped p to [1e-7, 1 − 1e-7], which caps the loss at 16; compute log σ(±z).",
            card="bce-stable",
        ),
        Mistake(
            "logs-clamped-at-minus-100",
            "log_p, log_not_p = log_sigmoid(logits), log_sigmoid(-logits)",
            "p = 1 / (1 + np.exp(-logits))\n"
            "    log_p = np.maximum(np.log(p), -100)\n"
            "    log_not_p = np.maximum(np.log(1 - p), -100)",
            zh="先算 p，log 截在 −100，如 F.binary_cross_entropy：饱和时损失跳到 100。",
            en="clamped log p at −100, as F.binary_cross_entropy does: the loss jumps to 100.",
            card="bce-clamp",
        ),
        Mistake(
            "sign-in-the-exponent",
            "np.exp(-np.abs(z))",
            "np.exp(np.abs(z))",
            zh="指数的符号反了：是 log(1 + exp(−|z|))，这样 exp 才不会溢出。",
            en="the exponent has the wrong sign: it is log(1 + exp(−|z|)), which cannot overflow.",
            card="bce-stable",
        ),
        Mistake(
            "sigmoid-twice",
            "    log_p, log_not_p = log_sigmoid(logits), log_sigmoid(-logits)",
            "    logits = 1 / (1 + np.exp(-logits))\n"
            "    log_p, log_not_p = log_sigmoid(logits), log_sigmoid(-logits)",
            zh="sigmoid 做了两次：损失自己会做 sigmoid，输入应是 logits。",
            en="sigmoid was applied twice: the loss applies it itself and takes logits.",
            card="bce-logits",
        ),
        Mistake(
            "logits-for-p",
            "log_p, log_not_p = log_sigmoid(logits), log_sigmoid(-logits)",
            "log_p, log_not_p = np.log(logits), np.log(1 - logits)",
            zh="把 logits 直接当成概率取了 log；先要有 σ。",
            en="took the logs of the logits as if they were probabilities; σ is missing.",
            card="bce-logits",
        ),
        Mistake(
            "negative-term-missing",
            " + (1 - target) * log_not_p",
            "",
            zh="漏了负样本那一项 (1 − y) log(1 − p)；只有多分类的 one-hot 才只剩一项。",
            en="the negative term (1 − y) log(1 − p) is missing; only softmax makes do with one.",
            card="bce-formula",
        ),
        Mistake(
            "terms-swapped",
            "target * log_p + (1 - target) * log_not_p",
            "target * log_not_p + (1 - target) * log_p",
            zh="两项反了：y 乘 log p，1 − y 乘 log(1 − p)。",
            en="the terms are swapped: y goes with log p and 1 − y with log(1 − p).",
            card="bce-formula",
        ),
        Mistake(
            "soft-labels-as-zero",
            "    log_p, log_not_p = log_sigmoid(logits), log_sigmoid(-logits)",
            "    target = (target == 1).astype(target.dtype)\n"
            "    log_p, log_not_p = log_sigmoid(logits), log_sigmoid(-logits)",
            zh="只认恰好为 1 的标签；标签可以是 0 到 1 之间的数，两项按 y 和 1 − y 加权。",
            en="took every label but exactly 1 for 0; those in between weigh both terms.",
            card="bce-formula",
        ),
        Mistake(
            "sum-over-everything",
            "log_not_p).mean()",
            "log_not_p).sum()",
            zh="求了和；torch 默认对所有元素取平均。",
            en="summed; torch's default is the mean over all elements.",
            card="bce-mean",
        ),
        Mistake(
            "mean-over-the-batch-only",
            "log_not_p).mean()",
            "log_not_p).sum() / len(logits)",
            zh="只除以了样本数 N；torch 默认除以全部元素数 N · K。",
            en="divided by the N examples only; torch divides by all N · K elements.",
            card="bce-mean",
        ),
        Mistake(
            "pos-weight-ignored",
            "-(pos_weight * target * log_p",
            "-(target * log_p",
            zh="没有用 pos_weight：它乘正样本那一项。",
            en="pos_weight is not used: it multiplies the positive term.",
            card="bce-pos-weight",
        ),
        Mistake(
            "pos-weight-on-the-negatives",
            "pos_weight * target * log_p + (1 - target)",
            "target * log_p + pos_weight * (1 - target)",
            zh="pos_weight 乘到了负样本那一项上；它乘 y log p。",
            en="pos_weight went to the negative term; it multiplies y log p.",
            card="bce-pos-weight",
        ),
        Mistake(
            "pos-weight-on-both",
            "pos_weight * target * log_p + (1 - target) * log_not_p",
            "pos_weight * (target * log_p + (1 - target) * log_not_p)",
            zh="pos_weight 乘了两项；它只乘正样本那一项 y log p。",
            en="pos_weight multiplied both terms; it multiplies the positive one, y log p, alone.",
            card="bce-pos-weight",
        ),
        Mistake(
            "divided-by-the-weights",
            "return -(pos_weight * target * log_p + (1 - target) * log_not_p).mean()",
            "weights = pos_weight * target + (1 - target)\n"
            "    loss = pos_weight * target * log_p + (1 - target) * log_not_p\n"
            "    return -loss.sum() / weights.sum()",
            zh="除以了权重之和；那是 CrossEntropyLoss 的 weight，BCE 的 pos_weight 不改变分母。",
            en="divided by the sum of the weights, as CrossEntropyLoss does; here it is the mean.",
            card="bce-pos-weight",
        ),
        Mistake(
            "gradient-not-divided",
            "((1 - target) * p - pos_weight * target * (1 - p)) / logits.size",
            "((1 - target) * p - pos_weight * target * (1 - p))",
            zh="梯度漏除以元素个数：前向对所有元素取了平均。",
            en="the gradient is not divided by the number of elements, as the mean demands.",
            card="bce-mean",
        ),
        Mistake(
            "gradient-divided-by-the-batch",
            "((1 - target) * p - pos_weight * target * (1 - p)) / logits.size",
            "((1 - target) * p - pos_weight * target * (1 - p)) / len(logits)",
            zh="梯度只除以了样本数；前向的平均除以全部元素数。",
            en="the gradient is divided by the examples only; the mean divides by all elements.",
            card="bce-mean",
        ),
        Mistake(
            "gradient-not-weighted",
            "((1 - target) * p - pos_weight * target * (1 - p))",
            "(p - target)",
            zh="梯度没有用 pos_weight：正样本那一项的梯度也要乘以它。",
            en="the gradient does not use pos_weight, which scales that of the positive term.",
            card="bce-pos-weight",
        ),
        Mistake(
            "gradient-weighted-throughout",
            "((1 - target) * p - pos_weight * target * (1 - p))",
            "pos_weight * (p - target)",
            zh="梯度整个乘了 pos_weight；只有正样本那一项乘：(1 − y) p − w y (1 − p)。",
            en="the whole gradient was weighted; only one term is: (1 − y) p − w y (1 − p).",
            card="bce-pos-weight",
        ),
        Mistake(
            "gradient-with-the-slope-of-sigmoid",
            "((1 - target) * p - pos_weight * target * (1 - p))",
            "((1 - target) * p - pos_weight * target * (1 - p)) * p * (1 - p)",
            zh="梯度多乘了 σ′ = p(1 − p)；它已经和 log 的导数约掉了。",
            en="the gradient has an extra factor σ′ = p(1 − p), which log's derivative cancels.",
            card="bce-gradient",
        ),
        Mistake(
            "gradient-at-the-probability",
            "((1 - target) * p - pos_weight * target * (1 - p))",
            "((1 - target) / (1 - p) - pos_weight * target / p)",
            zh="这是对概率 p 的梯度；还要乘 σ′ = p(1 − p)，才是对 logit 的。",
            en="that is the gradient at the probability p; times σ′ = p(1 − p) it is the logit's.",
            card="bce-gradient",
        ),
        Mistake(
            "gradient-sign",
            "return dy * ((1",
            "return -dy * ((1",
            zh="梯度的符号反了：是预测减标签，p − y。",
            en="the gradient has the wrong sign: it is predicted minus true, p − y.",
            card="bce-gradient",
        ),
        Mistake(
            "dy-ignored",
            "return dy * ((1",
            "return ((1",
            zh="漏乘了上游梯度 dy；只有这个 loss 就是最后一步时，dy 才是 1。",
            en="the upstream gradient dy is missing; it is 1 only if this loss is the last step.",
            card="bce-gradient",
        ),
    ),
)
