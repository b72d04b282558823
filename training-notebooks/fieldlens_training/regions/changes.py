"""Random changes of a film and its outline for training the finder.

All work on float tensors: films ``(batch, 1, side, side)`` in 0 to 1, masks likewise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch.nn import functional


@dataclass(frozen=True)
class Changes:
    """How strongly, and how often, films are changed. Angles in degrees."""

    tilt: float = 9.0
    """Standard deviation of the rotation of most films."""
    far_turn: float = 0.15
    """Share of films turned by up to 50 degrees either way."""
    any_turn: float = 0.08
    """Share of films turned by any angle (upside down, lying)."""
    mirror: float = 0.25
    """Share of films mirrored. A mirrored film must be outlined too; most films are not,
    so that what lies behind the heart is still expected on the left."""
    scale: float = 0.22
    """Standard deviation of the logarithm of the size."""
    aspect: float = 0.13
    shift: float = 0.09
    """Standard deviation of the shift, as a share of the side."""
    surroundings: float = 0.15
    """Share of films whose surroundings are another film's."""
    frame: float = 0.25
    invert: float = 0.03
    gamma: float = 0.4
    """Standard deviation of the logarithm of gamma."""


def bernoulli(share: float, count: int) -> torch.Tensor:
    return torch.rand(count, 1, 1, 1) < share


def placement(count: int, changes: Changes) -> torch.Tensor:
    """Random affine maps ``(count, 2, 3)`` for ``affine_grid``: output to input places."""
    angle = torch.randn(count) * math.radians(changes.tilt)
    kind = torch.rand(count)
    far = kind < changes.far_turn
    angle[far] = (torch.rand(int(far.sum())) * 2 - 1) * math.radians(50)
    anyway = kind > 1 - changes.any_turn
    angle[anyway] = (torch.rand(int(anyway.sum())) * 2 - 1) * math.pi
    size = torch.exp(torch.randn(count).clamp(-2, 2) * changes.scale + 0.04)
    aspect = torch.exp(torch.randn(count).clamp(-2, 2) * changes.aspect)
    mirror = torch.where(torch.rand(count) < changes.mirror, -1.0, 1.0)
    along, across = size * aspect, size / aspect
    cos, sin = angle.cos(), angle.sin()
    maps = torch.stack(
        [cos * along * mirror, -sin * across * mirror, sin * along, cos * across], dim=1
    ).reshape(count, 2, 2)
    shift = torch.randn(count, 2, 1).clamp(-2, 2) * 2 * changes.shift
    return torch.cat([maps, shift], dim=2)


def place(
    films: torch.Tensor, masks: torch.Tensor, size: int, changes: Changes
) -> tuple[torch.Tensor, torch.Tensor]:
    """Turn, scale, shift; what lies beyond the film is black, grey, white or its edge."""
    count = len(films)
    grid = functional.affine_grid(
        placement(count, changes), [count, 1, size, size], align_corners=False
    )
    beyond = (grid.abs() > 1).any(dim=3).unsqueeze(1)
    moved = functional.grid_sample(films, grid, padding_mode="border", align_corners=False)
    masks = functional.grid_sample(masks, grid, padding_mode="zeros", align_corners=False)
    kind = torch.rand(count, 1, 1, 1)
    flat = torch.where(kind < 0.5, 0.0, torch.rand(count, 1, 1, 1))
    moved = torch.where(beyond & (kind < 0.75), flat, moved)
    return moved, masks


