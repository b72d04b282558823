"""From the outline of the lungs to the picture that the classifier reads.

Exact integer arithmetic on the working film (8-bit grey, ``FILM_SIZE`` a side), except for the
last step, which is the resize that the app has already. ``//`` rounds down.

0. Smoothing: ``SMOOTHING`` times along the rows, then as often along the columns, each value
   becomes itself twice plus its two neighbours (at an edge: plus itself), in integers. The sums,
   of weight ``w = 16 ** SMOOTHING``, become greys again as ``(sum + w // 2) // w``. That is a
   binomial filter with a standard deviation of ``sqrt(SMOOTHING / 2)`` pixels. Noise, sharpening
   and compression, which differ from one series of films to the next, lie mostly in what it
   takes away. All further steps work on the smoothed film.
1. Box: the least rectangle around the mask, columns ``left`` to ``right`` and rows ``top`` to
   ``bottom`` (the ends excluded), ``width`` by ``height``. It grows by
   ``(width * MARGIN + 50) // 100`` columns on either side and ``(height * MARGIN + 50) // 100``
   rows above and below, at least one. It may reach beyond the film; there all is black.
2. Reach: ``r = max(1, ((width + height) * REACH + 100) // 200)`` with the box before it grew. A
   pixel is shown when the square of ``2 r + 1`` pixels around it has a pixel of the mask.
3. Greys: over the ``n`` pixels of the mask, ``low`` is the least grey ``v`` for which the number
   of pixels of grey ``<= v``, times 100, is at least ``n``; ``high`` likewise at least ``99 n``;
   ``high`` is at least ``low + 1``. With ``range = high - low``, a shown grey ``v`` becomes
   ``min(255, max(0, (510 * (v - low) + range) // (2 * range)))``; what is not shown becomes 0.
4. Resize of the box to ``size`` by ``size``: Pillow's bicubic for 8-bit grey.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

MARGIN = 6
"""Hundredths of the box that it grows by on each side."""
REACH = 4
"""Hundredths of the box's mean side that the mask grows by."""
LOW, HIGH = 1, 99
"""Percentiles inside the lungs that become black and white."""
SMOOTHING = 4
"""Passes of the binomial filter."""


class NoLungsError(Exception):
    """A mask has no pixel: there is nothing to cut out."""


@dataclass(frozen=True)
class Box:
    """Pixels ``left <= x < right``, ``top <= y < bottom``; may reach beyond the film."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


def smoothed(film: np.ndarray, passes: int = SMOOTHING) -> np.ndarray:
    """The film, uint8 of any size, after a binomial filter; ``passes`` from 0 to 5."""
    sums = film.astype(np.int32)
    for axis in (1, 0):
        for _ in range(passes):
            wide = np.pad(sums, [(1, 1) if each == axis else (0, 0) for each in (0, 1)], "edge")
            if axis == 1:
                sums = wide[:, :-2] + 2 * sums + wide[:, 2:]
            else:
                sums = wide[:-2] + 2 * sums + wide[2:]
    weight = 16**passes
    return ((sums + weight // 2) // weight).astype(np.uint8)


def tight_box(mask: np.ndarray) -> Box:
    """The least box around a boolean mask; ``NoLungsError`` for an empty one."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if len(rows) == 0:
        raise NoLungsError("no pixel of a lung")
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def grown(box: Box, margin: int = MARGIN) -> Box:
    """The box with its margin."""
    across = max(1, (box.width * margin + 50) // 100)
    down = max(1, (box.height * margin + 50) // 100)
    return Box(box.left - across, box.top - down, box.right + across, box.bottom + down)


def reach_of(box: Box) -> int:
    """How many pixels around the mask are shown, of its tight box."""
    return max(1, ((box.width + box.height) * REACH + 100) // 200)


def dilated(mask: np.ndarray, reach: int) -> np.ndarray:
    """The mask grown by a square of ``2 * reach + 1`` pixels."""
    return ndimage.maximum_filter(mask, 2 * reach + 1, mode="constant", cval=0)


def grey_range(film: np.ndarray, mask: np.ndarray) -> tuple[int, int]:
    """The greys that become black and white: percentiles inside the mask."""
    counts = np.cumsum(np.bincount(film[mask], minlength=256))
    total = int(counts[-1])
    low = int(np.argmax(counts * 100 >= LOW * total))
    high = int(np.argmax(counts * 100 >= HIGH * total))
    return low, max(high, low + 1)


def stretched(film: np.ndarray, low: int, high: int) -> np.ndarray:
    """Greys of ``low`` to ``high`` spread over 0 to 255."""
    greys = (510 * (np.arange(256) - low) + (high - low)) // (2 * (high - low))
    return np.clip(greys, 0, 255).astype(np.uint8)[film]


def cut(picture: np.ndarray, box: Box) -> np.ndarray:
    """The box of a picture, 0 beyond its edges."""
    height, width = picture.shape
    result = np.zeros((box.height, box.width), picture.dtype)
    top, bottom = max(0, box.top), min(height, box.bottom)
    left, right = max(0, box.left), min(width, box.right)
    result[top - box.top : bottom - box.top, left - box.left : right - box.left] = picture[
        top:bottom, left:right
    ]
    return result


def crop_lungs(
    film: np.ndarray, mask: np.ndarray, size: int, smoothing: int = SMOOTHING
) -> np.ndarray:
    """The lungs alone, uint8 ``(size, size)``.

    ``film`` uint8 and ``mask`` bool, both ``(FILM_SIZE, FILM_SIZE)``; ``smoothing`` passes of the
    filter (a package says how many its network learned from). Raises ``NoLungsError``
    for an empty mask.
    """
    tight = tight_box(mask)
    film = smoothed(film, smoothing)
    shown = dilated(mask, reach_of(tight))
    greys = np.where(shown, stretched(film, *grey_range(film, mask)), 0).astype(np.uint8)
    lungs = Image.fromarray(cut(greys, grown(tight)))
    return np.asarray(lungs.resize((size, size), Image.Resampling.BICUBIC))
