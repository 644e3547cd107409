"""Proof of dropout: what random masks have in common, torch.native_dropout's and ours."""

import math
from functools import partial

import numpy as np

from interview_cli.spec import (
    FALSE_ALARM,
    Call,
    Case,
    Convention,
    Hint,
    Mistake,
    Rng,
    Spec,
    Statistic,
    mean_tolerance,
)


def reference(x, p, rng, training=True):
    import torch

    with torch.random.fork_rng(devices=[]):  # torch's dropout takes no generator
        torch.default_generator.manual_seed(rng.initial_seed())
        return torch.native_dropout(x, p, training)


def draw(rng, shape=(8, 15), p=0.3, zeros=False, decades=0, **options):
    """No x is 0, so that y shows what was dropped; but with `zeros` half of them are."""
    x = rng.choice([-1.0, 1.0], shape) * rng.uniform(0.5, 2.0, shape)
    x *= 10.0 ** rng.integers(-decades, decades + 1, shape)
    if zeros:
        x = np.maximum(x, 0.0)
    return {"x": x, "p": p, "rng": Rng(int(rng.integers(2**31))), **options}


def twice(rng, **options):
    """The same call twice, with the same seed."""
    drawn = draw(rng, **options)
    return [Call(drawn), Call(drawn)]


def law(arguments, results):
    """What dropout promises of all its masks together."""
    x, p, training = arguments["x"], arguments["p"], arguments.get("training", True)
    if "dx" in results[0]:
        yield from of_gradients(x, p, training, results)
    elif "y" in results[0]:
        yield from of_outputs(x, p, training, results)
    else:
        yield from of_two_calls(p, results)


def of_outputs(x, p, training, results):
    """What was kept is read off y; the mask is only a claim of it."""
    y, mask = (np.stack([r[name] for r in results]) for name in ("y", "mask"))
    here = np.broadcast_to(x != 0, y.shape)
    into = np.broadcast_to(x, y.shape)
    yield from of_ratio("y / x where kept", y[here], into[here], p, training)
    yield in_all_calls("mask = (y != 0)", (mask == (y != 0)) | ~here)
    clump = clump_of(mask, p)
    yield share("share of the mask", mask, 1 - p if training else 1.0, clump)
    if not here.all():
        yield share("share of the mask where x = 0", mask[~here], 1 - p, clump)
    elif training:
        yield from of_chance(y != 0, p)
    else:
        yield in_all_calls("all is kept", y != 0)


def of_ratio(name, out, into, p, training):
    """All that is kept is multiplied with one number."""
    expected = 1 / (1 - p) if training else 1.0
    ulps = 16 * float(np.finfo(out.dtype).eps)
    ratio = out[out != 0].astype(float) / into[out != 0]
    middle, width = (np.median(ratio), np.ptp(ratio)) if ratio.size else (np.nan, np.nan)
    yield Statistic(name, float(middle), expected, ulps * max(expected, float(abs(middle))))
    yield Statistic(f"spread of {name}", float(width / abs(middle)), 0.0, ulps)


