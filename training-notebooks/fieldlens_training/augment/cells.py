"""Random changes to a batch of single blood cells, so that a network is not tied to one stain.

Every function takes and returns float tensors of shape ``(batch, 3, height, width)`` with
values in 0..1. A cell lies on black and has no upright; what differs between laboratories is
stain, light, focus, camera and what lies around the cell. None of the changes may depend on
the class.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F

from .common import change_some, coarse, jpeg, noise, sharpness, uniform

Generator = torch.Generator

STAINS = torch.tensor([[0.65, 0.70, 0.29], [0.07, 0.99, 0.11], [0.27, 0.57, 0.78]])
"""Optical density of haematoxylin, eosin and DAB by colour (Ruifrok and Johnston 2001)."""


def outside(x: torch.Tensor) -> torch.Tensor:
    """1 where the picture shows the black around a cell, 0 on the cell; ``(batch, 1, h, w)``."""
    return (x.amax(dim=1, keepdim=True) < 0.06).to(x.dtype)


def stain(x: torch.Tensor, g: Generator, most: float = 0.25) -> torch.Tensor:
    """Scale and shift each stain's density, up to ``most`` (Tellez et al. 2018, HED space)."""
    n = (len(x), 3, 1, 1)
    to_colour = (STAINS / STAINS.norm(dim=1, keepdim=True)).T
    density = -torch.log(x.clamp(1 / 255, 1))
    stains = F.conv2d(density, to_colour.inverse().view(3, 3, 1, 1))
    stains = stains * uniform(g, n, 1 - most, 1 + most) + uniform(g, n, -most, most) * 0.2
    return torch.exp(-F.conv2d(stains, to_colour.contiguous().view(3, 3, 1, 1))).clamp(0, 1)


def colour(x: torch.Tensor, g: Generator) -> torch.Tensor:
    """Gamma 0.7 to 1.4, brightness 0.85 to 1.1, gain of a channel +-7 %, saturation +-40 %."""
    n = (len(x), 1, 1, 1)
    x = x.clamp(1e-4, 1) ** torch.exp(uniform(g, n, -0.35, 0.35))
    x = x * uniform(g, n, 0.85, 1.1) * uniform(g, (len(x), 3, 1, 1), 0.93, 1.07)
    grey = x.mean(dim=1, keepdim=True)
    return torch.lerp(grey, x, uniform(g, n, 0.6, 1.4)).clamp(0, 1)


def geometry(x: torch.Tensor, size: int, g: Generator, strength: float = 1.0) -> torch.Tensor:
    """Any rotation, a mirror image for half, zoom, stretch and shift, cut to ``size``.

    Mostly smaller than the cell was: a parasite at its rim must not be cut off, and other
    laboratories cut their cells out with a margin.
    """
    n = len(x)
    angle = uniform(g, (n,), 0, 2 * math.pi)
    zoom = torch.exp(uniform(g, (n,), -0.06, 0.42) * strength)
    stretch = torch.exp(uniform(g, (n,), -0.12, 0.12) * strength)
    flip = torch.where(torch.rand(n, generator=g) < 0.5, -1.0, 1.0)
    cos, sin = angle.cos() * zoom, angle.sin() * zoom
    m = torch.zeros(n, 2, 3)
    m[:, 0, 0], m[:, 0, 1] = flip * cos * stretch, -sin * stretch
    m[:, 1, 0], m[:, 1, 1] = flip * sin / stretch, cos / stretch
    m[:, :, 2] = uniform(g, (n, 2), -0.05, 0.05) * strength
    grid = F.affine_grid(m, [n, 3, size, size], align_corners=False)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def another_dye(x: torch.Tensor, g: Generator, most: float = 0.12) -> torch.Tensor:
    """Mix the channels' optical densities: another dye, lamp or sensor.

    Each density becomes a sum of all three whose weights are those of the identity with a
    normal error of deviation ``most``, times a common 0.65 to 1.5 (thin or strong stain).
    """
    n = len(x)
    mixing = torch.eye(3) + most * torch.randn((n, 3, 3), generator=g)
    mixing = mixing * torch.exp(uniform(g, (n, 1, 1), -0.43, 0.41))
    density = -torch.log(x.clamp(1 / 255, 1))
    mixed = torch.einsum("nij,njhw->nihw", mixing, density)
    return torch.exp(-mixed).clamp(0, 1)


