"""Proof of cross_entropy: torch's F.cross_entropy and autograd."""

from functools import partial

import numpy as np

from interview_cli.spec import Case, Convention, Hint, Mistake, Spec


def reference(logits, target, ignore_index=-100, label_smoothing=0.0):
    import torch.nn.functional as F

    return F.cross_entropy(
        logits, target, ignore_index=ignore_index, label_smoothing=label_smoothing
    )


def draw(rng, n=6, k=4, loc=0.0, scale=1.0, rows_apart=0.0, **options):
    return {
        "logits": rng.normal(loc, scale, (n, k)) + rows_apart * np.arange(n)[:, None],
        "target": rng.integers(k, size=n),
        **options,
    }


def ignoring(rng, ignored, n=7, k=4, ignore_index=-100, **options):
    """As many targets at random places are ignore_index, and at least one is not."""
    drawn = draw(rng, n, k, **options)
    places = rng.permutation(n)
    drawn["target"][places[:ignored]] = ignore_index
    drawn["target"][places[-1]] = (ignore_index + 1) % k
    if ignore_index != -100:
        drawn["ignore_index"] = ignore_index
    return drawn


def confident(rng, lead, right, n=6, k=4, **options):
    """The logit of one class is ahead by `lead`: of the right one, or of the next."""
    drawn = draw(rng, n, k, **options)
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
    function="cross_entropy",
    outputs=("loss",),
    reference=reference,
    backward="cross_entropy_backward",
    gradients=("logits",),
    minutes=15,
    oracle="torch.nn.functional.cross_entropy and autograd",
    numbers={"loss_of_uniform": loss_of_uniform, "logit_gradient": logit_gradient},
    forbidden=("*cross_entropy*", "*crossentropy*", "*nll_loss*", "*nllloss*", "*log_softmax*"),
    cases=(
        Case("plain", draw),
        Case("one example", partial(draw, n=1)),
        Case("two classes", partial(draw, k=2)),
        Case("many classes", partial(draw, n=3, k=1000)),
        Case("as many examples as classes", partial(draw, n=4)),
        Case("all logits equal", partial(draw, scale=0.0)),
        Case("some ignored", partial(ignoring, ignored=3), stage="options"),
        Case("all but one ignored", partial(ignoring, ignored=6), stage="options"),
        Case(
            "a class is ignored",
            partial(ignoring, ignored=2, k=3, ignore_index=1),
            stage="options",
        ),
        Case("class 0 is ignored", partial(ignoring, ignored=3, ignore_index=0), stage="options"),
        Case("ignore_index is -1", partial(ignoring, ignored=2, ignore_index=-1), stage="options"),
        Case("smoothed", partial(draw, k=5, scale=2.0, label_smoothing=0.1), stage="options"),
        Case("smoothed, two classes", partial(draw, k=2, label_smoothing=0.3), stage="options"),
        Case("smoothed throughout", partial(draw, label_smoothing=1.0), stage="options"),
        Case(
            "smoothed, some ignored",
            partial(ignoring, ignored=3, k=5, label_smoothing=0.2),
            stage="options",
        ),
        Case("shifted by a constant", partial(draw, loc=100.0), stage="stability"),
        Case(
            "huge, rows 2000 apart",
            partial(draw, loc=1e4, rows_apart=2000.0),
            stage="stability",
        ),
        Case("far below zero", partial(draw, loc=-1e4), stage="stability"),
        Case("tiny", partial(draw, scale=1e-6), stage="stability"),
        Case("confident and right", partial(confident, lead=20.0, right=True), stage="stability"),
        Case(
            "confident and wrong",
            partial(confident, lead=1000.0, right=False),
            stage="stability",
        ),
        Case(
            "almost out of range",
            partial(confident, lead=725.0, right=False),
            stage="stability",
            dtypes=("float64",),
            why="only there exp(725) is infinite and exp(-725) is not yet 0",
        ),
        Case("very confident and right", partial(confident, lead=1000.0, right=True), "stability"),
        Case(
            "the right class is far below", partial(confident, lead=-800.0, right=True), "stability"
        ),
        Case(
            "confident and wrong, smoothed",
            partial(confident, lead=1000.0, right=False, label_smoothing=0.1),
            stage="stability",
        ),
    ),
    hints=(
        Hint(
            "L = −log p_t，p 是 softmax；对样本取平均，不对类别。",
            "L = −log p_t with p from softmax; the mean runs over examples, not over classes.",
        ),
        Hint(
            "log p_k = z_k − max z − log Σ_j exp(z_j − max z)，逐行；不要先算 p 再取 log。",
            "log p_k = z_k − max z − log Σ_j exp(z_j − max z), row by row; never the log of p.",
        ),
        Hint(
            "标签平滑：q = (1 − ε) · one-hot + ε/K，L = −Σ q log p；被忽略的样本不算在内。",
            "Smoothing: q = (1 − ε) one-hot + ε/K, L = −Σ q log p, over what is not ignored.",
        ),
        Hint(
            "反向：dlogits = dy · (p − q) / M，M 是没有被忽略的样本数；被忽略的行是 0。",
            "Backward: dlogits = dy · (p − q) / M for the M examples that count, and 0 elsewhere.",
        ),
    ),
    conventions=(
        Convention(
            "smoothing-over-the-others",
            "np.full_like(like, label_smoothing / k)",
            "np.full_like(like, label_smoothing / (k - 1))",
            zh="ε 只分给其余 K − 1 类，如 fairseq、tensor2tensor；torch 分给全部 K 类。",
            en="ε goes to the other K − 1 classes, as in fairseq, tensor2tensor; in torch to all.",
            card="ce-smoothing-share",
            also=(("target] += 1 - label_smoothing", "target] = 1 - label_smoothing"),),
        ),
        Convention(
            "label-entropy-subtracted",
            "return -(q * log_p).sum() / len(q)",
            "return (q * (np.log(q + 1e-20) - log_p)).sum() / len(q)",
            zh="减去了标签的熵 H(q)，即 KL 散度，如 tensor2tensor；差一个常数，梯度相同。",
            en="the label's entropy H(q) is subtracted, as in tensor2tensor: KL, same gradient.",
            card="ce-label-smoothing",
        ),
    ),
    mistakes=(
        Mistake(
            "minus-missing",
            "return -(q * log_p)",
            "return (q * log_p)",
            zh="漏了负号：损失是 −log p，不会小于 0。",
            en="the minus is missing: the loss is −log p and never below 0.",
            card="ce-formula",
        ),
        Mistake(
            "no-maximum-subtracted",
            "z = logits - logits.max(axis=1, keepdims=True)",
            "z = logits",
            zh="没有先减去最大的 logit：logit 很大时 exp 溢出，得到 inf 或 NaN。",
            en="the largest logit was not subtracted: exp overflows for large ones, to inf or NaN.",
            card="ce-stable",
        ),
        Mistake(
            "log-sum-exp-overflows",
            "z = logits - logits.max(axis=1, keepdims=True)  # each row's own maximum",
            "z = logits  # which may be huge",
            zh="log Σ exp(z) 没有先减去最大值：z 很大时是 inf，很小时是 −inf。",
            en="log Σ exp(z) without the maximum taken out: inf for large z, −inf far below zero.",
            card="ce-stable",
            also=(("(q * log_p).sum()", "np.where(q > 0, q * log_p, 0).sum()"),),
        ),
        Mistake(
            "softmax-overflows",
            "z = logits - logits.max(axis=1, keepdims=True)  # each row's own maximum\n"
            "    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))",
            "return np.log(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True))",
            zh="softmax 没有先减去最大值，又取 p 的 log：exp 溢出得 NaN，p 下溢得 inf。",
            en="softmax without the maximum taken out, then its log: exp overflows, p underflows.",
            card="ce-stable",
            also=(("(q * log_p).sum()", "np.where(q > 0, q * log_p, 0).sum()"),),
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
            "maximum-not-added-back",
            "z - np.log(np.exp(z)",
            "logits - np.log(np.exp(z)",
            zh="log-sum-exp 里减去的最大值没有加回来：log p = z − m − log Σ exp(z − m)。",
            en="the maximum taken out of log-sum-exp was never put back: z − m − log Σ exp(z − m).",
            card="ce-stable",
        ),
        Mistake(
            "log-of-p",
            "(q * log_p).sum()",
            "np.where(q > 0, q * log_p, 0).sum()",
            zh="先算 p 再取 log：p 会下溢为 0，损失变成 inf；应直接算 log p。",
            en="took the log of p, which underflows to 0: an infinite loss; compute log p itself.",
            card="ce-stable",
            also=(
                (
                    "return z - np.log(np.exp(z).sum(axis=1, keepdims=True))",
                    "return np.log(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True))",
                ),
            ),
        ),
        Mistake(
            "log-of-p-times-zero",
            "return z - np.log(np.exp(z).sum(axis=1, keepdims=True))",
            "return np.log(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True))",
            zh="先算 p 再取 log，并乘以 one-hot：p 下溢为 0 时，0 · log 0 = NaN；应直接算 log p。",
            en="took the log of p times a one-hot label: 0 · log 0 = NaN; compute log p itself.",
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
            "p-clipped",
            "return z - np.log(np.exp(z).sum(axis=1, keepdims=True))",
            "p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)\n"
            "    return np.log(np.clip(p, 1e-7, 1 - 1e-7))",
            zh="先算 p、截到 [1e-7, 1 − 1e-7] 再取 log：损失到 16 就到顶了；应直接算 log p。",
            en="clipped p to [1e-7, 1 − 1e-7], which caps the loss at 16; compute log p without p.",
            card="ce-stable",
        ),
        Mistake(
            "softmax-twice",
            "log_p = log_softmax(logits[counts])",
            "log_p = log_softmax(np.exp(log_softmax(logits[counts])))",
            zh="softmax 做了两次：损失自己会做 softmax，输入应是 logits。",
            en="softmax was applied twice: the loss applies it itself and takes logits.",
            card="ce-double-softmax",
        ),
        Mistake(
            "logits-for-log-p",
            "log_p = log_softmax(logits[counts])",
            "log_p = logits[counts]",
            zh="把 logits 直接当成了 log p，漏掉了归一化项 log Σ exp(z)。",
            en="took the logits for log p: the normalising log Σ exp(z) is missing.",
            card="ce-logits",
        ),
        Mistake(
            "logits-for-p",
            "log_p = log_softmax(logits[counts])",
            "log_p = np.log(logits[counts])",
            zh="直接对 logits 取了 log；logits 不是概率，可以为负。",
            en="took the log of the logits themselves, which are no probabilities and may be < 0.",
            card="ce-logits",
        ),
        Mistake(
            "softmax-over-the-batch",
            "log_p = log_softmax(logits[counts])",
            "log_p = log_softmax(logits[counts].T).T",
            zh="softmax 沿 batch 归一化了；应沿类别，每个样本的概率和为 1。",
            en="softmax ran over the batch; it runs over the classes, one distribution an example.",
            card="softmax-axis",
        ),
        Mistake(
            "base-two",
            "return -(q * log_p).sum() / len(q)",
            "return -(q * log_p).sum() / len(q) / float(np.log(2))",
            zh="用了 log2，单位成了比特；torch 用自然对数，梯度才是 p − y。",
            en="used log2, which gives bits; torch's is the natural log, whose gradient is p − y.",
            card="ce-formula",
        ),
        Mistake(
            "sum-over-examples",
            "(q * log_p).sum() / len(q)",
            "(q * log_p).sum()",
            zh="对样本求了和；torch 默认取平均（reduction='mean'）。",
            en="summed over the examples; torch's default is their mean (reduction='mean').",
            card="ce-mean",
        ),
        Mistake(
            "mean-over-classes-too",
            "(q * log_p).sum() / len(q)",
            "(q * log_p).mean()",
            zh="又除以了类别数 K；平均只对样本取。",
            en="divided by the number of classes K as well; the mean is over the examples only.",
            card="ce-mean",
        ),
        Mistake(
            "every-pair-of-example-and-target",
            "return -(q * log_p).sum() / len(q)",
            "pairs = (1 - label_smoothing) * log_p[:, target[counts]].mean()\n"
            "    return -(pairs + label_smoothing * log_p.mean())",
            zh="log_p[:, target] 取的是 N × N 个数；每个样本只取自己的：log_p[arange(N), target]。",
            en="log_p[:, target] takes N × N entries; log_p[arange(N), target] takes each its own.",
            card="ce-mean",
        ),
        Mistake(
            "ignored-in-the-denominator",
            "(q * log_p).sum() / len(q)",
            "(q * log_p).sum() / len(target)",
            zh="被忽略的样本仍算在分母里；只除以没有被忽略的样本数。",
            en="the ignored examples are still in the denominator; divide by those that count.",
            card="ce-ignore-index",
        ),
        Mistake(
            "ignore-index-not-used",
            "    counts = target != ignore_index\n    log_p",
            "    counts = target == target\n    log_p",
            zh="没有处理 ignore_index：target 等于它的样本不参与损失。",
            en="ignore_index is not used: examples whose target equals it must be left out.",
            card="ce-ignore-index",
        ),
        Mistake(
            "ignore-index-hard-coded",
            "    counts = target != ignore_index\n    log_p",
            "    counts = target != -100\n    log_p",
            zh="写死了 −100；应使用参数 ignore_index，它也可以是 −1 或某个类别。",
            en="−100 is hard-coded; use the argument ignore_index, which may be −1 or a class.",
            card="ce-ignore-index",
        ),
        Mistake(
            "negative-targets-ignored",
            "    counts = target != ignore_index\n    log_p",
            "    counts = target >= 0\n    log_p",
            zh="忽略的是所有负的 target；应忽略等于 ignore_index 的，它也可以是某个类别。",
            en="ignored the negative targets; ignore those equal to ignore_index, maybe a class.",
            card="ce-ignore-index",
        ),
        Mistake(
            "smoothing-not-used",
            "    q = smoothed(target[counts], log_p, label_smoothing)",
            "    q = smoothed(target[counts], log_p, 0.0)",
            zh="没有用 label_smoothing：标签应从 one-hot 变成 (1 − ε) · one-hot + ε/K。",
            en="label_smoothing is not used: the label becomes (1 − ε) one-hot + ε/K.",
            card="ce-label-smoothing",
        ),
        Mistake(
            "smoothing-without-the-targets-share",
            "q[np.arange(n), target] += 1 - label_smoothing",
            "q[np.arange(n), target] = 1 - label_smoothing",
            zh="真实类别漏了自己那一份 ε/K：标签之和成了 1 − ε/K；它应是 1 − ε + ε/K。",
            en="the true class lacks its own share ε/K, so q sums to less; it gets 1 − ε + ε/K.",
            card="ce-label-smoothing",
        ),
        Mistake(
            "smoothing-on-top",
            "q[np.arange(n), target] += 1 - label_smoothing",
            "q[np.arange(n), target] += 1",
            zh="加了 ε/K，one-hot 却没有乘 1 − ε：标签之和成了 1 + ε。",
            en="added ε/K without scaling the one-hot by 1 − ε: the label sums to 1 + ε.",
            card="ce-label-smoothing",
        ),
        Mistake(
            "smoothing-not-divided",
            "np.full_like(like, label_smoothing / k)",
            "np.full_like(like, label_smoothing)",
            zh="每一类都加了整个 ε；ε 要平分给 K 类，每类 ε/K。",
            en="every class got the whole ε; the K classes share it, ε/K each.",
            card="ce-label-smoothing",
        ),
        Mistake(
            "smoothing-swapped",
            "    q = smoothed(target[counts], log_p, label_smoothing)",
            "    swapped = 1 - label_smoothing if label_smoothing else 0.0\n"
            "    q = smoothed(target[counts], log_p, swapped)",
            zh="ε 和 1 − ε 反了：label_smoothing 是均匀那一部分的权重。",
            en="ε and 1 − ε are swapped: label_smoothing weighs the uniform part.",
            card="ce-label-smoothing",
        ),
        Mistake(
            "smoothing-counts-the-ignored",
            "return -(q * log_p).sum() / len(q)",
            "nll = -log_p[np.arange(len(log_p)), target[counts]].mean()\n"
            "    uniform = -log_softmax(logits).mean()\n"
            "    return (1 - label_smoothing) * nll + label_smoothing * uniform",
            zh="均匀那一项把被忽略的样本也算了进去；两项都只对没有被忽略的样本取平均。",
            en="the uniform term still counts the ignored examples; both terms leave them out.",
            card="ce-ignore-index",
        ),
        Mistake(
            "gradient-not-divided",
            "dy * (p - q) / len(p)",
            "dy * (p - q)",
            zh="梯度漏除以样本数：前向对样本取了平均。",
            en="the gradient is not divided by the number of examples, as the mean demands.",
            card="ce-gradient",
        ),
        Mistake(
            "gradient-divided-by-all",
            "dy * (p - q) / len(p)",
            "dy * (p - q) / len(target)",
            zh="梯度除以了全部样本数，包括被忽略的；应除以没有被忽略的样本数。",
            en="the gradient is divided by all examples; divide by those that are not ignored.",
            card="ce-ignore-index",
        ),
        Mistake(
            "gradient-of-ignored-examples",
            "    dlogits = np.zeros_like(logits)\n    dlogits[counts] =",
            "    dlogits = dy * np.exp(log_softmax(logits)) / len(p)\n    dlogits[counts] =",
            zh="被忽略的样本得到了梯度 p / M；它们不在损失里，梯度是 0。",
            en="the ignored examples got the gradient p / M; they are not in the loss: 0.",
            card="ce-ignore-index",
        ),
        Mistake(
            "gradient-not-smoothed",
            "    q = smoothed(target[counts], p, label_smoothing)",
            "    q = smoothed(target[counts], p, 0.0)",
            zh="前向用了平滑标签，反向却减去 one-hot；应减去平滑后的 q。",
            en="the loss is smoothed, but the gradient subtracts the one-hot label; subtract q.",
            card="ce-label-smoothing",
        ),
        Mistake(
            "one-hot-of-all-targets",
            "    dlogits = np.zeros_like(logits)\n",
            "    q[:, target[counts]] = label_smoothing / q.shape[1] + 1 - label_smoothing\n"
            "    dlogits = np.zeros_like(logits)\n",
            zh="y[:, target] 把所有样本的类别写进了每一行；每行只有自己的类别为 1。",
            en="y[:, target] marks every example's class in every row; each row has only its own.",
            card="ce-gradient",
        ),
        Mistake(
            "gradient-without-p",
            "dy * (p - q) / len(p)",
            "dy * -q / len(p)",
            zh="把 log Σ exp(z) 当成了常数，漏了它的梯度 p。",
            en="took log Σ exp(z) for a constant; its gradient, p, is missing.",
            card="ce-gradient",
        ),
        Mistake(
            "gradient-sign",
            "dy * (p - q) / len(p)",
            "dy * (q - p) / len(p)",
            zh="梯度的符号反了：是预测减标签，p − y。",
            en="the gradient has the wrong sign: it is predicted minus true, p − y.",
            card="ce-gradient",
        ),
        Mistake(
            "dy-ignored",
            "dy * (p - q) / len(p)",
            "(p - q) / len(p)",
            zh="漏乘了上游梯度 dy；只有这个 loss 就是最后一步时，dy 才是 1。",
            en="the upstream gradient dy is missing; it is 1 only if this loss is the last step.",
            card="ce-gradient",
        ),
    ),
)
