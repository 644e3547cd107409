"""Proof of conv2d: torch's F.conv2d and autograd."""

from functools import partial

from interview_cli.spec import Case, Convention, Hint, Mistake, Spec


def reference(x, weight, bias, stride=1, padding=0):
    import torch.nn.functional as F

    return F.conv2d(x, weight, bias, stride, padding)


def draw(rng, n=2, channels=(3, 4), size=(6, 8), kernel=(2, 3), loc=0.0, scale=1.0, **options):
    c_in, c_out = channels
    return {
        "x": rng.normal(loc, scale, (n, c_in, *size)),
        "weight": rng.normal(size=(c_out, c_in, *kernel)),
        "bias": rng.normal(size=c_out),
        **options,
    }


def output_size(n, k, stride=1, padding=0, dilation=1):
    import torch

    conv = torch.nn.Conv2d(1, 1, k, stride, padding, dilation)
    return conv(torch.zeros(1, 1, n, n)).shape[-1]


def parameters(c_in, c_out, k):
    import torch

    return sum(p.numel() for p in torch.nn.Conv2d(c_in, c_out, k).parameters())


def multiplications(c_in, c_out, k, h, w):
    """By torch's own counter, which counts a product and its addition as two."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    x = torch.zeros(1, c_in, h + k - 1, w + k - 1, device="meta")
    weight = torch.zeros(c_out, c_in, k, k, device="meta")
    with FlopCounterMode(display=False) as counter:
        torch.nn.functional.conv2d(x, weight)
    return counter.get_total_flops() // 2


def receptive_field(k, layers, stride=1):
    """How many inputs one output depends on, along one axis: those with a gradient."""
    import torch

    side = 1
    for _ in range(layers):
        side = (side - 1) * stride + k
    x = torch.ones(1, 1, side + 5, dtype=torch.float64, requires_grad=True)
    y = x
    for _ in range(layers):
        y = torch.nn.functional.conv1d(y, torch.ones(1, 1, k, dtype=torch.float64), stride=stride)
    (gradient,) = torch.autograd.grad(y[0, 0, 0], x)
    return gradient.count_nonzero().item()


SPEC = Spec(
    function="conv2d",
    outputs=("y",),
    reference=reference,
    backward="conv2d_backward",
    gradients=("x", "weight", "bias"),
    minutes=20,
    oracle="torch.nn.functional.conv2d and autograd",
    numbers={
        "output_size": output_size,
        "parameters": parameters,
        "multiplications": multiplications,
        "receptive_field": receptive_field,
    },
    forbidden=("*conv1d*", "*conv2d*", "*conv3d*", "*convolution*", "*conv_transpose*"),
    cases=(
        Case("plain", partial(draw, n=2, channels=(5, 6), size=(9, 11), kernel=(3, 4))),
        Case("one image, one channel", partial(draw, n=1, channels=(1, 1), size=(4, 5))),
        Case("one kernel", partial(draw, n=3, channels=(2, 1), size=(5, 4), kernel=(3, 2))),
        Case(
            "as many columns as kernels", partial(draw, channels=(2, 5), size=(4, 6), kernel=(3, 2))
        ),
        Case("kernel of one pixel", partial(draw, size=(4, 5), kernel=(1, 1))),
        Case("kernel as large as the image", partial(draw, size=(4, 5), kernel=(4, 5))),
        Case("stride that divides", partial(draw, size=(6, 7), stride=2, kernel=(2, 3)), "options"),
        Case("stride that does not", partial(draw, size=(7, 9), stride=3), "options"),
        Case("stride of each side", partial(draw, size=(8, 10), stride=(3, 2)), "options"),
        Case("stride longer than the kernel", partial(draw, size=(9, 8), stride=4), "options"),
        Case("padding", partial(draw, size=(4, 5), padding=1, kernel=(3, 2)), "options"),
        Case("padding of the height", partial(draw, size=(3, 6), padding=(2, 0)), "options"),
        Case("padding of the width", partial(draw, size=(5, 3), padding=(0, 1)), "options"),
        Case(
            "padding wider than the kernel",
            partial(draw, size=(3, 4), padding=(2, 3), kernel=(1, 2)),
            "options",
        ),
        Case(
            "stride and padding",
            partial(draw, size=(7, 6), stride=2, padding=1, kernel=(3, 2)),
            "options",
        ),
        Case(
            "stride and padding of each side",
            partial(draw, n=3, channels=(2, 4), size=(7, 9), stride=(2, 3), padding=(1, 2)),
            "options",
        ),
        Case("huge", partial(draw, size=(4, 5), scale=1e6), "stability"),
        Case("tiny", partial(draw, size=(4, 5), scale=1e-6, padding=1), "stability"),
        Case("far from zero", partial(draw, size=(5, 4), loc=1e4), "stability"),
    ),
    hints=(
        Hint(
            "先给 x 四周补 0。输出的每个位置对应一小块 (C_in, kH, kW)，从 (i·s_h, j·s_w) 开始。",
            "Pad x with zeros. Output (i, j) has the patch (C_in, kH, kW) from (i s_h, j s_w) on.",
        ),
        Hint(
            "H' = (H + 2 p_h − kH) // s_h + 1，W' 同理；放不下的最后几行、几列不用。",
            "H' = (H + 2 p_h − kH) // s_h + 1, W' likewise; what is left at the end is not used.",
        ),
        Hint(
            "每一小块与每个核逐元素相乘，对 c、u、v 求和，再加这个输出通道的偏置；核不翻转。",
            "Each patch times each kernel, summed over c, u, v, plus b[o]; no kernel is flipped.",
        ),
        Hint(
            "反向：dw 对 n、i、j 求和 dy · 小块；db 对 n、i、j 求和 dy。",
            "Backward: dw sums dy times the patch over n, i, j, and db sums dy over them.",
        ),
        Hint(
            "dx：把 dy · w 加回（+=）每一小块取自的位置，最后裁回 [p : p + H]，不是 [p : −p]。",
            "dx: add (+=) dy w back where each patch was taken; crop [p : p + H], not [p : −p].",
        ),
    ),
    conventions=(
        Convention(
            "flipped-kernel",
            'np.einsum("ncijuv,ocuv->noij", patches, weight)',
            'np.einsum("ncijuv,ocuv->noij", patches, weight[:, :, ::-1, ::-1])',
            zh="核翻转了，是数学上的卷积，如 Flux.jl、Theano；torch 不翻转，算的是互相关。",
            en="flipped the kernel, as Flux.jl and Theano do; torch's is a cross-correlation.",
            card="conv-or-correlation",
            also=(
                (
                    "return dpadded[:, :, p_h",
                    "dweight = dweight[:, :, ::-1, ::-1]\n    return dpadded[:, :, p_h",
                ),
                ("dy, weight)", "dy, weight[:, :, ::-1, ::-1])"),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "no-bias",
            " + bias[:, None, None]",
            "",
            zh="漏加了偏置：每个输出通道一个数。",
            en="the bias is missing: one number for each output channel.",
            card="conv-parameters",
        ),
        Mistake(
            "bias-per-column",
            "bias[:, None, None]",
            "bias",
            zh="偏置沿最后一维（列）广播了；它属于输出通道，要写成 (C_out, 1, 1)。",
            en="the bias went along the columns; it is one per output channel, as (C_out, 1, 1).",
            card="conv-parameters",
        ),
        Mistake(
            "bias-once-per-input-channel",
            "bias[:, None, None]",
            "x.shape[1] * bias[:, None, None]",
            zh="每个输入通道都加了一次偏置；对输入通道求和之后只加一次。",
            en="added the bias for every input channel; it comes once, after the sum over them.",
            card="conv-parameters",
        ),
        Mistake(
            "columns-in-another-order",
            'np.einsum("ncijuv,ocuv->noij", patches, weight)',
            'np.einsum("ncijuv,ouvc->noij", patches, channels_last(weight))',
            zh="im2col 的列按 (kH, kW, C) 排，权重却按 (C, kH, kW) 展平；两者的顺序必须一致。",
            en="im2col's columns run over (kH, kW, C), but the weights over (C, kH, kW).",
            card="conv-im2col",
            also=(
                (
                    "def pair(size):",
                    "def channels_last(w):\n"
                    "    return w.reshape(len(w), *w.shape[2:], w.shape[1])\n\n\n"
                    "def pair(size):",
                ),
            ),
        ),
        Mistake(
            "weights-reshaped",
            'np.einsum("ncijuv,ocuv->noij", patches, weight)',
            'np.einsum("ncijuv,cuvo->noij", patches, weight.reshape(*weight.shape[1:], -1))',
            zh="把权重直接 reshape 成 (C·kH·kW, C_out)；应先展平成 (C_out, C·kH·kW)，再转置。",
            en="reshaped the weights to (C kH kW, C_out); make it (C_out, C kH kW) and transpose.",
            card="conv-im2col",
        ),
        Mistake(
            "channels-last-reshaped",
            '    return np.einsum("ncijuv,ocuv->noij", patches, weight) + bias[:, None, None]',
            '    y = np.einsum("ncijuv,ocuv->nijo", patches, weight) + bias\n'
            "    return y.reshape(len(x), len(weight), *y.shape[1:3])",
            zh="把 (N, H', W', C_out) 直接 reshape 成 (N, C_out, H', W')；应当用 transpose。",
            en="reshaped (N, H', W', C_out) to (N, C_out, H', W'), which takes a transpose.",
            card="conv-im2col",
        ),
        Mistake(
            "kernels-first-reshaped",
            '    return np.einsum("ncijuv,ocuv->noij", patches, weight) + bias[:, None, None]',
            '    y = np.einsum("ncijuv,ocuv->onij", patches, weight) + bias[:, None, None, None]\n'
            "    return y.reshape(len(x), len(weight), *y.shape[2:])",
            zh="把 (C_out, N, H', W') 直接 reshape 成 (N, C_out, H', W')；应当交换这两个轴。",
            en="reshaped (C_out, N, H', W') to (N, C_out, H', W'); the two axes must be swapped.",
            card="conv-im2col",
        ),
        Mistake(
            "size-without-plus-one",
            "[:, :, ::s_h, ::s_w]",
            "[:, :, ::s_h, ::s_w][:, :, :-1, :-1]",
            zh="输出尺寸少了 1：是 (H + 2p − k) // s + 1，第一个窗口也要算。",
            en="the output is one short: (H + 2p − k) // s + 1; the first window counts as well.",
            card="conv-output-size",
        ),
        Mistake(
            "size-rounded-up",
            "windows(padded(x, padding)",
            "windows(with_rest(padded(x, padding), weight.shape[2:], (s_h, s_w))",
            zh="输出尺寸向上取整，最后的窗口伸到了图外；torch 向下取整。",
            en="rounded the output size up, so the last windows hang over; torch rounds it down.",
            card="conv-output-size",
            also=(
                (
                    "def pair(size):",
                    "def with_rest(x, kernel, stride):\n"
                    "    sides = zip(x.shape[2:], kernel, stride, strict=True)\n"
                    "    rest = [(0, -(n - k) % s) for n, k, s in sides]\n"
                    "    return np.pad(x, ((0, 0), (0, 0), *rest))\n\n\n"
                    "def pair(size):",
                ),
            ),
        ),
        Mistake(
            "windows-not-strided",
            "    patches = patches_of(x, weight, stride, padding)\n    return",
            "    height, width = patches_of(x, weight, stride, padding).shape[2:4]\n"
            "    patches = patches_of(x, weight, 1, padding)[:, :, :height, :width]\n    return",
            zh="stride 只用来算输出尺寸，窗口仍然每次移一格；第 i 个窗口从 i·s 开始。",
            en="used the stride for the size only: window i starts at i s, not at i.",
            card="conv-output-size",
        ),
        Mistake(
            "stride-sides-swapped",
            "    s_h, s_w = pair(stride)\n    windows",
            "    s_w, s_h = pair(stride)\n    windows",
            zh="stride 的两个方向反了：(s_h, s_w) 先高后宽。",
            en="swapped the two strides: (s_h, s_w) is height first, then width.",
            card="conv-output-size",
        ),
        Mistake(
            "padding-sides-swapped",
            "    p_h, p_w = pair(padding)\n    return np.pad",
            "    p_w, p_h = pair(padding)\n    return np.pad",
            zh="padding 的两个方向反了：(p_h, p_w) 先高后宽。",
            en="swapped the two paddings: (p_h, p_w) is height first, then width.",
            card="conv-padding-same",
        ),
        Mistake(
            "padding-ignored",
            "return np.pad(x, ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w)))",
            "return x",
            zh="没有补 0：padding 在上下左右各补这么多。",
            en="did not pad: padding adds that many zeros on each of the four sides.",
            card="conv-padding-same",
        ),
        Mistake(
            "padding-on-one-side",
            "(p_h, p_h), (p_w, p_w)",
            "(p_h, 0), (p_w, 0)",
            zh="只在上边和左边补了 0；padding 是每一边的数目，四边都补。",
            en="padded above and on the left only; padding counts each side, and all four get it.",
            card="conv-padding-same",
        ),
        Mistake(
            "overlaps-overwritten",
            "+= dpatches",
            "= dpatches",
            zh="小块重叠处用了 =，后写的盖掉先写的；一个像素参与几个输出，就要累加（+=）几次。",
            en="overlapping patches were assigned; a pixel adds up (+=) over all outputs it is in.",
            card="conv-backward",
        ),
        Mistake(
            "overlaps-overwritten-by-the-last-window",
            "in range(weight.shape[2])",
            "in reversed(range(weight.shape[2]))",
            zh="小块重叠处用了 =，只留下最后一个窗口的；一个像素参与几个输出，就要累加几次。",
            en="where windows overlap only the last stayed; a pixel adds up (+=) over all.",
            card="conv-backward",
            also=(
                ("+= dpatches", "= dpatches"),
                ("in range(weight.shape[3])", "in reversed(range(weight.shape[3]))"),
            ),
        ),
        Mistake(
            "kernel-the-wrong-way-round-in-dx",
            "dy, weight)",
            "dy, weight[:, :, ::-1, ::-1])",
            zh="dx 里核的方向反了：dy · w 原样加回原处；若写成对 dy 的互相关，核要翻转一次。",
            en="dx has the kernel the wrong way round: add dy w as it is, or correlate it flipped.",
            card="conv-backward",
        ),
        Mistake(
            "stride-ignored-in-dx",
            "slice(u, u + s_h * height, s_h), slice(v, v + s_w * width, s_w)",
            "slice(u, u + height), slice(v, v + width)",
            zh="dx 没有用 stride：第 i 个窗口取自 i·s 处，也要加回那里。",
            en="dx ignores the stride: window i was taken at i s, and goes back there.",
            card="conv-backward",
        ),
        Mistake(
            "stride-ignored-in-dweight",
            "    dweight = np.einsum(",
            "    patches = patches_of(x, weight, 1, padding)[:, :, : dy.shape[2], : dy.shape[3]]\n"
            "    dweight = np.einsum(",
            zh="dw 没有用 stride：dy 的第 i 行要乘以从 i·s 开始的小块。",
            en="dw ignores the stride: row i of dy meets the patch that starts at i s.",
            card="conv-backward",
        ),
        Mistake(
            "padding-not-cropped",
            "return dpadded[:, :, p_h : p_h + h, p_w : p_w + w]",
            "return dpadded[:, :, : p_h + h + p_h, : p_w + w + p_w]",
            zh="dx 仍然带着补的边；要裁回 x 的大小。",
            en="dx still has the padding around it; crop it to the size of x.",
            card="conv-backward",
        ),
        Mistake(
            "cropped-to-minus-padding",
            "p_h : p_h + h, p_w : p_w + w]",
            "p_h:-p_h, p_w:-p_w]",
            zh="用 [p:-p] 裁剪：p = 0 时是 [0:0]，什么也不剩；写成 [p : p + H]。",
            en="cropped with [p:-p], which for p = 0 is [0:0] and empty; write [p : p + H].",
            card="conv-backward",
        ),
        Mistake(
            "last-image-only",
            '"noij,ncijuv->ocuv", dy, patches',
            '"oij,cijuv->ocuv", dy[-1], patches[-1]',
            zh="dw 只剩最后一张图的：对 batch 循环时用了 = 而不是 +=。",
            en="dw is the last image's only: the loop over the batch assigns where it should add.",
            card="conv-backward",
        ),
        Mistake(
            "averaged-over-the-batch",
            "dweight, dbias\n",
            "dweight / len(x), dbias / len(x)\n",
            zh="dw、db 又除以了 N；平均若有，已在损失里，也就在 dy 里。",
            en="divided dw and db by N; if the loss takes a mean, dy has that factor already.",
            card="conv-backward",
        ),
        Mistake(
            "bias-gradient-averaged",
            "dy.sum((0, 2, 3))",
            "dy.mean((0, 2, 3))",
            zh="db 取了平均；偏置加在每个输出上，所以是 dy 对 n、i、j 的和。",
            en="db is a mean; the bias is in every output, so db is the sum of dy over n, i and j.",
            card="conv-backward",
        ),
        Mistake(
            "bias-gradient-per-image",
            "dy.sum((0, 2, 3))",
            "dy.sum((2, 3))",
            zh="db 没有对 batch 求和；同一个偏置用在每张图上，db 的形状是 (C_out,)。",
            en="db was not summed over the batch; every image shares the bias, and db is (C_out,).",
            card="conv-backward",
        ),
        Mistake(
            "weight-gradient-flipped",
            "    dbias = dy.sum",
            "    dweight = dweight[:, :, ::-1, ::-1]\n    dbias = dy.sum",
            zh="dw 被翻转了；dw[u, v] 是 dy 与错开 (u, v) 的 x 的乘积之和。",
            en="dw came out flipped; dw[u, v] is the sum of dy times x shifted by (u, v).",
            card="conv-backward",
        ),
    ),
)
