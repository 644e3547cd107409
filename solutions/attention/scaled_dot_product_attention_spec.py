"""Proof of scaled_dot_product_attention: torch's own function of that name and autograd."""

from functools import partial

import numpy as np

from interview_cli.spec import Call, Case, Convention, Hint, Mistake, Spec


def reference(q, k, v, mask=None):
    import torch.nn.functional as F

    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)


def draw(rng, batch=(2,), queries=3, keys=5, e=4, ev=6, scale=1.0, loc=0.0, values=1.0):
    """Where keys are large, values are small: the weights' rounding times the keys is in dq."""
    return {
        "q": rng.normal(loc, scale, (*batch, queries, e)),
        "k": rng.normal(loc, scale, (*batch, keys, e)),
        "v": rng.normal(0, values, (*batch, keys, ev)),
    }


def masked(rng, shape, **sizes):
    """A mask of this shape. Each row hides a key and shows another: so every query has keys, also
    where True is taken for hidden."""
    mask = rng.random(shape) < 0.5
    order = np.argsort(rng.random(shape), -1)
    np.put_along_axis(mask, order[..., :1], True, -1)
    np.put_along_axis(mask, order[..., 1:2], False, -1)
    return {**draw(rng, **sizes), "mask": mask}


def causal(rng):
    """Query i attends to the keys 0 to i; the last keys are of no use yet."""
    return {**draw(rng, queries=4, keys=6), "mask": np.tril(np.ones((4, 6), bool))}


def window(rng):
    """Each query attends to itself and to the two before."""
    before = np.arange(7)[:, None] - np.arange(7)
    return {**draw(rng, queries=7, keys=7), "mask": (before >= 0) & (before < 3)}


def one_key_each(rng):
    mask = np.arange(5) == np.array([[3], [0], [4]])
    return {**draw(rng), "mask": mask}


def far_apart(rng):
    """The scores of one query are some 960 above those of the others."""
    drawn = draw(rng, e=64, values=0.1)
    drawn["k"] = 1 + 0.1 * drawn["k"]
    drawn["q"][:, 1] += 120
    return drawn


def hidden_key_scores_highest(rng):
    drawn = masked(rng, (3, 5), values=0.1)
    drawn["mask"][:, 2] = False
    drawn["mask"][:, 4] = True
    drawn["q"] = np.abs(drawn["q"]) + 0.5
    drawn["k"][:, 2] = 1e4
    return drawn


def visible_scores_far_below_zero(rng):
    """Some −3000, where the hidden ones are near 0: −50 does not hide them."""
    drawn = masked(rng, (3, 5), values=0.1)
    drawn["mask"][:] = [True, False, True, True, False]
    drawn["q"] = 1 + 0.1 * drawn["q"]
    drawn["k"][:, drawn["mask"][0]] -= 1500
    return drawn


def equal_scores(rng):
    drawn = draw(rng)
    drawn["k"][...] = drawn["k"][:, :1]
    return drawn


def nothing_to_attend_to(rng):
    """One query of several; then all queries of one example, all of whose keys are padding.

    Two calls, so that no gradients are asked: where 0, NaN and the mean are all in use, theirs are
    in dispute as well.
    """
    some = masked(rng, (3, 5))
    some["mask"][0] = False
    some["mask"][2] = True
    padding = masked(rng, (2, 1, 5))
    padding["mask"][1] = False
    return [Call(some), Call(padding)]


def multi_head_parameters(d):
    import torch

    return sum(p.numel() for p in torch.nn.MultiheadAttention(d, 4).parameters())


def score_std(e):
    """Over all outcomes, where every product is 1 or −1: of e, i are 1 in (e over i) ways."""
    import torch

    i = torch.arange(e + 1, dtype=torch.float64)
    log_ways = torch.lgamma(i.new_tensor(e + 1)) - torch.lgamma(i + 1) - torch.lgamma(e - i + 1)
    p = torch.softmax(log_ways, 0)
    return (p * (2 * i - e) ** 2).sum().sqrt().item()


def score_mebibytes(batch, heads, length):
    import torch

    q = torch.empty(batch, heads, length, 1, dtype=torch.float16, device="meta")
    return (q @ q.mT).nbytes / 2**20