def paste_surroundings(films: torch.Tensor, masks: torch.Tensor, changes: Changes) -> torch.Tensor:
    """Outside the lungs' wide neighbourhood, show the next film of the batch instead."""
    side = films.shape[-1]
    reach = 2 * int(torch.randint(side // 28, side // 9, ()).item()) + 1
    wide = functional.max_pool2d(masks, reach, 1, reach // 2)
    soft = functional.avg_pool2d(wide, 9, 1, 4, count_include_pad=False)
    mixed = soft * films + (1 - soft) * films.roll(1, 0)
    return torch.where(bernoulli(changes.surroundings, len(films)), mixed, films)


def change_greys(films: torch.Tensor, changes: Changes) -> torch.Tensor:
    """Contrast, exposure, a slope of brightness, blur, sharpening, noise, inversion."""
    count, side = len(films), films.shape[-1]

    def rand() -> torch.Tensor:
        return torch.rand(count, 1, 1, 1)

    def randn() -> torch.Tensor:
        return torch.randn(count, 1, 1, 1)

    gamma = torch.exp(randn().clamp(-2, 2) * changes.gamma)
    films = films.clamp(1e-4, 1) ** gamma
    films = (films - 0.5) * torch.exp(randn() * 0.3) + 0.5 + randn() * 0.1
    line = torch.linspace(-1, 1, side)
    films = films + randn() * 0.08 * line.view(1, 1, 1, -1) + randn() * 0.1 * line.view(1, 1, -1, 1)
    blurred = functional.avg_pool2d(films, 3, 1, 1, count_include_pad=False)
    # -1 to 0 sharpens, 0 to 1 blurs.
    films = torch.lerp(films, blurred, (randn() * 0.6).clamp(-1.2, 1))
    films = films + torch.randn_like(films) * (rand() ** 3) * 0.12
    films = films.clamp(0, 1)
    return torch.where(bernoulli(changes.invert, count), 1 - films, films)


def add_frames(
    films: torch.Tensor, masks: torch.Tensor, changes: Changes
) -> tuple[torch.Tensor, torch.Tensor]:
    """Black or bright borders and marks over some films; they hide the lungs below them."""
    count, side = len(films), films.shape[-1]
    films, masks = films.clone(), masks.clone()
    for index in torch.nonzero(torch.rand(count) < changes.frame).flatten().tolist():
        value = 0.0 if torch.rand(()) < 0.7 else torch.rand(()).item()
        edges = (torch.rand(4) ** 3 * side * 0.2 * (torch.rand(4) < 0.6)).int().tolist()
        top, bottom, left, right = edges
        for picture, grey in ((films, value), (masks, 0.0)):
            picture[index, :, :top] = grey
            picture[index, :, side - bottom :] = grey
            picture[index, :, :, :left] = grey
            picture[index, :, :, side - right :] = grey
        for _ in range(int(torch.randint(0, 3, ()).item())):
            high, wide = torch.randint(2, side // 8, (2,)).tolist()
            row, column = torch.randint(0, side - side // 8, (2,)).tolist()
            films[index, :, row : row + high, column : column + wide] = torch.rand(()).item()
    return films, masks


def other_surroundings(films: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
    """Films whose surroundings are black, blurred or the next film's of the batch.

    The lungs keep a neighbourhood of 3 to 11 hundredths of the side, with a hard or soft edge.
    """
    count, side = films.shape[0], films.shape[-1]
    reach = 2 * int(torch.randint(side * 3 // 100, side * 11 // 100 + 1, ()).item()) + 1
    near = functional.max_pool2d(masks, reach, 1, reach // 2)
    soft = functional.avg_pool2d(near, 9, 1, 4, count_include_pad=False)
    near = torch.where(bernoulli(0.5, count), near, soft)
    blurred = functional.avg_pool2d(films, 9, 1, 4, count_include_pad=False)
    kind = torch.rand(count, 1, 1, 1)
    far = torch.where(kind < 0.35, 0.0, torch.where(kind < 0.55, blurred, films.roll(1, 0)))
    return near * films + (1 - near) * far


def change(
    films: torch.Tensor, masks: torch.Tensor, size: int, changes: Changes
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Each film after all changes in their order, the same with other surroundings, and its mask.

    All three are ``(batch, 1, size, size)``. Both films are placed alike, and their greys and
    frames are changed alike.
    """
    films = paste_surroundings(films, masks, changes)
    films, masks = place(films, masks, size, changes)
    other = other_surroundings(films, masks)
    state = torch.get_rng_state()
    films, hidden = add_frames(change_greys(films, changes), masks, changes)
    torch.set_rng_state(state)
    other, _ = add_frames(change_greys(other, changes), masks, changes)
    return films, other, hidden
