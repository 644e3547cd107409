import torch


def conv2d(x, weight, bias, stride=1, padding=0):
    if isinstance(stride, int):
        stride = (stride, stride)
    if isinstance(padding, int):
        padding = (padding, padding)
    N, C, H, W = x.shape
    HH, WW = weight.shape[2:]
    padded = x.new_zeros(N, C, H + 2 * padding[0], W + 2 * padding[1])
    padded[:, :, padding[0] : padding[0] + H, padding[1] : padding[1] + W] = x
    rows = 1 + (H + 2 * padding[0] - HH) // stride[0]
    cols = 1 + (W + 2 * padding[1] - WW) // stride[1]
    lines = []
    for r in range(rows):
        line = []
        for c in range(cols):
            field = padded[:, None, :, r : r + HH, c : c + WW]
            line.append((field * weight).sum(dim=(2, 3, 4)) + bias)
        lines.append(torch.stack(line, dim=-1))
    return torch.stack(lines, dim=-2)
