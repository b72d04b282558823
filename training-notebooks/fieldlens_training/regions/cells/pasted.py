"""Fields made of single cells: pictures of cells on black, pasted on a pale background.

They are for measuring a count whose truth is known, and for the sample slide. Cells neither touch
nor overlap, so that such a field is easier than a photographed one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image
from scipy import ndimage

from .plane import parts_of

BACKGROUND = 0.35
"""How much of the typical cell's stain the background has."""
FALL = 0.12
"""Share of the light that is lost in the corners."""
NOISE = 2.0
"""Standard deviation of the camera's noise, grey levels."""
GAP = 1.12
"""Of the largest cell's side: the pitch of the places."""
DARK = 40
"""Brightest channel up to which a pixel is the black around a cell."""


@dataclass(frozen=True)
class Pasted:
    """A field, uint8 ``(height, width, 3)``, and the box of each cell: x, y, width, height."""

    picture: np.ndarray
    boxes: list[tuple[int, int, int, int]]


def places(
    width: int, height: int, side: int, rng: np.random.Generator
) -> list[tuple[float, float]]:
    """Middles of places for cells of at most ``side`` pixels, whole ones, in any order."""
    pitch = side * GAP
    columns, rows = int(width // pitch), int(height // pitch)
    slack = (pitch - side) / 2
    middles = [
        (
            (column + 0.5) * width / columns + rng.uniform(-slack, slack),
            (row + 0.5) * height / rows + rng.uniform(-slack, slack),
        )
        for row in range(rows)
        for column in range(columns)
    ]
    return [middles[i] for i in rng.permutation(len(middles))]


def outline(cell: np.ndarray) -> np.ndarray:
    """The pixels of the cell in its picture on black, bool ``(height, width)``."""
    mask = np.asarray(ndimage.binary_fill_holes(cell.max(axis=-1) > DARK), bool)
    parts, areas, _ = parts_of(mask)
    if len(areas) == 1:
        return np.zeros(cell.shape[:2], bool)
    return parts == np.argmax(areas)


def typical_colour(cells: Sequence[np.ndarray]) -> np.ndarray:
    """The median of the cells' median colours, ``(3,)``."""
    return np.median([np.median(cell[outline(cell)], axis=0) for cell in cells], axis=0)


def paste(
    cells: Sequence[np.ndarray],
    size: tuple[int, int],
    side: int,
    rng: np.random.Generator,
    noise: float = NOISE,
) -> Pasted:
    """Put cells, uint8 ``(h, w, 3)`` on black, into a field of ``size`` (width, height).

    ``side``: the longest side that any of them gets; their sizes keep their ratio. Each is turned
    by quarters and mirrored at random. ``ValueError`` where the field has too few places.
    """
    width, height = size
    middles = places(width, height, side, rng)
    if len(cells) > len(middles):
        raise ValueError(f"{len(cells)} cells do not fit: the field has {len(middles)} places")
    factor = side / max(max(cell.shape[:2]) for cell in cells)
    light = 255 - BACKGROUND * (255 - typical_colour(cells))
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    fall = (1 - FALL * (x**2 + y**2) / 2)[..., None]
    field = np.broadcast_to(light, (height, width, 3)).copy()
    boxes = []
    for cell, (middle_x, middle_y) in zip(cells, middles, strict=False):
        shown = _turned(cell, rng)
        new = [max(1, round(length * factor)) for length in shown.shape[1::-1]]
        mask = Image.fromarray(outline(shown)).convert("L").resize((new[0], new[1]))
        # Beyond the outline the cell's own colours go on, so that its rim is not black.
        filled = _filled(shown)
        small = np.asarray(Image.fromarray(filled).resize((new[0], new[1])), float)
        alpha = ndimage.gaussian_filter(np.asarray(mask, float) / 255, 0.7)[..., None]
        left, top = round(middle_x - new[0] / 2), round(middle_y - new[1] / 2)
        part = field[top : top + new[1], left : left + new[0]]
        part += alpha * (small - part)
        boxes.append((left, top, new[0], new[1]))
    noisy = field * fall + rng.normal(0, noise, field.shape)
    return Pasted(np.clip(noisy.round(), 0, 255).astype(np.uint8), boxes)


def _turned(cell: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    turned = np.rot90(cell, int(rng.integers(4)))
    return turned[:, ::-1] if rng.random() < 0.5 else turned


def _filled(cell: np.ndarray) -> np.ndarray:
    """The cell with its rim's colours in the place of the black."""
    inside = np.asarray(ndimage.binary_erosion(outline(cell), iterations=2), bool)
    if not inside.any():
        return cell
    nearest: Any = ndimage.distance_transform_edt(
        ~inside, return_distances=False, return_indices=True
    )
    return np.ascontiguousarray(cell[tuple(nearest)])