def inclusions(
    x: torch.Tensor, contrast: torch.Tensor, greyness: torch.Tensor, tint: torch.Tensor
) -> torch.Tensor:
    """Stain what lies in the cells paler or stronger, and in another hue, than the cells.

    A pixel that is darker than its cell's mean colour has an optical density beside that of the
    cell, a channel each. These densities go towards their mean over the channels times ``tint``
    (``(batch, 3, 1, 1)``) by ``greyness`` (``(batch, 1, 1, 1)``, 0 to 1), and are multiplied by
    ``contrast`` (``(batch, 1, 1, 1)``). Black around the cell stays.
    """
    cell = 1 - outside(x)
    area = cell.sum(dim=(2, 3), keepdim=True).clamp_min(1)
    typical = ((x * cell).sum(dim=(2, 3), keepdim=True) / area).clamp_min(1 / 255)
    beside = torch.log(typical / x.clamp(1 / 255, 1)).clamp_min(0)
    grey = beside.mean(dim=1, keepdim=True) * tint
    changed = torch.lerp(beside, grey, greyness) * contrast
    return torch.where(cell > 0, x * torch.exp(beside - changed), x).clamp(0, 1)


def other_inclusions(x: torch.Tensor, g: Generator) -> torch.Tensor:
    """``inclusions`` of 0.35 to 1.3 times the contrast, any greyness, tinted by up to 22 %."""
    n = (len(x), 1, 1, 1)
    contrast = torch.exp(uniform(g, n, math.log(0.35), math.log(1.3)))
    tint = torch.exp(uniform(g, (len(x), 3, 1, 1), -0.2, 0.2))
    return inclusions(x, contrast, uniform(g, n, 0, 1), tint)


def surroundings(x: torch.Tensor, cell: torch.Tensor, g: Generator) -> torch.Tensor:
    """Colours for the pixels around the cells: what a microscope shows there.

    ``cell`` is 1 on the cell, ``(batch, 1, height, width)``. The background is 1.02 to 1.45
    times as bright as the cell itself, each channel a little different, brighter to one side.
    Two of three get parts of other cells of the batch, reaching in from beyond the edge.
    """
    n, _, height, width = x.shape
    area = cell.sum(dim=(2, 3), keepdim=True).clamp_min(1)
    mean = (x * cell).sum(dim=(2, 3), keepdim=True) / area
    gain = uniform(g, (n, 1, 1, 1), 1.02, 1.45) * uniform(g, (n, 3, 1, 1), 0.93, 1.07)
    slope = uniform(g, (n, 2, 1, 1), -0.06, 0.06)
    line_x = torch.linspace(-1, 1, width).view(1, 1, 1, -1)
    line_y = torch.linspace(-1, 1, height).view(1, 1, -1, 1)
    around = mean * gain * (1 + slope[:, :1] * line_x + slope[:, 1:] * line_y)
    for _ in range(2):
        order = torch.randperm(n, generator=g)
        angle = uniform(g, (n,), 0, 2 * math.pi)
        # In units of half the picture's side; a neighbour two radii away touches the cell.
        far = uniform(g, (n,), 1.55, 2.6)
        move = torch.zeros(n, 2, 3)
        move[:, 0, 0] = move[:, 1, 1] = 1
        move[:, 0, 2], move[:, 1, 2] = far * angle.cos(), far * angle.sin()
        grid = F.affine_grid(move, [n, 4, height, width], align_corners=False)
        both = torch.cat([x, cell], 1)[order]
        moved = F.grid_sample(both, grid, padding_mode="zeros", align_corners=False)
        # The neighbour lies in the same field: it has the cell's own stain.
        other_mean = mean[order].clamp_min(1 / 255)
        shown = moved[:, 3:]
        around = torch.lerp(around, moved[:, :3] * mean / other_mean, shown)
    return around.clamp(0, 1)


