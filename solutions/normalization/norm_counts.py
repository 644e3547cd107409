"""What normalization layers hold and compute, in numbers.

    LN (C, H, W)     2 C H W parameters: γ and β for every element
    BN (C,)          γ, β, running mean and variance: 4 C, and one counter of batches
    GN (G groups)    C/G · H · W values share one mean and one variance
    conv then BN     y = (w·x + b − μ) γ/√(σ² + ε) + β is a convolution with the bias below

Ioffe & Szegedy 2015, https://arxiv.org/abs/1502.03167; Wu & He 2018, https://arxiv.org/abs/1803.08494
"""


def folded_bias(bias, mean, var, gamma, beta, eps=1e-5):
    """Bias of the one convolution that does what a convolution and then BN in evaluation do."""
    return (bias - mean) * gamma / (var + eps) ** 0.5 + beta


def layer_norm_parameters(c, h, w):
    """How many numbers nn.LayerNorm((c, h, w)) learns."""
    return 2 * c * h * w


def batch_norm_state(c):
    """How many numbers nn.BatchNorm2d(c) keeps: γ, β, two running statistics, a counter."""
    return 4 * c + 1


def values_per_group(c, h, w, groups):
    """How many numbers of x (N, C, H, W) share one mean and one variance in GN."""
    return c // groups * h * w


def outlier_after_batch_norm(n):
    """Where BN puts one huge value among `n` of which the others are equal; ε neglected."""
    return (n - 1) ** 0.5


def variance_after_dropout(mean, var, p):
    """Variance after dropout in training (kept values / (1 − p)), from the input's moments."""
    return (var + mean**2) / (1 - p) - mean**2
