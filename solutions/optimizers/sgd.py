"""SGD with momentum, one step.

    g ← g + λ θ    b ← μ b + (1 − τ) g    θ ← θ − γ b    Nesterov: θ ← θ − γ (g + μ b)

The buffer b adds the gradients up, each step's share fading by μ: where they agree it grows to
1 / (1 − μ) times one gradient, where they alternate they nearly cancel.
Sutskever et al. 2013 and torch's documentation; γ is lr, μ momentum, τ dampening, λ weight_decay
and θ param. https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html
"""


def sgd(
    param, grad, buf, t, lr=1e-3, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False
):
    """param, grad, buf (*), t = 1, 2, ... the number of this step -> param, buf (*)."""
    g = grad + weight_decay * param  # L2: it goes through the buffer like any gradient
    update = g
    if momentum != 0:
        # torch has no buffer before step 1, so the first gradient enters it undampened
        buf = g if t == 1 else momentum * buf + (1 - dampening) * g
        update = g + momentum * buf if nesterov else buf
    return param - lr * update, buf


def buffer_after(steps, momentum):
    """The buffer after `steps` gradients that are all 1."""
    return (1 - momentum**steps) / (1 - momentum)