def place(x: torch.Tensor, g: Generator) -> torch.Tensor:
    """The cells on black (a half), on a plain bright background, or in a field.

    What lies around a cell is another program's or microscope's, so it must tell nothing. The
    outline of those on black is a little tighter or wider than the one it was cut out by.
    """
    cell = 1 - outside(x)
    n = len(x)
    kind = torch.rand((n, 1, 1, 1), generator=g)
    tighter = 1 - F.max_pool2d(1 - cell, 3, 1, 1)
    cut = torch.where(torch.rand((n, 1, 1, 1), generator=g) < 0.4, tighter, cell)
    soft = F.avg_pool2d(1 - F.max_pool2d(1 - cell, 5, 1, 2), 3, 1, 1)
    around = surroundings(x, cell, g)
    plain = uniform(g, (n, 1, 1, 1), 0.8, 1.0) * uniform(g, (n, 3, 1, 1), 0.95, 1.0)
    around = torch.where(kind > 0.8, plain.expand_as(x), around)
    return torch.where(kind < 0.5, x * cut, torch.lerp(around, x, soft))


def augment_batch(
    pixels: torch.Tensor, size: int, g: Generator, strength: float = 1.0
) -> torch.Tensor:
    """The training-time change of one batch.

    ``pixels``: uint8 ``(batch, height, width, 3)``, larger than ``size`` (presizing).
    ``strength`` in 0..1 scales how many images change in colour and sharpness. Returns float
    ``(batch, 3, size, size)`` in 0..1. Stain and colour change before the surroundings are
    chosen, what a camera does (resolution, sharpness, noise, compression) afterwards.
    """
    x = pixels.permute(0, 3, 1, 2).float().div(255)
    x = geometry(x, size, g, strength=0.5 + 0.5 * strength)
    black = outside(x)
    x = change_some(x, stain, 0.5 * strength, g)
    x = change_some(x, another_dye, 0.5 * strength, g)
    x = change_some(x, colour, 0.5 * strength, g)
    x = change_some(x, other_inclusions, 0.5 * strength, g)
    x = place(x * (1 - black), g)
    x = change_some(x, coarse, 0.3 * strength, g)
    x = change_some(x, sharpness, 0.4 * strength, g)
    x = change_some(x, noise, 0.15 * strength, g)
    return jpeg(x, g, 0.15 * strength)


def _blurred(x: torch.Tensor) -> torch.Tensor:
    side = max(8, round(x.shape[2] * 0.5))
    small = F.interpolate(x, size=(side, side), mode="bilinear", antialias=True)
    return F.interpolate(small, size=x.shape[2:], mode="bicubic").clamp(0, 1)


def _on_cell(x: torch.Tensor, changed: torch.Tensor) -> torch.Tensor:
    return changed * (1 - outside(x))


def in_a_field(x: torch.Tensor, g: Generator) -> torch.Tensor:
    """The cells as another laboratory cuts them out: with a margin, other cells around them."""
    x = geometry(x, x.shape[2], g)
    cell = 1 - F.max_pool2d(outside(x), 5, 1, 2)
    return torch.lerp(surroundings(x, 1 - outside(x), g), x, F.avg_pool2d(cell, 3, 1, 1))


def pale_inclusions(x: torch.Tensor, g: Generator) -> torch.Tensor:
    """What lies in the cells at 0.4 to 0.6 times its contrast, half way to grey."""
    n = (len(x), 1, 1, 1)
    return inclusions(x, uniform(g, n, 0.4, 0.6), torch.full(n, 0.5), torch.ones(len(x), 3, 1, 1))


SHIFTS = {
    "none": lambda x, g: x,
    "darker": lambda x, g: x.clamp(1e-4, 1) ** 1.5,
    "lighter": lambda x, g: _on_cell(x, x.clamp(1e-4, 1) ** 0.7),
    "another stain": lambda x, g: _on_cell(x, stain(x, g, 0.35)),
    "another colour": lambda x, g: _on_cell(x, colour(x, g)),
    "blurred": lambda x, g: _blurred(x),
    "noisy JPEG": lambda x, g: jpeg(noise(x, g), g, 1.0),
    "another dye": lambda x, g: _on_cell(x, another_dye(x, g)),
    "in a field": in_a_field,
    "pale parasites": pale_inclusions,
}
"""Simulated changes of acquisition, for validation: name to function of (batch, generator)."""