SPEC = Spec(
    function="scaled_dot_product_attention",
    outputs=("y",),
    reference=reference,
    backward="scaled_dot_product_attention_backward",
    gradients=("q", "k", "v"),
    minutes=15,
    oracle="torch.nn.functional.scaled_dot_product_attention and autograd",
    numbers={
        "multi_head_parameters": multi_head_parameters,
        "score_std": score_std,
        "score_mebibytes": score_mebibytes,
    },
    forbidden=("*scaled_dot_product*", "*multi_head_attention*", "*multiheadattention*"),
    cases=(
        Case("plain", draw),
        Case("heads", partial(draw, batch=(2, 3), queries=4, keys=7, e=5, ev=6)),
        Case("no batch", partial(draw, batch=(), queries=3, keys=4, e=5, ev=2)),
        Case("one query", partial(draw, queries=1)),
        Case("one key", partial(draw, keys=1)),
        Case("keys of one number", partial(draw, e=1, ev=2)),
        Case("mask", partial(masked, shape=(2, 3, 5)), "options"),
        Case(
            "one mask for all heads",
            partial(masked, shape=(4, 6), batch=(2, 3), queries=4, keys=6, e=5, ev=7),
            "options",
        ),
        Case(
            "padding",
            partial(masked, shape=(2, 1, 1, 6), batch=(2, 3), queries=4, keys=6, e=5, ev=7),
            "options",
        ),
        Case("causal", causal, "options"),
        Case("a window", window, "options"),
        Case("one key each", one_key_each, "options"),
        Case("huge scores", partial(draw, scale=40.0, values=0.1), "stability"),
        Case(
            "queries far apart",
            far_apart,
            "stability",
            dtypes=("float64",),
            why="exp(score − log Σ) is as good an answer, and in float32 rounds a score of 960",
        ),
        Case("a hidden key scores highest", hidden_key_scores_highest, "stability"),
        Case("visible scores far below zero", visible_scores_far_below_zero, "stability"),
        Case("equal scores", equal_scores, "stability"),
        Case("tiny", partial(draw, scale=1e-4), "stability"),
        Case("far from zero", partial(draw, loc=10.0, values=0.1), "stability"),
        Case(
            "nothing to attend to",
            nothing_to_attend_to,
            "stability",
            rtol=1e-5,
            why="where −1e9 is added to hide a key, seven digits of its score are left",
        ),
    ),
    hints=(
        Hint(
            "先算分数 Q Kᵀ / √E，形状 (..., L, S)；E 是 q 和 k 的最后一维。",
            "First the scores Q Kᵀ / √E, of shape (..., L, S); E is the last axis of q and k.",
        ),
        Hint(
            "mask 为 False 的分数在 softmax 之前换成 −∞；对键（最后一维）做 softmax，再乘以 V。",
            "Before softmax, scores where the mask is False become −∞; softmax over keys; times V.",
        ),
        Hint(
            "softmax 先减去每一行的最大值。全被遮住的行：torch 给出 0。",
            "Softmax subtracts each row's maximum. For a row that is all hidden torch gives 0.",
        ),
        Hint(
            "反向：dV = Pᵀ dY，dP = dY Vᵀ。",
            "Backward: dV = Pᵀ dY and dP = dY Vᵀ.",
        ),
        Hint(
            "dS = P ∘ (dP − Σ_s dP ∘ P)，再 dQ = dS K / √E，dK = dSᵀ Q / √E。",
            "dS = P ∘ (dP − Σ_s dP ∘ P), then dQ = dS K / √E and dK = dSᵀ Q / √E.",
        ),
    ),
    conventions=(
        Convention(
            "true-hides",
            "mask = True if mask is None else mask",
            "mask = True if mask is None else ~mask",
            zh="True 表示遮住，如 nn.MultiheadAttention；在这个函数里 True 表示可以注意。",
            en="True hides, as in nn.MultiheadAttention; in this function True may be attended to.",
            card="attn-mask-true",
        ),
        # These four edit one place, so that the judge never tries two of them together.
        Convention(
            "nothing-to-attend-to-is-nan",
            "np.maximum(e.sum(-1, keepdims=True), 1)",
            "e.sum(-1, keepdims=True)",
            zh="全被遮住的查询得到 NaN，如 torch 文档里的示意代码；torch 给出 0。",
            en="a query without keys gives NaN, as torch's documented code does; torch gives 0.",
            card="attn-nothing-to-attend",
        ),
        Convention(
            "nothing-to-attend-to-is-the-mean",
            "np.maximum(e.sum(-1, keepdims=True), 1)",
            "e.sum(-1, keepdims=True)",
            zh="全被遮住的查询得到 V 的平均，用 −1e9 填充就会如此；torch 给出 0。",
            en="a query without keys gets the mean of V, as a fill of −1e9 does; torch gives 0.",
            card="attn-nothing-to-attend",
            also=(("    e = np.where(mask, e, 0)\n", ""),),
        ),
        Convention(
            "nothing-to-attend-to-is-no-mask",
            "np.maximum(e.sum(-1, keepdims=True), 1)",
            "e.sum(-1, keepdims=True)",
            zh="加 −1e9 来遮：对全被遮住的查询，等于没有遮；torch 给出 0。",
            en="−1e9 was added: it leaves a query without keys as if unmasked; torch gives 0.",
            card="attn-nothing-to-attend",
            also=(
                ("    e = np.where(mask, e, 0)\n", ""),
                (
                    "np.where(mask, scores, np.finfo(q.dtype).min)",
                    "scores + np.where(mask, 0, -1e9).astype(q.dtype)",
                ),
            ),
        ),
        Convention(
            "hidden-by-minus-ten-thousand",
            "np.maximum(e.sum(-1, keepdims=True), 1)",
            "e.sum(-1, keepdims=True)",
            zh="加 −10000 来遮，如最初的 BERT；分数很大时遮不住，torch 用 −∞。",
            en="hidden by adding −10000, as in the first BERT: large scores show; torch has −∞.",
            card="attn-mask-before-softmax",
            also=(
                ("    e = np.where(mask, e, 0)\n", ""),
                (
                    "np.where(mask, scores, np.finfo(q.dtype).min)",
                    "scores + np.where(mask, 0, -1e4).astype(q.dtype)",
                ),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "not-scaled",
            "k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])",
            "k.swapaxes(-1, -2)",
            zh="没有除以 √E：点积的标准差是 √E，softmax 会饱和。",
            en="not divided by √E: the products spread like √E, and softmax saturates.",
            card="attn-scale",
        ),
        Mistake(
            "divided-by-e",
            "k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])",
            "k.swapaxes(-1, -2) / q.shape[-1]",
            zh="除以了 E（或者除了两次 √E）；只除以一次 √E。",
            en="divided by E, or by √E twice; divide by √E, once.",
            card="attn-scale",
        ),
        Mistake(
            "multiplied-by-the-scale",
            "k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])",
            "k.swapaxes(-1, -2) * math.sqrt(q.shape[-1])",
            zh="乘以了 √E；应除以 √E。",
            en="multiplied by √E; divide by it.",
            card="attn-scale",
        ),
        Mistake(
            "scaled-by-the-width-of-all-heads",
            "k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])",
            "k.swapaxes(-1, -2) / math.sqrt(math.prod(q.shape[1:-2]) * q.shape[-1])",
            zh="除以了 √d_model（头数乘以 E）；除以 √E，E 是一个头的宽度。",
            en="divided by √d_model, heads times E; divide by √E, the width of one head.",
            card="attn-scale",
        ),
        Mistake(
            "scaled-by-the-number-of-keys",
            "k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])",
            "k.swapaxes(-1, -2) / math.sqrt(k.shape[-2])",
            zh="除以了 √S（键的个数）；点积有 E 项，除以 √E。",
            en="divided by √S, the number of keys; the products have E terms, so it is √E.",
            card="attn-scale",
        ),
        Mistake(
            "scaled-after-softmax",
            "return e / np.max",
            "return e / math.sqrt(q.shape[-1]) / np.max",
            zh="在 softmax 之后才除以 √E：权重之和不再是 1；要除的是分数。",
            en="divided by √E after softmax: the weights no longer sum to 1; divide the scores.",
            card="attn-scale",
            also=(("k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])", "k.swapaxes(-1, -2)"),),
        ),
        Mistake(
            "softmax-over-queries",
            "scores.max(-1",
            "scores.max(-2",
            zh="softmax 沿查询做了；每个查询的权重对键求和为 1，所以沿最后一维。",
            en="softmax went over the queries; each query's weights sum to 1 over the keys.",
            card="attn-shapes",
            also=(("e.sum(-1", "e.sum(-2"),),
        ),
        Mistake(
            "masked-after-softmax",
            "return e / np.maximum(e.sum(-1, keepdims=True), 1)",
            "return np.where(mask, e / e.sum(-1, keepdims=True), 0)",
            zh="softmax 之后才遮：剩下的权重之和小于 1；应在 softmax 之前把分数换成 −∞。",
            en="masked after softmax: what is left sums to less than 1; mask the scores before it.",
            card="attn-mask-before-softmax",
            also=(
                ("    scores = np.where(mask, scores, np.finfo(q.dtype).min)\n", ""),
                ("    e = np.where(mask, e, 0)\n", ""),
            ),
        ),
        Mistake(
            "mask-added-as-numbers",
            "np.where(mask, scores, np.finfo(q.dtype).min)",
            "scores + mask",
            zh="把布尔 mask 当 0 和 1 加到了分数上：被遮的键仍有权重；应换成 −∞。",
            en="added the boolean mask as 0 and 1: hidden keys keep weight; make their scores −∞.",
            card="attn-mask-before-softmax",
            also=(("    e = np.where(mask, e, 0)\n", ""),),
        ),
        Mistake(
            "hidden-scores-are-zero",
            "np.where(mask, scores, np.finfo(q.dtype).min)",
            "np.where(mask, scores, 0)",
            zh="被遮的分数成了 0（或 1e-9）：exp(0) = 1，它们仍有权重；应是 −∞。",
            en="hidden scores became 0 or 1e-9: exp(0) = 1, so they keep weight; make them −∞.",
            card="attn-mask-before-softmax",
            also=(("    e = np.where(mask, e, 0)\n", ""),),
        ),
        Mistake(
            "mask-ignored",
            "attention_weights(q, k, mask) @ v",
            "attention_weights(q, k, None) @ v",
            zh="没有用 mask。",
            en="the mask was not used.",
            card="attn-mask-before-softmax",
        ),
        Mistake(
            "no-maximum-subtracted",
            "np.exp(scores - scores.max(-1, keepdims=True))",
            "np.exp(scores)",
            zh="softmax 没有减去最大值：分数一大，exp 就溢出，得到 NaN。",
            en="softmax did not subtract the maximum: exp overflows for large scores, to NaN.",
            card="attn-stable",
            also=(("np.maximum(e.sum(-1, keepdims=True), 1)", "e.sum(-1, keepdims=True)"),),
        ),
        Mistake(
            "one-maximum-for-all-queries",
            "scores.max(-1, keepdims=True)",
            "scores.max()",
            zh="减去的是全体的最大值：分数低得多的查询全部下溢，得到 0/0；每行减自己的。",
            en="subtracted one maximum from all: queries far below it underflow; each has its own.",
            card="attn-stable",
            also=(("np.maximum(e.sum(-1, keepdims=True), 1)", "e.sum(-1, keepdims=True)"),),
        ),
        Mistake(
            "hidden-keys-in-the-maximum",
            "    scores = np.where(mask, scores, np.finfo(q.dtype).min)\n",
            "",
            zh="先 softmax 再遮、再归一化：被遮的分数很大时，其余全部下溢，得到 0/0。",
            en="masked and renormalised after softmax: a large hidden score leaves 0/0.",
            card="attn-stable",
            also=(("np.maximum(e.sum(-1, keepdims=True), 1)", "e.sum(-1, keepdims=True)"),),
        ),
        Mistake(
            "softmax-derivative-elementwise",
            "p * (dp - (dp * p).sum(-1, keepdims=True))",
            "p * (1 - p) * dp",
            zh="softmax 的导数用了 p(1 − p)，那只是对角线；dS = P ∘ (dP − Σ dP ∘ P)。",
            en="took p (1 − p) for softmax's derivative, its diagonal; dS = P ∘ (dP − Σ dP ∘ P).",
            card="attn-backward",
        ),
        Mistake(
            "no-sum-in-softmax-derivative",
            "p * (dp - (dp * p).sum(-1, keepdims=True))",
            "p * dp",
            zh="softmax 的反向漏了 − Σ dP ∘ P：抬高一个权重会压低其余的。",
            en="softmax's backward lacks − Σ dP ∘ P: raising one weight lowers the others.",
            card="attn-backward",
        ),
        Mistake(
            "softmax-derivative-over-queries",
            "(dp * p).sum(-1",
            "(dp * p).sum(-2",
            zh="softmax 的反向沿查询求了和；要沿键，也就是前向归一化的那一维。",
            en="softmax's backward summed over the queries; sum over the keys, as softmax did.",
            card="attn-backward",
        ),
        Mistake(
            "not-scaled-in-backward",
            "keepdims=True)) / math.sqrt(q.shape[-1])",
            "keepdims=True))",
            zh="dQ 和 dK 漏除以 √E。",
            en="dQ and dK lack the division by √E.",
            card="attn-backward",
        ),
        Mistake(
            "not-scaled-in-dq",
            "return dscores @ k,",
            "return dscores @ k * math.sqrt(q.shape[-1]),",
            zh="dQ 漏除以 √E；若前向先缩放了 Q，dQ 也要再除一次。",
            en="dQ lacks the division by √E; where Q was scaled first, its gradient is scaled too.",
            card="attn-backward",
        ),
        Mistake(
            "not-scaled-in-dk",
            "dscores.swapaxes(-1, -2) @ q",
            "dscores.swapaxes(-1, -2) @ q * math.sqrt(q.shape[-1])",
            zh="dK 漏除以 √E：它乘的是缩放过的 Q。",
            en="dK lacks the division by √E: it multiplies the scaled Q.",
            card="attn-backward",
        ),
        Mistake(
            "mask-ignored-in-backward",
            "    p = attention_weights(q, k, mask)\n    dv",
            "    p = attention_weights(q, k, None)\n    dv",
            zh="反向重算 P 时漏了 mask。",
            en="the backward pass recomputed P without the mask.",
            card="attn-backward",
        ),
    ),
)
