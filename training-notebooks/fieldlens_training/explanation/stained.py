"""Stained bodies in a red cell, found by colour."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import ndimage

from .occlusion import enlarged, read_area

RIM = 5
"""Hundredths of the picture's side at the cell's edge that are left out: the edge is dark, too."""
LEAST_STAIN = 20.0
"""Grey levels that a stained pixel has less green than the cell's median."""
SPREADS = 3.0
"""Robust standard deviations (1.4826 MAD) that it has less green than the cell's median."""
LEAST_SHARE = 0.002
"""Of the cell, that a body covers at least."""


def stained_bodies(picture: np.ndarray) -> np.ndarray:
    """Where a uint8 cell ``(size, size, 3)`` is stained, bool ``(size, size)``.

    Giemsa stains parasites purple: they absorb green, the cell around them far less.
    """
    cell = np.asarray(ndimage.binary_fill_holes(read_area(picture)))
    inner = ndimage.binary_erosion(cell, iterations=max(1, len(picture) * RIM // 100))
    if not inner.any():
        return np.zeros(cell.shape, bool)
    green = ndimage.median_filter(picture[..., 1].astype(float), 3)
    middle = np.median(green[inner])
    spread = 1.4826 * np.median(np.abs(green[inner] - middle))
    stained = inner & (middle - green > max(LEAST_STAIN, SPREADS * spread))
    labelled: Any = ndimage.label(stained)
    labels, count = labelled
    sizes = ndimage.sum_labels(stained, labels, np.arange(1, count + 1))
    kept = 1 + np.flatnonzero(sizes >= LEAST_SHARE * inner.sum())
    return np.isin(labels, kept)


def hottest_square(values: np.ndarray, size: int) -> tuple[slice, slice]:
    """The map's cell around its hottest point, rows and columns of the picture."""
    row, column = np.unravel_index(np.argmax(enlarged(values, size)), (size, size))
    half = max(1, size // (2 * len(values)))
    return (
        slice(max(0, int(row) - half), int(row) + half + 1),
        slice(max(0, int(column) - half), int(column) + half + 1),
    )


def is_on_body(values: np.ndarray, bodies: np.ndarray) -> bool:
    """Whether a stained pixel lies within half a cell of the map's hottest point."""
    return bool(bodies[hottest_square(values, len(bodies))].any())


def chance_on_body(picture: np.ndarray, bodies: np.ndarray, cells: int) -> float:
    """The share of the read area's pixels that ``is_on_body`` would count."""
    half = max(1, len(bodies) // (2 * cells))
    near = ndimage.maximum_filter(bodies, 2 * half + 1)
    return float(near[read_area(picture)].mean())
