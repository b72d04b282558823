"""Random changes that films and cells share, and how a change is drawn.

Every function takes and returns float tensors of shape ``(batch, channels, height, width)`` with
values in 0..1, works on the whole batch at once and draws from the generator it is given.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

Generator = torch.Generator


def uniform(g: Generator, shape: tuple[int, ...], low: float, high: float) -> torch.Tensor:
    """Draw evenly from ``low`` to ``high``."""
    return torch.rand(shape, generator=g) * (high - low) + low


def change_some(
    x: torch.Tensor,
    change: Callable[[torch.Tensor, Generator], torch.Tensor],
    p: float,
    g: Generator,
) -> torch.Tensor:
    """Apply ``change`` to each image with the probability ``p``."""
    chosen = torch.nonzero(torch.rand(len(x), generator=g) < p).flatten()
    return x.index_copy(0, chosen, change(x[chosen], g)) if len(chosen) else x


def sharpness(x: torch.Tensor, g: Generator) -> torch.Tensor:
    """From blurred to over-sharpened: ``x + a (x - blur(x))`` with a in -1..2.5."""
    sigma = 0.6 + 1.2 * torch.rand(1, generator=g).item()
    radius = math.ceil(2.5 * sigma)
    line = torch.exp(-0.5 * (torch.arange(-radius, radius + 1) / sigma) ** 2)
    line = (line / line.sum()).view(1, 1, 1, -1)
    planes = x.flatten(0, 1).unsqueeze(1)
    padded = F.pad(planes, (radius, radius, radius, radius), mode="reflect")
    blurred = F.conv2d(F.conv2d(padded, line), line.transpose(2, 3)).view_as(x)
    return (x + uniform(g, (len(x), 1, 1, 1), -1.0, 2.5) * (x - blurred)).clamp(0, 1)


def coarse(x: torch.Tensor, g: Generator) -> torch.Tensor:
    """Lose resolution: shrink to 40 to 90 % and enlarge again."""
    side = max(8, int(x.shape[2] * (0.4 + 0.5 * torch.rand(1, generator=g).item())))
    small = F.interpolate(x, size=(side, side), mode="bilinear", antialias=True)
    return F.interpolate(small, size=x.shape[2:], mode="bicubic").clamp(0, 1)


def noise(x: torch.Tensor, g: Generator) -> torch.Tensor:
    """Gaussian noise, sigma up to 0.07 of the range, of fine or coarse grain."""
    grain = torch.randn(x.shape, generator=g)
    if torch.rand(1, generator=g).item() < 0.5:
        grain = F.avg_pool2d(grain, 3, stride=1, padding=1) * 2
    return (x + grain * uniform(g, (len(x), 1, 1, 1), 0.0, 0.07)).clamp(0, 1)


def jpeg(x: torch.Tensor, g: Generator, p: float) -> torch.Tensor:
    """JPEG of quality 15 to 75 for a share ``p`` of the batch."""
    out = x.clone()
    for i in torch.nonzero(torch.rand(len(x), generator=g) < p).flatten().tolist():
        quality = int(torch.randint(15, 76, (1,), generator=g))
        levels = (x[i].clamp(0, 1) * 255).round().to(torch.uint8).permute(1, 2, 0).numpy()
        buffer = io.BytesIO()
        Image.fromarray(levels.squeeze()).save(buffer, "JPEG", quality=quality)
        read = np.array(Image.open(buffer), dtype=np.float32).reshape(levels.shape)
        out[i] = torch.from_numpy(read).permute(2, 0, 1) / 255
    return out
