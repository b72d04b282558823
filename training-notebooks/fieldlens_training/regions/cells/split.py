"""Touching and overlapping cells apart.

Each cell is given the largest disc that fits into it: a maximum of the distances to what is no
cell. A smaller maximum is another cell only if the way to each larger disc near it (nearer than
twice that one's radius) narrows below ``NECK`` hundredths of its own radius. A pixel belongs to
the disc of least power (squared distance less squared radius) within its part: where two circles
overlap that is the line through both crossings.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from .plane import parts_of

NECK = 88
FAR = 1.75
"""Of the typical radius: how far from its disc a pixel belongs to a cell."""


@dataclass(frozen=True)
class Disc:
    """Its middle and its squared radius, pixels."""

    x: int
    y: int
    squared: int


def discs_of(distances: np.ndarray, least: int) -> list[Disc]:
    """A disc of at least a squared radius for each cell, the largest first."""
    is_maximum = distances == ndimage.maximum_filter(distances, 3)
    rows, columns = np.nonzero(is_maximum & (distances >= max(1, least)))
    squares = distances[rows, columns]
    order = np.argsort(-squares, kind="stable")
    found: list[Disc] = []
    middles = np.zeros((len(order), 3), np.int64)
    for index in order:
        disc = Disc(int(columns[index]), int(rows[index]), int(squares[index]))
        known = middles[: len(found)]
        near = (known[:, 0] - disc.x) ** 2 + (known[:, 1] - disc.y) ** 2 < 4 * known[:, 2]
        if not any(is_same_cell(disc, found[i], distances) for i in np.flatnonzero(near)):
            middles[len(found)] = disc.x, disc.y, disc.squared
            found.append(disc)
    return found


def is_same_cell(disc: Disc, larger: Disc, distances: np.ndarray) -> bool:
    """Whether the way between two discs stays about as broad as the smaller one."""
    across, down = larger.x - disc.x, larger.y - disc.y
    steps = max(abs(across), abs(down))
    step = np.arange(1, steps)
    columns = disc.x + (2 * across * step + steps) // (2 * steps)
    rows = disc.y + (2 * down * step + steps) // (2 * steps)
    return bool((distances[rows, columns] * 10_000 >= NECK * NECK * disc.squared).all())


def owners_of(mask: np.ndarray, discs: list[Disc], radius: float) -> np.ndarray:
    """Of each pixel the cell that it belongs to, counted from 1; 0 where to none."""
    height, width = mask.shape
    labels, _, _ = parts_of(mask)
    owners = np.zeros(mask.shape, np.int64)
    least = np.full(mask.shape, 2**31 - 1, np.int64)
    reach = math.floor(FAR * radius) + 1
    for number, disc in enumerate(discs, start=1):
        top, left = max(0, disc.y - reach), max(0, disc.x - reach)
        bottom, right = min(height, disc.y + reach + 1), min(width, disc.x + reach + 1)
        window = np.s_[top:bottom, left:right]
        rows, columns = np.mgrid[window]
        power = (rows - disc.y) ** 2 + (columns - disc.x) ** 2 - disc.squared
        nearer = (labels[window] == labels[disc.y, disc.x]) & (power < least[window])
        least[window][nearer] = power[nearer]
        owners[window][nearer] = number
    return owners
