"""What was to be written, called under whatever name: it is recognised, and told."""

import textwrap

import pytest

from interview_cli.judge.exercise import Exercise
from interview_cli.judge.judging import verdict_of
from interview_cli.judge.nursery import nursery

from .bank import PROVEN

EXERCISES = {s.name: Exercise(s) for s in PROVEN}

BATCH_NORM = """
    import torch
    import torch.nn.functional as F
    from torch import nn

    def batch_norm(
        x, gamma, beta, running_mean, running_var, training=True, momentum=0.1, eps=1e-5
    ):
        mean, var = running_mean.clone(), running_var.clone()
        y = {}
        return y, mean, var

    def made(x, gamma, beta, mean, var, training, momentum, eps):
        layer = nn.BatchNorm1d(x.shape[1], eps, momentum, dtype=x.dtype).train(training)
        layer.weight, layer.bias = nn.Parameter(gamma), nn.Parameter(beta)
        layer.running_mean, layer.running_var = mean, var
        return layer(x.flatten(2) if x.dim() > 2 else x).reshape(x.shape)
"""
BY_FUNCTION = "(x, mean, var, gamma, beta, training, momentum, eps)"
ENABLED = "(x, gamma, beta, mean, var, training, momentum, eps, False)"
SOFTMAX = "import torch\nfrom torch import nn\ndef softmax(x, axis=-1):\n    return {}\n"
LAYER_NORM = """
    import torch
    import torch.nn.functional as F

    def layer_norm(x, gamma, beta, eps=1e-5):
        return {}
"""
CROSS_ENTROPY = """
    import torch
    from torch import nn

    def cross_entropy(logits, target, ignore_index=-100, label_smoothing=0.0):
        return {}
"""
ATTENTION = """
    import torch
    import torch.nn.functional as F

    def scaled_dot_product_attention(q, k, v, mask=None):
        {}
"""
ADAM = """
    import torch
    {}

    def adam(param, grad, m, v, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        p = param.clone().requires_grad_(True)
        opt = {}([p], lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)
        opt.state[p] = {{"step": torch.tensor(float(t - 1)), "exp_avg": m.clone(),
                        "exp_avg_sq": v.clone()}}
        p.grad = grad.clone()
        opt.step()
        state = opt.state[p]
        return p.detach(), state["exp_avg"], state["exp_avg_sq"]
"""

SPELLINGS = [
    ("batch_norm", BATCH_NORM, "F.batch_norm" + BY_FUNCTION),
    ("batch_norm", BATCH_NORM, "nn.functional.batch_norm" + BY_FUNCTION),
    ("batch_norm", BATCH_NORM, "torch.batch_norm" + ENABLED),
    ("batch_norm", BATCH_NORM, "getattr(torch, 'batch' + '_norm')" + ENABLED),
    ("batch_norm", BATCH_NORM, "torch.ops.aten.batch_norm" + ENABLED),
    ("batch_norm", BATCH_NORM, "torch.native_batch_norm" + ENABLED[:-8] + ")[0]"),
    ("batch_norm", BATCH_NORM, "torch.ops.aten.native_batch_norm.default" + ENABLED[:-8] + ")[0]"),
    ("batch_norm", BATCH_NORM, "vars(F)['_batch_norm'[1:]]" + BY_FUNCTION),
    ("batch_norm", BATCH_NORM, "__import__('torch').nn.functional.batch_norm" + BY_FUNCTION),
    ("batch_norm", BATCH_NORM, "made(x, gamma, beta, mean, var, training, momentum, eps)"),
    ("softmax", SOFTMAX, "torch.softmax(x, axis)"),
    ("softmax", SOFTMAX, "x.softmax(axis)"),
    ("softmax", SOFTMAX, "torch.Tensor.softmax(x, axis)"),
    ("softmax", SOFTMAX, "nn.Softmax(axis)(x)"),
    ("softmax", SOFTMAX, "nn.functional.softmax(x, dim=axis)"),
    ("softmax", SOFTMAX, "torch.special.softmax(x, axis)"),
    ("softmax", SOFTMAX, "torch._softmax(x, axis, False)"),
    ("softmax", SOFTMAX, "torch.log_softmax(x, axis).exp()"),
    ("softmax", SOFTMAX, "nn.functional.softmin(-x, axis)"),
    ("softmax", SOFTMAX, "(lambda f: f(x, axis))(getattr(x.__class__, 'soft' 'max'))"),
    ("layer_norm", LAYER_NORM, "F.layer_norm(x, gamma.shape, gamma, beta, eps)"),
    ("layer_norm", LAYER_NORM, "torch.layer_norm(x, gamma.shape, gamma, beta, eps)"),
    (
        "cross_entropy", CROSS_ENTROPY,
        "nn.CrossEntropyLoss(ignore_index=ignore_index, label_smoothing=label_smoothing)"
        "(logits, target)",
    ),
    (
        "scaled_dot_product_attention", ATTENTION,
        "return F.scaled_dot_product_attention(q, k, v, mask)",
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def torch_nursery():
    with nursery("torch") as born:
        yield born


def forbidden(name, source, born):
    verdict = verdict_of(EXERCISES[name], textwrap.dedent(source), "torch", born, until="forward")
    assert verdict.kind == "forbidden", verdict
    return verdict.forbidden


@pytest.mark.parametrize(("name", "text", "call"), SPELLINGS, ids=[s[2][:50] for s in SPELLINGS])
def test_the_answer_itself_is_recognised(name, text, call, torch_nursery):
    told = forbidden(name, text.format(call), torch_nursery)
    assert not any(part.startswith(("builtins.", "torch._C")) for part in told), told


@pytest.mark.parametrize(
    ("before", "adam"),
    [
        ("", "torch.optim.Adam"),
        ("from torch.optim import Adam as A", "A"),
        ("import torch.optim.adam as o", "getattr(o, 'Ad' + 'am')"),
    ],
)
def test_an_optimizer_is_recognised(before, adam, torch_nursery):
    assert forbidden("adam", ADAM.format(before, adam), torch_nursery)
