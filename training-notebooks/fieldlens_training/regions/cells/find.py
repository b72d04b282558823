"""Finds the cells of a photograph of one microscope field, at any magnification.

The picture is resized (Pillow's bicubic) so that its longest side is ``FIRST_SIDE``; the discs
in what is stained there give the typical radius: the median of squared radii, each weighed with
itself, over at most three rounds, because pallor can be told from gaps only once the size is
known. Then the picture is resized so that this radius is ``WORKING_RADIUS`` (its longest side no
longer than ``LONGEST_SIDE``), and the cells are found in that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from .foreground import foreground_of
from .kinds import Kind, is_cut_off, kind_of, measure_parts, nuclei_of, typical_of
from .pallor import without_pallor
from .plane import squared_distances
from .split import discs_of, owners_of

FIRST_SIDE = 640
WORKING_RADIUS = 14
LONGEST_SIDE = 1600
LEAST_DISC = 9
"""Squared radius from which on a disc counts while the cells' size is not known."""
LEAST_TYPICAL = 25
"""Squared radius of the typical cell's disc there; what is smaller is noise or cannot be read."""
LEAST_RADIUS = 45
"""Percent of the typical radius that a cell's disc has at least."""


@dataclass(frozen=True)
class FoundCell:
    """Its box in pixels of the picture (ends excluded), its kind, whether the edge cuts it."""

    left: int
    top: int
    right: int
    bottom: int
    kind: Kind
    is_cut: bool


@dataclass(frozen=True)
class FoundCells:
    """Cells, and the radius of the largest disc in a typical red cell; None without any.

    ``owners``: of each pixel of the working picture the cell that it belongs to, counted from 1,
    0 where to none; int64 ``(height, width)``, empty without any cell.
    """

    radius: float | None
    cells: list[FoundCell]
    owners: np.ndarray


def find_cells(picture: np.ndarray) -> FoundCells:
    """Find the cells of a picture, uint8 ``(height, width, 3)``."""
    height, width = picture.shape[:2]
    first = scaled(picture, FIRST_SIDE / max(width, height))
    squared = typical_disc(first)
    if squared is None or squared < LEAST_TYPICAL:
        return FoundCells(None, [], np.zeros((0, 0), np.int64))
    first_radius = math.sqrt(squared) * (width / first.shape[1])
    factor = min(WORKING_RADIUS / first_radius, LONGEST_SIDE / max(width, height))
    working = scaled(picture, factor)
    radius = first_radius * (working.shape[1] / width)
    foreground = foreground_of(working[..., 0], working[..., 1])
    mask = without_pallor(foreground, radius)
    least = max(4, math.floor(radius * radius * LEAST_RADIUS * LEAST_RADIUS / 10_000))
    discs = discs_of(squared_distances(mask), least)
    owners = owners_of(mask, discs, radius)
    parts = measure_parts(owners, len(discs), foreground)
    typical = typical_of(parts, radius)
    nuclei = nuclei_of(owners, len(discs), foreground, typical)

    def across(x: int) -> int:
        return (2 * x * width + working.shape[1]) // (2 * working.shape[1])

    def down(y: int) -> int:
        return (2 * y * height + working.shape[0]) // (2 * working.shape[0])

    cells = [
        FoundCell(
            across(part.left),
            down(part.top),
            across(part.right),
            down(part.bottom),
            kind_of(part, int(nucleus), typical),
            is_cut_off(part, typical),
        )
        for part, nucleus in zip(parts, nuclei, strict=True)
    ]
    return FoundCells(first_radius, cells, owners)


def scaled(picture: np.ndarray, factor: float) -> np.ndarray:
    """The picture at another size, uint8 ``(height, width, 3)``."""
    size = [max(1, math.floor(side * factor + 0.5)) for side in picture.shape[1::-1]]
    resized = Image.fromarray(picture).resize((size[0], size[1]), Image.Resampling.BICUBIC)
    return np.asarray(resized)


def typical_disc(picture: np.ndarray) -> int | None:
    """The squared radius of a typical cell's disc; None where there is no cell."""
    foreground = foreground_of(picture[..., 0], picture[..., 1])
    height, width = foreground.mask.shape
    squared: int | None = None
    for _ in range(3):
        mask = without_pallor(foreground, None if squared is None else math.sqrt(squared))
        squares = sorted(
            disc.squared
            for disc in discs_of(squared_distances(mask), LEAST_DISC)
            if min(disc.x, disc.y, width - disc.x, height - disc.y) ** 2 > disc.squared
        )
        if not squares:
            return None
        sums = np.cumsum(squares)
        found = squares[int(np.argmax(2 * sums >= sums[-1]))]
        if found == squared:
            break
        squared = found
    return squared
