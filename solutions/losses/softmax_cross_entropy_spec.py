"""Proof of softmax_cross_entropy: torch's F.cross_entropy and autograd."""

from functools import partial

import numpy as np

from interview_cli.spec import Case, Mistake, Spec


def reference(logits, target):
    import torch.nn.functional as F

    return F.cross_entropy(logits, target)


def draw(rng, n=6, k=4, loc=0.0, scale=1.0, rows_apart=0.0):
    return {
        "logits": rng.normal(loc, scale, (n, k)) + rows_apart * np.arange(n)[:, None],
        "target": rng.integers(k, size=n),
    }


def confident(rng, lead, right, n=6, k=4):
    """The logit of one class is ahead by `lead`: of the right one, or of the next."""
    drawn = draw(rng, n, k)
    ahead = drawn["target"] if right else (drawn["target"] + 1) % k
    drawn["logits"][np.arange(n), ahead] += lead
    return drawn


def loss_of_uniform(k):
    import torch
    import torch.nn.functional as F

    return F.cross_entropy(torch.zeros(1, k, dtype=torch.float64), torch.tensor([0])).item()


def logit_gradient(p, is_target, n):
    """By autograd, with two classes: the first one has probability p."""
    import torch
    import torch.nn.functional as F

    p = torch.tensor([p, 1 - p], dtype=torch.float64)
    logits = p.log().repeat(n, 1).requires_grad_(True)
    target = torch.full((n,), 0 if is_target else 1)
    (gradient,) = torch.autograd.grad(F.cross_entropy(logits, target), logits)
    return gradient[0, 0].item()


SPEC = Spec(
    function="softmax_cross_entropy",
    outputs=("loss",),
    reference=reference,
    backward="softmax_cross_entropy_backward",
    gradients=("logits",),
    oracle="torch.nn.functional.cross_entropy and autograd",
    numbers={"loss_of_uniform": loss_of_uniform, "logit_gradient": logit_gradient},
    cases=(
        Case("plain", draw),
        Case("one example", partial(draw, n=1)),
        Case("two classes", partial(draw, k=2)),
        Case("one class", partial(draw, k=1)),
        Case("many classes", partial(draw, n=3, k=1000)),
        Case("as many examples as classes", partial(draw, n=4)),
        Case("all logits equal", partial(draw, scale=0.0)),
        Case("shifted by a constant", partial(draw, loc=100.0)),
        Case("huge, rows 2000 apart", partial(draw, loc=1e4, rows_apart=2000.0)),
        Case("confident and right", partial(confident, lead=20.0, right=True)),
        Case("confident and wrong", partial(confident, lead=1000.0, right=False)),
    ),
    mistakes=(
        Mistake(
            "no-maximum-subtracted",
            "z = logits - logits.max(axis=1, keepdims=True)",
            "z = logits",
            zh="没有先减去最大的 logit：logit 很大时 exp 溢出，得到 inf 或 NaN。",
            en="the largest logit was not subtracted: exp overflows for large ones, to inf or NaN.",
            card="ce-stable",
        ),
        Mistake(
            "one-maximum-for-all-rows",
            "logits.max(axis=1, keepdims=True)",
            "logits.max()",
            zh="减去的是整个 batch 的最大值：比它小得多的行，exp 全部下溢为 0，而 log 0 = −∞。",
            en="subtracted the whole batch's maximum: rows far below it underflow, and log 0 = −∞.",
            card="ce-stable",
        ),
        Mistake(
            "log-of-p-plus-eps",
            "return z - np.log(np.exp(z).sum(axis=1, keepdims=True))",
            "return np.log(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True) + 1e-12)",
            zh="先算 p 再取 log(p + ε)：损失被截在 −log ε；应不经过 p，直接算 log p。",
            en="took log(p + ε), which caps the loss at −log ε; compute log p without p.",
            card="ce-stable",
        ),
        Mistake(
            "softmax-twice",
            "log_p = log_softmax(logits)",
            "log_p = log_softmax(np.exp(log_softmax(logits)))",
            zh="softmax 做了两次：损失自己会做 softmax，输入应是 logits。",
            en="softmax was applied twice: the loss applies it itself and takes logits.",
            card="ce-double-softmax",
        ),
        Mistake(
            "logits-for-log-p",
            "log_p = log_softmax(logits)",
            "log_p = logits",
            zh="把 logits 直接当成了 log p，漏掉了归一化项 log Σ exp(z)。",
            en="took the logits for log p: the normalising log Σ exp(z) is missing.",
            card="ce-logits",
        ),
        Mistake(
            "sum-over-examples",
            "target].mean()",
            "target].sum()",
            zh="对样本求了和；torch 默认取平均（reduction='mean'）。",
            en="summed over the examples; torch's default is their mean (reduction='mean').",
            card="ce-mean",
        ),
        Mistake(
            "mean-over-classes-too",
            "target].mean()",
            "target].mean() / logits.shape[1]",
            zh="又除以了类别数 K；平均只对 N 个样本取。",
            en="divided by the number of classes K as well; the mean is over the N examples only.",
            card="ce-mean",
        ),
        Mistake(
            "gradient-not-divided",
            "return dy * (p - y) / n",
            "return dy * (p - y)",
            zh="梯度漏除以 N：前向对 N 个样本取了平均。",
            en="the gradient lacks 1/N, though the forward pass averages over N examples.",
            card="ce-gradient",
        ),
        Mistake(
            "one-hot-of-all-targets",
            "y[np.arange(n), target] = 1",
            "y[:, target] = 1",
            zh="y[:, target] 把所有样本的类别写进了每一行；每行只有自己的类别为 1。",
            en="y[:, target] marks every example's class in every row; each row has only its own.",
            card="ce-gradient",
        ),
        Mistake(
            "dy-ignored",
            "return dy * (p - y) / n",
            "return (p - y) / n",
            zh="漏乘了上游梯度 dy；只有这个 loss 就是最后一步时，dy 才是 1。",
            en="the upstream gradient dy is missing; it is 1 only if this loss is the last step.",
            card="ce-gradient",
        ),
    ),
)
