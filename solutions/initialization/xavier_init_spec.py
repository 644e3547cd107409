"""Proof of xavier_uniform: what random weights have in common, torch.nn.init's and ours.

fan_in and fan_out enter as a sum, so nothing can tell whether they were swapped.
"""

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


def reference(shape, rng, gain=1.0):
    import torch

    w = torch.empty(shape, dtype=torch.float64)
    return torch.nn.init.xavier_uniform_(w, gain, generator=rng)


def draw(rng, shape=(30, 40), **options):
    return {"shape": shape, "rng": Rng(int(rng.integers(2**31))), **options}


def twice(rng, **options):
    """The same call twice, with the same seed."""
    drawn = draw(rng, **options)
    return [Call(drawn), Call(drawn)]


def case(name, drawn=draw, stage="forward", **options):
    return Case(
        name,
        partial(drawn, **options),
        stage=stage,
        dtypes=("float64",),
        why="no array goes in, so the function chooses the type; torch's default is float32",
    )


def law(arguments, results):
    """What all the weights together must be: uniform on (−a, a), and independent."""
    if "w" not in results[0]:
        same = [np.array_equal(*r.values()) for r in results]
        yield Statistic("the same seed draws the same", float(np.mean(same)), 1.0)
        return
    w = np.stack([r["w"] for r in results])
    ulp = float(np.finfo(np.float32).eps)  # a submission may choose that type
    largest = float(np.abs(w).max())
    u = w.astype(float) / largest
    clump = clump_of(u)
    a = bound(arguments["shape"], arguments.get("gain", 1.0))
    yield from of_distribution(u, largest / a, w.size // clump, ulp)
    for axis, side in enumerate(u.shape):
        own = side if is_clumped(u, axis) else 1
        yield together(u, axis, clump // own)


def bound(shape, gain=1.0):
    c_out, c_in, *kernel = shape
    return gain * math.sqrt(6 / ((c_in + c_out) * math.prod(kernel)))


def of_distribution(u, largest, count, ulp):
    """u: weights over their largest; largest: that over a; of so many independent draws."""
    # P(all |w| < a(1 − gap)) = (1 − gap)^count
    gap = -math.expm1(math.log(FALSE_ALARM) / count)
    # Massart 1990: P(distance > t) <= 2 exp(−2 n t²), which is Hoeffding's too. The gap, because
    # u are weights over their largest, not over a.
    tolerance = mean_tolerance(count, 1) + gap / 2
    away = distance(u)
    yield Statistic("distance from uniform", away, 0.0, tolerance)
    # The logarithm, so that another bound comes with the same spread; without a bound, as of
    # normal weights, the largest one varies more.
    half = -math.log1p(-gap) / 2
    blur = 0.15 if away > tolerance else 4 * ulp
    yield Statistic("log(max |w| / a)", float(np.log(largest)), -half, half + blur)


def distance(u):
    """Kolmogorov and Smirnov's, between the numbers u and the uniform distribution on (−1, 1)."""
    found = (np.sort(u.ravel()) + 1) / 2
    steps = np.arange(u.size + 1) / u.size
    return float(max((steps[1:] - found).max(), (found - steps[:-1]).max()))


def together(u, axis, clump=1):
    """The mean product of neighbours along an axis, each in one pair only, so that the pairs are
    independent: 0, but 1/3 where both are one draw."""
    whole = u.shape[axis] // 2 * 2
    even, odd = (np.take(u, range(start, whole, 2), axis) for start in (0, 1))
    name = "calls together" if axis == 0 else f"neighbours together along axis {axis - 1}"
    if not even.size:
        return Statistic(name, 0.0, 0.0)
    tolerance = mean_tolerance(max(even.size // clump, 1), 2)
    return Statistic(name, float((even * odd).mean()), 0.0, tolerance)


def clump_of(u):
    """How many weights share one draw: 1, but in a mistake, whose numbers then vary more."""
    return math.prod(n for axis, n in enumerate(u.shape) if is_clumped(u, axis))


def is_clumped(u, axis):
    found = together(u, axis)
    return found.value > found.tolerance


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


SPEC = Spec(
    function="xavier_uniform",
    outputs=("w",),
    reference=reference,
    law=law,
    repeats=16,
    minutes=6,
    oracle="torch.nn.init.xavier_uniform_, by its statistics",
    numbers={
        "xavier_std": xavier_std,
        "xavier_bound": xavier_bound,
        "conv_fan_in": conv_fan_in,
    },
    forbidden=("torch.nn.init.*xavier*", "torch.nn.init.*calculate*fan*"),
    cases=(
        case("plain"),
        case("many inputs", shape=(2, 300)),
        case("many outputs", shape=(300, 2)),
        case("square", shape=(24, 24)),
        case("a convolution", shape=(8, 3, 5, 5)),
        case("an uneven kernel", shape=(4, 6, 3, 7)),
        case("one dimension", shape=(10, 6, 9)),
        case("a pointwise convolution", shape=(16, 32, 1, 1)),
        case("gain of tanh", shape=(20, 30), gain=5 / 3, stage="options"),
        case("gain of ReLU, a convolution", shape=(6, 8, 3, 4), gain=2**0.5, stage="options"),
        case("a small gain", shape=(20, 30), gain=0.1, stage="options"),
        case("the same seed twice", twice, shape=(5, 6), stage="steps"),
    ),
    hints=(
        Hint(
            "先从形状 (C_out, C_in, *kernel) 求 fan_in 和 fan_out；卷积别忘了核的面积。",
            "First fan_in and fan_out from (C_out, C_in, *kernel); a kernel's area counts.",
        ),
        Hint(
            "正向要求方差 1/fan_in，反向要求 1/fan_out；取折中 2/(fan_in + fan_out)。",
            "Forward asks for the variance 1/fan_in, backward for 1/fan_out: 2/(fan_in + fan_out).",
        ),
        Hint(
            "U(−a, a) 的方差是 a²/3，由此得 a；gain 乘在标准差（也就是 a）上。",
            "U(−a, a) has the variance a²/3, which gives a; gain multiplies the std, and so a.",
        ),
        Hint(
            "a = gain · √(6 / (fan_in + fan_out))；用传入的 rng 抽：rng.uniform(−a, a, shape)。",
            "a = gain · √(6 / (fan_in + fan_out)); draw from the rng given, uniform on (−a, a).",
        ),
    ),
    conventions=(
        Convention(
            "fan-in-only",
            "2 / (fan_in + fan_out)",
            "1 / fan_in",
            zh="只用了 fan_in，如 Caffe 的 xavier（即 LeCun）；torch 用 2/(fan_in + fan_out)。",
            en="took fan_in alone, as Caffe's xavier and LeCun; torch has 2/(fan_in + fan_out).",
            card="init-xavier-frameworks",
        ),
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
            "receptive-field-on-one-side",
            "return c_in * field, c_out * field",
            "return c_in * field, c_out",
            zh="只有 fan_in 乘了卷积核的面积；fan_out 也要乘。",
            en="only fan_in contains the area of the kernel; fan_out does too.",
            card="init-conv-fan-in",
        ),
        Mistake(
            "one-side-of-the-kernel",
            "field = math.prod(kernel)",
            "field = kernel[0] if kernel else 1",
            zh="只乘了卷积核的一条边；要乘面积 kh · kw。",
            en="took one side of the kernel; it is the area, kh · kw.",
            card="init-conv-fan-in",
        ),
        Mistake(
            "fans-from-the-last-axes",
            "c_out, c_in, *kernel = shape",
            "*kernel, c_in, c_out = shape",
            zh="把最后两个轴当成了通道，那是 Keras 的布局；这里是 (C_out, C_in, *kernel)。",
            en="took the last two axes for the channels, as in Keras; here (C_out, C_in, *kernel).",
            card="init-xavier-frameworks",
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
            "rng.uniform(-a, a, shape)",
            "rng.uniform(0, a, shape)",
            zh="权重落在 [0, a)，均值不是 0；应在 (−a, a) 上均匀。",
            en="the weights lie in [0, a) and their mean is not 0; they are uniform on (−a, a).",
            card="xavier-bound",
        ),
        Mistake(
            "normal-instead-of-uniform",
            "rng.uniform(-a, a, shape)",
            "rng.normal(0, a / math.sqrt(3), shape)",
            zh="权重是正态的；xavier_uniform 是均匀分布，没有超出 (−a, a) 的权重。",
            en="the weights are normal; xavier_uniform's are uniform, none of them beyond (−a, a).",
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
            "bound-without-root",
            "math.sqrt(3) * xavier_std(fan_in, fan_out, gain)",
            "gain * 6 / (fan_in + fan_out)",
            zh="边界漏了根号：a = √(6/(fan_in + fan_out))。",
            en="the root is missing from the bound: a = √(6/(fan_in + fan_out)).",
            card="xavier-bound",
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
            "fan-out-only",
            "2 / (fan_in + fan_out)",
            "1 / fan_out",
            zh="只满足了反向条件；Xavier 也顾及正向的 fan_in。",
            en="met only the backward condition; Xavier also heeds fan_in.",
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
        Mistake(
            "gain-ignored",
            "return gain * math.sqrt(2",
            "return math.sqrt(2",
            zh="没有用 gain；标准差要乘以它。",
            en="gain was not used; the standard deviation is multiplied with it.",
            card="init-xavier-or-kaiming",
        ),
        Mistake(
            "one-row-for-all",
            "rng.uniform(-a, a, shape)",
            "rng.uniform(-a, a, (1, *shape[1:])).repeat(shape[0], 0)",
            zh="各输出的权重是同一行，对称没有打破；每个权重都要各抽一次。",
            en="all outputs share one row of weights and stay alike; draw each weight for itself.",
            card="init-why-not-zero",
        ),
        Mistake(
            "fixed-seed",
            "rng.uniform(-a, a, shape)",
            "np.random.default_rng(0).uniform(-a, a, shape)",
            zh="每次抽的都一样，例如重设了种子：形状相同的层权重相同；应从传入的 rng 继续抽。",
            en="draws the same every time, as when it seeds itself: layers of one shape are equal; "
            "go on with the rng given.",
            card="init-generator",
            also=(("import math\n", "import math\n\nimport numpy as np\n"),),
        ),
        Mistake(
            "global-random-state",
            "rng.uniform(-a, a, shape)",
            "np.random.uniform(-a, a, shape)",
            zh="没有从传入的 rng 抽（例如用了全局状态）：同一个种子不能重现。",
            en="did not draw from rng but, say, from the global state: a seed repeats nothing.",
            card="init-generator",
            also=(("import math\n", "import math\n\nimport numpy as np\n"),),
        ),
    ),
)
