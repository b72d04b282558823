"""Random changes to a batch of single blood cells, so that a network is not tied to one stain.

Every function takes and returns float tensors of shape ``(batch, 3, height, width)`` with
values in 0..1. A cell lies on black and has no upright; what differs between laboratories is
stain, light, focus and camera. None of the changes may depend on the class.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F

from .common import change_some, jpeg, noise, sharpness, uniform

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

    Mostly smaller than the cell was: a parasite at its rim must not be cut off.
    """
    n = len(x)
    angle = uniform(g, (n,), 0, 2 * math.pi)
    zoom = torch.exp(uniform(g, (n,), -0.04, 0.25) * strength)
    stretch = torch.exp(uniform(g, (n,), -0.12, 0.12) * strength)
    flip = torch.where(torch.rand(n, generator=g) < 0.5, -1.0, 1.0)
    cos, sin = angle.cos() * zoom, angle.sin() * zoom
    m = torch.zeros(n, 2, 3)
    m[:, 0, 0], m[:, 0, 1] = flip * cos * stretch, -sin * stretch
    m[:, 1, 0], m[:, 1, 1] = flip * sin / stretch, cos / stretch
    m[:, :, 2] = uniform(g, (n, 2), -0.05, 0.05) * strength
    grid = F.affine_grid(m, [n, 3, size, size], align_corners=False)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def augment_batch(
    pixels: torch.Tensor, size: int, g: Generator, strength: float = 1.0
) -> torch.Tensor:
    """The training-time change of one batch.

    ``pixels``: uint8 ``(batch, height, width, 3)``, larger than ``size`` (presizing).
    ``strength`` in 0..1 scales how many images change in colour and sharpness. Returns float
    ``(batch, 3, size, size)`` in 0..1.
    """
    x = pixels.permute(0, 3, 1, 2).float().div(255)
    x = geometry(x, size, g, strength=0.5 + 0.5 * strength)
    around = outside(x)
    x = change_some(x, stain, 0.5 * strength, g)
    x = change_some(x, colour, 0.6 * strength, g)
    x = change_some(x, sharpness, 0.4 * strength, g)
    x = change_some(x, noise, 0.1 * strength, g)
    # The mask around a cell is the program's that cut it out, not the microscope's.
    return x * (1 - around)


def _blurred(x: torch.Tensor) -> torch.Tensor:
    side = max(8, round(x.shape[2] * 0.5))
    small = F.interpolate(x, size=(side, side), mode="bilinear", antialias=True)
    return F.interpolate(small, size=x.shape[2:], mode="bicubic").clamp(0, 1)


def _on_cell(x: torch.Tensor, changed: torch.Tensor) -> torch.Tensor:
    return changed * (1 - outside(x))


SHIFTS = {
    "none": lambda x, g: x,
    "darker": lambda x, g: x.clamp(1e-4, 1) ** 1.5,
    "lighter": lambda x, g: _on_cell(x, x.clamp(1e-4, 1) ** 0.7),
    "another stain": lambda x, g: _on_cell(x, stain(x, g, 0.35)),
    "another colour": lambda x, g: _on_cell(x, colour(x, g)),
    "blurred": lambda x, g: _blurred(x),
    "noisy JPEG": lambda x, g: jpeg(noise(x, g), g, 1.0),
}
"""Simulated changes of acquisition, for validation: name to function of (batch, generator)."""
