"""The map of an image: how far its log-odds fall when a patch of it is blurred.

Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks" (occlusion); the
patch becomes its local mean, which stays inside what is read. ``src/lib/reading/occlusion.ts``
does the same, to the last bit: integers up to the pictures, doubles after the readings.

1. Read area: pixels whose largest channel is above ``DARK``. What lies outside the lungs is
   exactly black, what lies outside a cell that was cut out is black but for compression noise.
2. Blurred picture: each pixel of the area becomes the mean of the area's pixels in the square of
   ``2 r + 1`` around it, ``r = size // 4``, channel by channel: ``(2 sum + n) // (2 n)``.
3. Patches of ``PATCH`` by ``PATCH`` cells of a grid of ``CELLS`` by ``CELLS``, at every cell.
   Cell ``i`` begins at pixel ``i * size // CELLS``. A patch without a pixel of the area is left
   out.
4. A cell's value is the mean fall of the log-odds over the patches that cover it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

CELLS = 8
PATCH = 2
DARK = {1: 0, 3: 40}
"""By the number of channels."""
PARTS = 5
"""Parts of equal area that a map is tested on."""

Read = Callable[[np.ndarray], np.ndarray]
"""Log-odds ``(n,)`` of uint8 pictures ``(n, size, size, channels)``."""


def read_area(picture: np.ndarray) -> np.ndarray:
    """Where a uint8 picture ``(size, size, channels)`` is not black, bool ``(size, size)``."""
    return picture.max(axis=2) > DARK[picture.shape[2]]


def blurred(picture: np.ndarray, area: np.ndarray) -> np.ndarray:
    """The picture with each pixel of the area replaced by its local mean."""
    radius = len(picture) // 4
    inside = np.where(area[..., None], picture, 0).astype(np.int64)
    sums, counts = window_sums(inside, radius), window_sums(area[..., None].astype(int), radius)
    means = (2 * sums + counts) // np.maximum(2 * counts, 1)
    return np.where(area[..., None], means, picture).astype(np.uint8)


def window_sums(values: np.ndarray, radius: int) -> np.ndarray:
    """Sums of ``(size, size, channels)`` over the square of ``2 radius + 1``, cut at the edge."""
    size = len(values)
    totals = np.pad(values, ((1, 0), (1, 0), (0, 0))).cumsum(0).cumsum(1)
    low = np.maximum(np.arange(size) - radius, 0)
    high = np.minimum(np.arange(size) + radius + 1, size)
    rows = totals[high] - totals[low]
    return rows[:, high] - rows[:, low]


def patches(area: np.ndarray) -> list[tuple[int, int]]:
    """The upper left cells, (row, column), of the patches that have a pixel of the area."""
    size, places = len(area), range(CELLS - PATCH + 1)
    at = [i * size // CELLS for i in range(CELLS + 1)]
    return [
        (i, j)
        for i in places
        for j in places
        if area[at[i] : at[i + PATCH], at[j] : at[j + PATCH]].any()
    ]


def occluded(picture: np.ndarray) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """The picture once for each patch with that patch blurred, and the patches."""
    area = read_area(picture)
    blur, size = blurred(picture, area), len(picture)
    places = patches(area)
    pictures = np.repeat(picture[None], len(places), axis=0)
    for copy, (i, j) in zip(pictures, places, strict=True):
        rows = slice(i * size // CELLS, (i + PATCH) * size // CELLS)
        columns = slice(j * size // CELLS, (j + PATCH) * size // CELLS)
        copy[rows, columns] = blur[rows, columns]
    return pictures, places


def cell_values(places: list[tuple[int, int]], falls: np.ndarray) -> np.ndarray:
    """Mean fall over the patches that cover a cell, ``(CELLS, CELLS)``; 0 where none does."""
    sums, counts = np.zeros((CELLS, CELLS)), np.zeros((CELLS, CELLS))
    for (i, j), fall in zip(places, falls.astype(np.float64), strict=True):
        sums[i : i + PATCH, j : j + PATCH] += fall
        counts[i : i + PATCH, j : j + PATCH] += 1
    return sums / np.maximum(counts, 1)


def enlarged(values: np.ndarray, size: int) -> np.ndarray:
    """A map at each pixel, bilinear between the cells' middles, ``(size, size)``."""
    across, down = (_samples(cells, size) for cells in (values.shape[1], values.shape[0]))
    top, bottom, dy = (each[:, None] for each in down)
    left, right, dx = (each[None] for each in across)
    upper = values[top, left] + (values[top, right] - values[top, left]) * dx
    lower = values[bottom, left] + (values[bottom, right] - values[bottom, left]) * dx
    return upper + (lower - upper) * dy


def _samples(cells: int, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    at = np.clip((np.arange(size) + 0.5) * cells / size - 0.5, 0, cells - 1)
    low = at.astype(int)
    return low, np.minimum(cells - 1, low + 1), at - low


def ranked(values: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Indices of the area's pixels, the hottest first, equal ones in reading order."""
    inside = np.flatnonzero(area)
    order = np.argsort(-enlarged(values, len(area)).ravel()[inside], kind="stable")
    return inside[order]


def blurred_parts(picture: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The picture once for each fifth of the read area with that fifth blurred, hottest first.

    The fifths have equal area and follow the map's rank: pixels ``k n // 5`` to
    ``(k + 1) n // 5`` of ``ranked``. Returns uint8 ``(PARTS, size, size, channels)``.
    """
    area = read_area(picture)
    blur, order = blurred(picture, area).reshape(-1, picture.shape[2]), ranked(values, area)
    pictures = np.repeat(picture[None], PARTS, axis=0)
    for k, copy in enumerate(pictures):
        part = order[k * len(order) // PARTS : (k + 1) * len(order) // PARTS]
        copy.reshape(-1, picture.shape[2])[part] = blur[part]
    return pictures


def is_supported(falls: np.ndarray) -> bool:
    """Whether blurring the hottest fifth lowers the log-odds, and more than any other fifth."""
    return bool(falls[0] > 0 and falls[0] > falls[1:].max())


def packed(values: np.ndarray) -> np.ndarray:
    """Bytes: 0 where nothing speaks for the finding, 255 at the hottest cell."""
    most = values.max()
    if most <= 0:
        return np.zeros(values.shape, np.uint8)
    return np.floor(255 * np.maximum(values, 0) / most + 0.5).astype(np.uint8)


def explain(read: Read, picture: np.ndarray, log_odds: float) -> tuple[np.ndarray, bool]:
    """The map of a picture with these log-odds, and whether its own test supports it."""
    pictures, places = occluded(picture)
    values = cell_values(places, log_odds - read(pictures)) if places else np.zeros((CELLS, CELLS))
    return values, is_supported(log_odds - read(blurred_parts(picture, values)))