def of_chance(kept, p):
    """kept (calls, *): independent, each with the chance 1 − p."""
    clump = clump_of(kept, p)
    yield share("share kept", kept, 1 - p, clump)
    for axis, side in enumerate(kept.shape):
        own = side if is_clumped(kept, p, axis) else 1
        yield alike(kept, p, axis, pairs, clump // own)
        yield alike(kept, p, axis, halves, clump // own)
    for axis in range(1, kept.ndim):
        slices = np.moveaxis(kept, axis, 0).reshape(kept.shape[axis], -1)
        away = float(np.abs(slices.mean(1) - (1 - p)).max())
        # The false alarms are shared out among the slices.
        more = math.sqrt(1 + math.log(len(slices)) / math.log(2 / FALSE_ALARM))
        tolerance = mean_tolerance(max(slices.shape[1] // clump, 1), more)
        yield Statistic(f"share kept along axis {axis - 1}, error", away, 0.0, tolerance)
    even, odd = pairs(kept.reshape(len(kept), -1).sum(1), 0)
    yield share("calls that keep equally many", even == odd, same_count(kept[0].size, p))


def share(name, is_so, expected, clump=1):
    """How many are so, if that is decided by as many independent draws, or for `clump` at once."""
    return Statistic(
        name, float(is_so.mean()), expected, mean_tolerance(max(is_so.size // clump, 1), 1)
    )


def in_all_calls(name, is_so):
    """In how many calls something is so of every element."""
    return Statistic(name, float(is_so.reshape(len(is_so), -1).all(1).mean()), 1.0)


def alike(kept, p, axis, of, clump=1):
    """How many pairs along an axis are both kept or both dropped. No element is in two pairs, so
    that the pairs are independent."""
    ones, others = of(kept, axis)
    name = f"{of.__name__} alike " + ("in calls" if axis == 0 else f"along axis {axis - 1}")
    if not ones.size:
        return Statistic(name, 0.0, 0.0)
    return share(name, ones == others, (1 - p) ** 2 + p**2, clump)


def pairs(values, axis):
    """Neighbours: the first and the second, the third and the fourth ..."""
    whole = values.shape[axis] // 2 * 2
    return (np.take(values, range(start, whole, 2), axis) for start in (0, 1))


def halves(values, axis):
    """Half an axis apart."""
    half = values.shape[axis] // 2
    return (np.take(values, range(start, start + half), axis) for start in (0, half))


def clump_of(kept, p):
    """How many elements share one draw: 1, but in a mistake, whose numbers then vary more."""
    return math.prod(n for axis, n in enumerate(kept.shape) if is_clumped(kept, p, axis))


def is_clumped(kept, p, axis):
    found = alike(kept, p, axis, pairs)
    return found.value > found.expected + found.tolerance


def same_count(n, p):
    """P(two draws of a binomial are equal)."""
    return sum((math.comb(n, k) * (1 - p) ** k * p ** (n - k)) ** 2 for k in range(n + 1))


def of_gradients(x, p, training, results):
    """The way back is the way there: multiplied with the same number, dropped where it was."""
    y, dx, dy = (np.stack([r[name] for r in results]) for name in ("y", "dx", "dy"))
    here = np.broadcast_to(x != 0, y.shape)
    kept = here & (y != 0)
    yield from of_ratio("dx / dy where kept", dx[kept], dy[kept], p, training)
    yield in_all_calls("dx = 0 where dropped", (dx == 0) | kept | ~here)
    yield in_all_calls("dx != 0 where kept", (dx != 0) | ~kept)
    if not here.all():
        yield share("share of dx != 0 where x = 0", (dx != 0)[~here], 1 - p if training else 1.0)


def of_two_calls(p, results):
    """The same seed makes the same mask. With p = 1 nothing is left."""
    y, mask = (np.stack([all_of(name, r) for r in results]) for name in ("y", "mask"))
    same = [np.array_equal(*two, equal_nan=True) for two in y]
    yield Statistic("the same seed drops the same", float(np.mean(same)), 1.0)
    if p == 1:
        yield Statistic("largest |y|", float(np.abs(y).max()), 0.0)
        yield in_all_calls("mask is False", ~mask)


def all_of(name, result):
    """Of several calls in a row."""
    return [value for key, value in result.items() if key.startswith(f"{name}[")]


def kept_value(x, p):
    import torch

    y = torch.nn.functional.dropout(torch.full((1000,), float(x), dtype=torch.float64), p)
    return y[y != 0][0].item()


def variance_of_dropped(x, p):
    """Of torch's two outcomes, weighted."""
    import torch

    outcomes = torch.tensor([0.0, kept_value(x, p)], dtype=torch.float64)
    weights = torch.tensor([p, 1 - p], dtype=torch.float64)
    mean = (weights * outcomes).sum()
    return (weights * (outcomes - mean) ** 2).sum().item()


def kept_std(n, p):
    import torch

    kept = torch.tensor(1 - p, dtype=torch.float64)
    return torch.distributions.Binomial(n, kept).stddev.item()


def chance(name, drawn=draw, stage="forward", **options):
    return Case(
        name,
        partial(drawn, **options),
        stage=stage,
        dtypes=("float64",),
        why="what is drawn does not depend on the type; the other cases see to that",
    )


SPEC = Spec(
    function="dropout",
    outputs=("y", "mask"),
    reference=reference,
    backward="dropout_backward",
    gradients=("x",),
    law=law,
    repeats=32,
    minutes=8,
    oracle="torch.native_dropout and autograd, by their statistics",
    numbers={
        "kept_value": kept_value,
        "variance_of_dropped": variance_of_dropped,
        "kept_std": kept_std,
    },
    forbidden=("aten.*dropout*", "torch.nn.*dropout*", "torch._variablefunctions*dropout*"),
    # p n is a whole number in each of them, so that an exact count is one whoever rounds.
    cases=(
        Case("plain", draw),
        chance("one example", shape=(1, 40), p=0.25),
        chance("three axes", shape=(4, 6, 5), p=0.6),
        chance("images, uneven sides", shape=(4, 3, 6, 5), p=0.2),
        chance("after a ReLU", shape=(8, 10), zeros=True),
        # Not 0 itself, which as a probability of keeping would be a division by 0.
        chance("p almost 0", shape=(4, 10), p=1e-9, stage="options"),
        # Two calls, so that no gradient is asked for: torch.zeros_like(x) has none, and is right.
        chance("p = 1", twice, shape=(4, 10), p=1.0, stage="options"),
        Case("evaluation", partial(draw, shape=(6, 7), training=False), stage="evaluation"),
        chance("the same seed twice", twice, shape=(6, 10), stage="steps"),
        Case("tiny and huge", partial(draw, decades=20), stage="stability"),
    ),
    hints=(
        Hint(
            "每个元素各抽一次：以概率 p 置 0。训练和推理不同。",
            "Each element is drawn for itself and set to 0 with probability p. Training only.",
        ),
        Hint(
            "让输出的期望等于输入：留下的要放大多少？这样推理时就什么都不用做。",
            "The output should expect to be the input: what is kept must grow, but by how much?",
        ),
        Hint(
            "mask = rng.random(x.shape) < 1 − p；y = x · mask / (1 − p)；p = 1 时 y = 0。",
            "mask = rng.random(x.shape) < 1 − p; y = x · mask / (1 − p); at p = 1, y = 0.",
        ),
        Hint(
            "反向用同一个 mask 和同一个系数：dx = dy · mask / (1 − p)；推理时 dx = dy。",
            "Backward, the same mask and factor: dx = dy · mask / (1 − p); in evaluation dx = dy.",
        ),
    ),
    conventions=(
        Convention(
            "keep-probability",
            "< 1 - p  #",
            "< p  #",
            zh="p 是保留的概率，如原论文和 CS231n；在 torch 中 p 是丢弃的概率。",
            en="p is the probability of keeping, as in the paper and CS231n; torch drops with p.",
            card="dropout-conventions",
            also=(("1 / (1 - p) if p < 1 else 0.0", "1 / p if p > 0 else 0.0"),),
        ),
        Convention(
            "scaled-at-test",
            " * scale(p),",
            ",",
            zh="训练时不缩放，推理时才乘保留概率，如原论文；torch 在训练时就除以 1 − p。",
            en="scaled in evaluation, as in the paper; torch divides by 1 − p in training instead.",
            card="dropout-conventions",
            also=(
                ("return x, np", "return x / scale(p), np"),
                (" * scale(p) if training else dy", " if training else dy / scale(p)"),
            ),
        ),
        Convention(
            "mask-of-the-dropped",
            ", mask\n",
            ", ~mask\n",
            zh="mask 标的是丢弃的元素，如 masked_fill 的用法；这里（和 torch）标的是保留的。",
            en="mask marks what is dropped, as for masked_fill; here, as in torch, what is kept.",
            card="dropout-backward",
            also=(("np.ones(", "np.zeros("), ("return dy * mask", "return dy * ~mask")),
        ),
    ),
    mistakes=(
        Mistake(
            "scaled-by-one-over-p",
            "1 / (1 - p) if p < 1 else 0.0",
            "1 / p",
            zh="除以了 p；要使 E[y] = x，应除以留下的比例 1 − p（p = 0.5 时看不出来）。",
            en="divided by p; E[y] = x asks for 1 − p, the share that is kept (unseen at p = 0.5).",
            card="dropout-scale",
        ),
        Mistake(
            "not-scaled",
            "return x * mask * scale(p),",
            "return x * mask,",
            zh="训练和推理都没有缩放：E[y] 在训练时是 (1 − p)x，在推理时是 x。",
            en="scaled in neither mode: E[y] is (1 − p)x in training, and x in evaluation.",
            card="dropout-scale",
        ),
        Mistake(
            "scaled-twice",
            "return x * mask * scale(p),",
            "return x * mask * scale(p) ** 2,",
            zh="除了两次 1 − p；一次就够了。",
            en="divided by 1 − p twice; once is enough.",
            card="dropout-scale",
        ),
        Mistake(
            "scaled-in-evaluation-too",
            "return x, np",
            "return x * (1 - p), np",
            zh="训练时已除以 1 − p，推理时又乘 1 − p；推理时 y = x。",
            en="scaled in training by 1/(1 − p), and in evaluation by 1 − p too; there y = x.",
            card="dropout-conventions",
        ),
        Mistake(
            "active-in-evaluation",
            "    if not training:\n        return x, np.ones(x.shape, bool)\n",
            "",
            zh="推理时仍在随机丢弃；推理时 y = x。",
            en="still dropped in evaluation; there y = x.",
            card="eval-functional-dropout",
        ),
        Mistake(
            "keeps-with-probability-p",
            "< 1 - p  #",
            "< p  #",
            zh="随机数小于 p 的被留下了：保留的概率成了 p，却仍除以 1 − p；应丢弃它们。",
            en="kept what is below p, so with probability p, but divided by 1 − p; drop those.",
            card="dropout-conventions",
        ),
        Mistake(
            "normal-instead-of-uniform",
            "rng.random(x.shape) < 1 - p",
            "rng.standard_normal(x.shape) > p",
            zh="和 p 比较的是正态随机数（randn）；[0, 1) 上的均匀随机数才以概率 p 小于 p。",
            en="compared normal numbers (randn) with p; only uniform ones give the probability p.",
            card="dropout-count",
        ),
        Mistake(
            "exact-count",
            "rng.random(x.shape) < 1 - p",
            "rng.permutation(x.size).reshape(x.shape) >= round(p * x.size)",
            zh="每次恰好丢弃 p · n 个；各元素应独立抽取，丢弃的个数服从二项分布，每次不同。",
            en="dropped exactly p · n each time; independent draws make that number binomial.",
            card="dropout-count",
        ),
        Mistake(
            "same-mask-for-every-example",
            "rng.random(x.shape) < 1 - p",
            "np.broadcast_to(rng.random(x.shape[1:]), x.shape) < 1 - p",
            zh="batch 里所有样本共用一个 mask；每个样本的每个元素都要各抽一次。",
            en="all examples share one mask; every element of every example is drawn for itself.",
            card="dropout-independent",
        ),
        Mistake(
            "whole-examples",
            "rng.random(x.shape) < 1 - p",
            "rng.random((len(x), *[1] * (x.ndim - 1))) + np.zeros(x.shape) < 1 - p",
            zh="整个样本一起丢弃或保留；应对每个元素各抽一次。",
            en="dropped whole examples; every element is drawn for itself.",
            card="dropout-independent",
        ),
        Mistake(
            "whole-channels",
            "rng.random(x.shape) < 1 - p",
            "rng.random((*x.shape[:2], *[1] * (x.ndim - 2))) + np.zeros(x.shape) < 1 - p",
            zh="整个通道一起丢弃，那是 Dropout2d；dropout 对每个元素各抽一次。",
            en="dropped whole channels, which is Dropout2d; dropout draws for every element.",
            card="dropout-independent",
        ),
        Mistake(
            "fixed-seed",
            "rng.random(x.shape)",
            "np.random.default_rng(0).random(x.shape)",
            zh="每次调用的 mask 都一样，例如函数里重设了种子；应从传入的 rng 继续抽。",
            en="every call has the same mask, as when it seeds itself; go on with the rng given.",
            card="dropout-generator",
        ),
        Mistake(
            "global-random-state",
            "rng.random(x.shape)",
            "np.random.random(x.shape)",
            zh="没有从传入的 rng 抽（例如用了全局状态）：同一个种子不能重现。",
            en="did not draw from rng but, say, from the global state: a seed repeats nothing.",
            card="dropout-generator",
        ),
        Mistake(
            "nan-at-one",
            "return x * mask * scale(p),",
            "return x * mask / (1 - p),",
            zh="p = 1 时算出 0/0 = NaN；全部丢弃，y 应为 0。",
            en="0/0 = NaN at p = 1; where all is dropped, y is 0.",
            card="dropout-p-one",
        ),
        Mistake(
            "zero-division-at-one",
            "1 / (1 - p) if p < 1 else 0.0",
            "1 / (1 - p)",
            zh="p = 1 时 1/(1 − p) 除以了 0；全部丢弃，y 应为 0。",
            en="1/(1 − p) divides by 0 at p = 1; where all is dropped, y is 0.",
            card="dropout-p-one",
        ),
        Mistake(
            "mask-from-y",
            "return x * mask * scale(p), mask",
            "y = x * mask * scale(p)\n    return y, y != 0",
            zh="由 y 是否为 0 推断 mask；ReLU 之后 x 本来就常为 0，没有丢弃也是 0。",
            en="read the mask off y != 0; after a ReLU x is often 0 itself and y too, kept or not.",
            card="dropout-backward",
        ),
        Mistake(
            "no-mask-in-backward",
            "return dy * mask",
            "return dy",
            zh="反向没有乘 mask；丢弃的元素没有影响 y，梯度是 0。",
            en="no mask in the backward pass; what is dropped has no influence and the gradient 0.",
            card="dropout-backward",
        ),
        Mistake(
            "new-mask-in-backward",
            "return dy * mask",
            "return dy * (np.random.random(dy.shape) < 1 - p)",
            zh="反向又抽了一个新的 mask；要用前向的那一个。",
            en="drew a new mask in the backward pass; it takes the one of the forward pass.",
            card="dropout-backward",
        ),
        Mistake(
            "not-scaled-in-backward",
            " * scale(p) if training",
            " if training",
            zh="反向漏掉了 1/(1 − p)；前向乘了它，反向也要乘。",
            en="1/(1 − p) is missing in the backward pass; the forward pass multiplies with it.",
            card="dropout-backward",
        ),
        Mistake(
            "backward-of-training-in-evaluation",
            " if training else dy",
            "",
            zh="推理时的反向也乘了 1/(1 − p)；推理时 y = x，所以 dx = dy。",
            en="scaled the gradient in evaluation too; there y = x, so dx = dy.",
            card="dropout-backward",
        ),
    ),
)
