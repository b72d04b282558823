"""The lung finder: a small U-Net of operations that the int8 engine has or gains."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

INPUT_SIZE = 112
WIDTHS = (16, 32, 64, 96)
FILM_MEAN, FILM_STD = 0.482, 0.236
"""The input is ``(grey / 255 - FILM_MEAN) / FILM_STD``."""


def _conv(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class LungFinder(nn.Module):
    """Maps a film to the logits of "this place belongs to a lung" at half its size.

    Input ``(batch, 1, side, side)``, normalised, ``side`` a multiple of 16; output
    ``(batch, 1, side / 2, side / 2)``. 3 x 3 convolutions (the strided ones go down),
    folded batch norm, ReLU; 2 x nearest upsampling and concatenation (deep map first,
    then the map of the way down) on the way up; one 1 x 1 convolution at the end.
    """

    def __init__(self, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        self.widths = tuple(widths)
        self.down = nn.ModuleList()
        inputs = 1
        for depth, width in enumerate(widths):
            layers = [_conv(inputs, width, 2), _conv(width, width)]
            if depth == len(widths) - 1:
                layers.append(_conv(width, width))
            self.down.append(nn.Sequential(*layers))
            inputs = width
        self.up = nn.ModuleList()
        for width in reversed(widths[:-1]):
            self.up.append(nn.Sequential(_conv(inputs + width, width), _conv(width, width)))
            inputs = width
        self.head = nn.Conv2d(inputs, 1, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        skips.pop()
        for block in self.up:
            x = functional.interpolate(x, scale_factor=2, mode="nearest")
            x = block(torch.cat([x, skips.pop()], dim=1))
        return self.head(x)


def normalise(films: torch.Tensor) -> torch.Tensor:
    """``(batch, side, side)`` greys of 0 to 255 to the network's ``(batch, 1, side, side)``."""
    return ((films.float() / 255 - FILM_MEAN) / FILM_STD).unsqueeze(1)


def multiplications(widths: tuple[int, ...] = WIDTHS, size: int = INPUT_SIZE) -> int:
    """Multiply-adds of one film, counted from the shapes."""
    total = 0

    def count(module: nn.Conv2d, _: object, output: torch.Tensor) -> None:
        nonlocal total
        total += output.numel() * module.in_channels * module.kernel_size[0] ** 2

    net = LungFinder(widths).eval()
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            module.register_forward_hook(count)
    with torch.inference_mode():
        net(torch.zeros(1, 1, size, size))
    return total
