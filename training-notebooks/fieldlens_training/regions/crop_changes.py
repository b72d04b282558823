"""Random changes of loose crops, so that outline, exposure and sharpness tell no class."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from ..augment.common import change_some, coarse, jpeg, noise, sharpness, uniform
from ..augment.xray import tone, uneven_light
from .crops import LOOSE_MARGIN
from .lung_crop import MARGIN, SMOOTHING

Generator = torch.Generator


@dataclass(frozen=True)
class CropChanges:
    """How often and how strongly loose crops are changed."""

    turn: float = 10.0
    """Largest rotation in degrees."""
    zoom: float = 0.10
    stretch: float = 0.08
    shift: float = 0.05
    coarse: float = 0.4
    sharpness: float = 0.5
    noise: float = 0.4
    jpeg: float = 0.25
    tone: float = 0.6
    light: float = 0.3
    erase: float = 0.3
    outline: float = 0.18
    """Standard deviation of the random field that moves the outline's edge."""


TYPICAL = 248
"""Pixels of the working film that a loose crop shows, on average of both sides."""


def smooth(films: torch.Tensor) -> torch.Tensor:
    """What ``lung_crop.smoothed`` does to the film, on loose crops ``(n, 1, side, side)``."""
    passes = max(1, round(SMOOTHING * (films.shape[-1] / TYPICAL) ** 2))
    kernel = torch.tensor([0.25, 0.5, 0.25])
    kernel = (kernel.view(-1, 1) * kernel).view(1, 1, 3, 3)
    for _ in range(passes):
        films = F.conv2d(F.pad(films, (1, 1, 1, 1), mode="replicate"), kernel)
    return films


def place(
    films: torch.Tensor, masks: torch.Tensor, size: int, g: Generator, changes: CropChanges
) -> tuple[torch.Tensor, torch.Tensor]:
    """Turn, zoom, stretch, shift and mirror; the unchanged place has the margin ``MARGIN``."""
    n = len(films)
    exact = (100 + 2 * MARGIN) / (100 + 2 * LOOSE_MARGIN)
    angle = uniform(g, (n,), -1, 1) * math.radians(changes.turn)
    zoom = exact * torch.exp(uniform(g, (n,), -1, 1) * changes.zoom)
    stretch = torch.exp(uniform(g, (n,), -1, 1) * changes.stretch)
    flip = torch.where(torch.rand(n, generator=g) < 0.5, -1.0, 1.0)
    cos, sin = angle.cos(), angle.sin()
    maps = torch.stack(
        [flip * zoom * stretch * cos, -zoom * sin, flip * zoom * sin, zoom / stretch * cos], dim=1
    ).view(n, 2, 2)
    shift = (uniform(g, (n, 2, 1), -1, 1)) * changes.shift
    grid = F.affine_grid(torch.cat([maps, shift], dim=2), [n, 1, size, size], align_corners=False)
    films = F.grid_sample(films, grid, padding_mode="zeros", align_corners=False)
    masks = F.grid_sample(masks, grid, padding_mode="zeros", align_corners=False)
    return films, masks


def wobble(masks: torch.Tensor, g: Generator, strength: float) -> torch.Tensor:
    """Move the edge of soft masks by a smooth random field; returns masks of 0 and 1."""
    n, side = len(masks), masks.shape[-1]
    width = 2 * (side // 16) + 1
    soft = F.avg_pool2d(masks, width, 1, width // 2, count_include_pad=False)
    field = torch.randn((n, 1, 6, 6), generator=g) * strength
    field = field + torch.randn((n, 1, 1, 1), generator=g) * 0.08
    field = F.interpolate(field, size=(side, side), mode="bicubic", align_corners=True)
    return (soft > 0.5 + field.clamp(-0.4, 0.4)).float()


def stretch_greys(films: torch.Tensor, masks: torch.Tensor, g: Generator) -> torch.Tensor:
    """Greys between percentiles of about 1 and 99 inside the masks become 0 to 1."""
    n = len(films)
    inside = torch.where(masks > 0, films, torch.nan).flatten(1)
    ordered = inside.sort(dim=1).values  # NaN comes last
    count = (masks > 0).flatten(1).sum(1).clamp_min(2)
    low_at = (uniform(g, (n,), 0.003, 0.02) * (count - 1)).long()
    high_at = (uniform(g, (n,), 0.98, 0.997) * (count - 1)).long()
    low = ordered.gather(1, low_at.unsqueeze(1)).nan_to_num(0.0).view(n, 1, 1, 1)
    high = ordered.gather(1, high_at.unsqueeze(1)).nan_to_num(1.0).view(n, 1, 1, 1)
    return ((films - low) / (high - low).clamp_min(0.02)).clamp(0, 1)


def erase(films: torch.Tensor, g: Generator) -> torch.Tensor:
    """Cover one rectangle with its own mean or with noise of it."""
    films = films.clone()
    side = films.shape[-1]
    for picture in films:
        high, wide = (int(side * uniform(g, (1,), 0.08, 0.25)) for _ in range(2))
        row = int(torch.randint(0, side - high, (1,), generator=g))
        column = int(torch.randint(0, side - wide, (1,), generator=g))
        patch = picture[:, row : row + high, column : column + wide]
        patch.copy_(patch.mean().expand_as(patch).clone())
    return films


def change_crops(
    films: torch.Tensor,
    masks: torch.Tensor,
    size: int,
    g: Generator,
    changes: CropChanges,
) -> torch.Tensor:
    """One batch of uint8 loose crops ``(n, side, side)`` as the network sees it in training.

    What wears a film down (resolution, sharpness, noise, compression) comes first, then the
    smoothing, the place, the outline, the stretch of greys, tone, and last what lies outside
    becomes black: the order in which they arise. Returns ``(n, 1, size, size)`` in 0 to 1.
    """
    x = films.float().div(255).unsqueeze(1)
    soft = masks.float().div(255).unsqueeze(1)
    x = change_some(x, coarse, changes.coarse, g)
    x = change_some(x, sharpness, changes.sharpness, g)
    x = change_some(x, noise, changes.noise, g)
    x = smooth(jpeg(x, g, changes.jpeg))
    x, soft = place(x, soft, size, g, changes)
    inside = wobble(soft, g, changes.outline)
    x = stretch_greys(x, inside, g)
    x = change_some(x, tone, changes.tone, g)
    x = change_some(x, uneven_light, changes.light, g)
    x = change_some(x, erase, changes.erase, g)
    reach = 2 * int(torch.randint(1, max(2, round(size * 0.06)), (1,), generator=g)) + 1
    return x * F.max_pool2d(inside, reach, 1, reach // 2)
