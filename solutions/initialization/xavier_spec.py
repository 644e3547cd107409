"""Proof of xavier_uniform: torch.nn.init with a seeded generator whose own draws are known."""

from functools import partial

from interview_cli.spec import Case, Mistake, Spec


def drawn(init, plain, shape, **options):
    """What `init` multiplies its draws with: its weights over the plain draws of the same seed."""
    import torch

    w, draws = torch.empty(shape, dtype=torch.float64), torch.empty(shape, dtype=torch.float64)
    init(w, generator=torch.Generator().manual_seed(0), **options)
    plain(draws, generator=torch.Generator().manual_seed(0))
    most = draws.abs().argmax()
    return (w.flatten()[most] / draws.flatten()[most]).item()


def bound_of(shape, gain=1.0):
    import torch

    def plain(t, generator):
        t.uniform_(generator=generator).mul_(2).sub_(1)

    return drawn(torch.nn.init.xavier_uniform_, plain, shape, gain=gain)


def reference(u, gain=1.0):
    return u.new_tensor(bound_of(tuple(u.shape), gain)) * (u + u - 1)


def xavier_bound(fan_in, fan_out, gain=1.0):
    return bound_of((fan_out, fan_in), gain)


def xavier_std(fan_in, fan_out, gain=1.0):
    import torch

    return drawn(torch.nn.init.xavier_normal_, torch.Tensor.normal_, (fan_out, fan_in), gain=gain)


def conv_fan_in(c_in, k):
    """From Kaiming's std for a linear layer, 1 / √fan_in, on the weights of a convolution."""
    import torch

    kaiming = partial(torch.nn.init.kaiming_normal_, nonlinearity="linear")
    std = drawn(kaiming, torch.Tensor.normal_, tuple(torch.nn.Conv2d(c_in, 2, k).weight.shape))
    return round(1 / std**2)


def draw(rng, shape=(3, 4), **options):
    return {"u": rng.uniform(size=shape), **options}


def ends(rng, shape=(2, 5)):
    """0 and 1/2, which go to −a and 0, beside the largest number below 1."""
    return {"u": rng.choice([0.0, 0.5, 1 - 2.0**-24], size=shape)}


SPEC = Spec(
    function="xavier_uniform",
    outputs=("w",),
    reference=reference,
    oracle="torch.nn.init.xavier_uniform_, and the uniform draws of its generator",
    numbers={
        "xavier_std": xavier_std,
        "xavier_bound": xavier_bound,
        "conv_fan_in": conv_fan_in,
    },
    cases=(
        Case("plain", draw),
        Case("square", partial(draw, shape=(6, 6))),
        Case("many inputs", partial(draw, shape=(2, 300))),
        Case("many outputs", partial(draw, shape=(300, 2))),
        Case("one weight", partial(draw, shape=(1, 1))),
        Case("the ends of the interval", ends),
        Case("a convolution", partial(draw, shape=(8, 3, 5, 5))),
        Case("an uneven kernel", partial(draw, shape=(4, 6, 3, 7))),
        Case("one dimension", partial(draw, shape=(4, 6, 3))),
        Case("gain of tanh", partial(draw, shape=(5, 7), gain=5 / 3)),
        Case("gain of ReLU, a convolution", partial(draw, shape=(4, 2, 3, 3), gain=2**0.5)),
    ),
    mistakes=(
        Mistake(
            "no-receptive-field",
            "field = math.prod(kernel)",
            "field = 1",
            zh="卷积的 fan_in 和 fan_out 还要乘以卷积核的面积。",
            en="for a convolution, fan_in and fan_out also contain the area of the kernel.",
            card="init-conv-fan-in",
        ),
        Mistake(
            "std-as-bound",
            "math.sqrt(3) * xavier_std(",
            "xavier_std(",
            zh="把标准差当成了均匀分布的边界；U(−a, a) 的方差是 a²/3，所以 a = √3 · std。",
            en="took the std for the bound; U(−a, a) has the variance a²/3, so a = √3 · std.",
            card="xavier-bound",
        ),
        Mistake(
            "not-centred",
            "a * (2 * u - 1)",
            "a * u",
            zh="权重落在 [0, a)，均值不是 0；应先把 u 映到 [−1, 1)。",
            en="the weights lie in [0, a) and their mean is not 0; map u to [−1, 1) first.",
            card="xavier-bound",
        ),
        Mistake(
            "variance-as-std",
            "gain * math.sqrt(2 / (fan_in + fan_out))",
            "gain * (2 / (fan_in + fan_out))",
            zh="把方差当成了标准差，少开了一次根号。",
            en="took the variance for the standard deviation: the root is missing.",
            card="xavier-std",
        ),
        Mistake(
            "sum-of-fans",
            "2 / (fan_in + fan_out)",
            "1 / (fan_in + fan_out)",
            zh="折中取的是两个 fan 的平均，不是和：方差是 2/(fan_in + fan_out)。",
            en="took the sum of the fans for their mean: the variance is 2/(fan_in + fan_out).",
            card="xavier-derivation",
        ),
        Mistake(
            "fan-in-only",
            "2 / (fan_in + fan_out)",
            "1 / fan_in",
            zh="只满足了正向条件，这是 LeCun 初始化；Xavier 也顾及反向的 fan_out。",
            en="met only the forward condition, as LeCun does; Xavier also heeds fan_out.",
            card="xavier-derivation",
        ),
        Mistake(
            "kaiming",
            "2 / (fan_in + fan_out)",
            "2 / fan_in",
            zh="这是 Kaiming 的方差 2/fan_in，为 ReLU 设计；Xavier 是 2/(fan_in + fan_out)。",
            en="2/fan_in is Kaiming's variance, for ReLU; Xavier's is 2/(fan_in + fan_out).",
            card="init-xavier-or-kaiming",
        ),
        Mistake(
            "gain-in-the-variance",
            "gain * math.sqrt(2 / (fan_in + fan_out))",
            "math.sqrt(gain * 2 / (fan_in + fan_out))",
            zh="gain 乘的是标准差，不是方差。",
            en="gain multiplies the standard deviation, not the variance.",
            card="init-xavier-or-kaiming",
        ),
    ),
)
