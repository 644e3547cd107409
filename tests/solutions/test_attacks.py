"""Programs that once got the wrong verdict."""

import textwrap
from typing import NamedTuple

import pytest

from interview_cli.judge.exercise import Exercise
from interview_cli.judge.judging import verdict_of
from interview_cli.judge.nursery import nursery

from .bank import PROVEN

EXERCISES = {s.name: Exercise(s) for s in PROVEN}


class Attack(NamedTuple):
    """What a learner wrote, and what is to be said of it."""

    name: str
    language: str
    kind: str
    stage: str | None
    source: str


ATTACKS = {
    "only the backward pass follows a convention, which is none": Attack(
        "layer_norm", "numpy", "wrong", "backward", """
        import numpy as np

        def layer_norm(x, gamma, beta, eps=1e-5):
            axes = tuple(range(-gamma.ndim, 0))
            mean, var = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
            return gamma * (x - mean) / np.sqrt(var + eps) + beta

        def layer_norm_backward(dy, x, gamma, eps=1e-5):
            axes = tuple(range(-gamma.ndim, 0))
            mean = x.mean(axes, keepdims=True)
            r = 1 / np.sqrt(x.var(axes, keepdims=True) + eps)
            x_hat = (x - mean) * r
            g = dy * (1 + gamma)
            a, b = g.mean(axes, keepdims=True), x_hat * (g * x_hat).mean(axes, keepdims=True)
            others = tuple(range(x.ndim - gamma.ndim))
            return r * (g - a - b), (dy * x_hat).sum(others), dy.sum(others)
        """,
    ),
    "a Function of one's own is called as what it is": Attack(
        "softmax", "torch", "accepted", None, """
        import torch

        class SoftmaxFunction(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x, axis):
                e = torch.exp(x - x.amax(axis, keepdim=True))
                y = e / e.sum(axis, keepdim=True)
                ctx.save_for_backward(y)
                ctx.axis = axis
                return y

            @staticmethod
            def backward(ctx, dy):
                (y,) = ctx.saved_tensors
                return y * (dy - (dy * y).sum(ctx.axis, keepdim=True)), None

        def softmax(x, axis=-1):
            return SoftmaxFunction.apply(x, axis)
        """,
    ),
    "the answer itself behind an option": Attack(
        "scaled_dot_product_attention", "torch", "forbidden", None, """
        import torch
        import torch.nn.functional as F

        def scaled_dot_product_attention(q, k, v, mask=None):
            if mask is not None:
                return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
            return torch.softmax(q @ k.mT / q.shape[-1] ** 0.5, -1) @ v
        """,
    ),
    "a fill that is not low enough": Attack(
        "scaled_dot_product_attention", "torch", "wrong", "stability", """
        import torch

        def scaled_dot_product_attention(q, k, v, mask=None):
            scores = q @ k.mT / q.shape[-1] ** 0.5
            if mask is not None:
                scores = scores.masked_fill(~mask, -50.0)
            return torch.softmax(scores, -1) @ v
        """,
    ),
    "an offset that is not low enough": Attack(
        "scaled_dot_product_attention", "torch", "wrong", "stability", """
        import torch

        def scaled_dot_product_attention(q, k, v, mask=None):
            scores = q @ k.mT / q.shape[-1] ** 0.5
            if mask is not None:
                scores = scores + torch.where(mask, 0.0, -50.0).to(q.dtype)
            return torch.softmax(scores, -1) @ v
        """,
    ),
    "a square mask transposed": Attack(
        "scaled_dot_product_attention", "torch", "wrong", "options", """
        import torch

        def scaled_dot_product_attention(q, k, v, mask=None):
            scores = q @ k.mT / q.shape[-1] ** 0.5
            if mask is not None:
                mask = mask.mT if mask.shape[-1] == mask.shape[-2] else mask
                scores = scores.masked_fill(~mask, -torch.inf)
            return torch.softmax(scores, -1).nan_to_num(0) @ v
        """,
    ),
    "a script, which torch compiles from its source": Attack(
        "softmax", "torch", "accepted", None, """
        import torch

        @torch.jit.script
        def shares(e, axis: int):
            return e / e.sum(axis, keepdim=True)

        def softmax(x, axis=-1):
            return shares(torch.exp(x - x.amax(axis, keepdim=True)), axis)
        """,
    ),
    "a NamedTuple with the name of the answer": Attack(
        "softmax", "torch", "accepted", None, """
        import typing
        import torch

        class SoftmaxParts(typing.NamedTuple):
            e: torch.Tensor
            total: torch.Tensor

        def softmax(x, axis=-1):
            e = torch.exp(x - x.amax(axis, keepdim=True))
            parts = SoftmaxParts(e, e.sum(axis, keepdim=True))
            return parts.e / parts.total
        """,
    ),
    "an exception of one's own at p = 1 divides nothing by zero": Attack(
        "dropout", "numpy", "raised", "options", """
        import numpy as np

        def dropout(x, p, rng, training=True):
            if not 0 <= p < 1:
                raise ValueError("p in [0, 1)")
            if not training:
                return x, np.ones(x.shape, bool)
            mask = rng.random(x.shape) >= p
            return x * mask / (1 - p), mask

        def dropout_backward(dy, mask, p, training=True):
            return dy * mask / (1 - p) if training else dy
        """,
    ),
    "another pivot than the maximum takes the log of nothing": Attack(
        "cross_entropy", "numpy", "wrong", "stability", """
        import numpy as np

        def cross_entropy(logits, target, ignore_index=-100, label_smoothing=0.0):
            keep = target != ignore_index
            z, t = logits[keep], target[keep]
            z = z - z[np.arange(len(t)), t][:, None]
            s = np.log(np.exp(z).sum(1))
            loss = s - z[np.arange(len(t)), t]
            if label_smoothing:
                loss = (1 - label_smoothing) * loss + label_smoothing * (s - z.mean(1))
            return loss.mean()

        def cross_entropy_backward(dy, logits, target, ignore_index=-100, label_smoothing=0.0):
            counts = target != ignore_index
            z = logits - logits.max(1, keepdims=True)
            p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
            k = p.shape[1]
            q = np.eye(k)[np.where(counts, target, 0)] * (1 - label_smoothing) + label_smoothing / k
            return dy * (p - q) * counts[:, None] / counts.sum()
        """,
    ),
    "float64 of one np.int64": Attack(
        "cross_entropy", "numpy", "accepted", None, """
        import numpy as np

        def cross_entropy(logits, target, ignore_index=-100, label_smoothing=0.0):
            counts = target != ignore_index
            z = logits - logits.max(1, keepdims=True)
            log_p = z - np.log(np.exp(z).sum(1, keepdims=True))
            right = np.where(counts, target, 0)
            picked = log_p[np.arange(len(right)), right]
            loss = -(1 - label_smoothing) * picked - label_smoothing * log_p.mean(1)
            return (loss * counts).sum() / counts.sum()

        def cross_entropy_backward(dy, logits, target, ignore_index=-100, label_smoothing=0.0):
            counts = target != ignore_index
            z = logits - logits.max(1, keepdims=True)
            p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
            k = p.shape[1]
            q = np.eye(k)[np.where(counts, target, 0)] * (1 - label_smoothing) + label_smoothing / k
            return dy * (p - q) * counts[:, None] / counts.sum()
        """,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def nurseries():
    born = {language: nursery(language) for language in ("numpy", "torch")}
    yield born
    for each in born.values():
        each.close()


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_it_gets_the_right_one_now(attack, nurseries):
    source = textwrap.dedent(attack.source)
    born = nurseries[attack.language]
    verdict = verdict_of(EXERCISES[attack.name], source, attack.language, born)
    stage = verdict.stage.name if verdict.stage else None
    assert (verdict.kind, stage) == (attack.kind, attack.stage), verdict
    assert (verdict.mistakes, verdict.conventions) == ((), ())
