"""From the finder's map to the outline of the lungs, in integers.

All of it is exact integer arithmetic, so that another language gets the same bits. Sizes are
in pixels of the working film: the film squashed to ``FILM_SIZE`` a side (Pillow's bicubic).

1. Levels. A logit becomes ``min(127, max(-128, floor(logit * 16 + 0.5)))``.
2. Upsampling by ``STEP = 4`` with half-pixel centres. Output ``o`` lies at ``o / 4 - 3 / 8``
   of the source; with ``first = floor((2 o - 3) / 8)`` and ``part = (2 o - 3) mod 8`` the value
   along one side is ``source[first] * (8 - part) + source[first + 1] * part``, indices held
   within the map. Along both sides this is a sum of levels of weight 64. A pixel belongs to
   the lungs where that sum is above 0.
3. Pieces: regions joined over their edges (4 neighbours). The largest is kept, and every other
   that has at least ``LEAST_SHARE`` hundredths of its pixels. Of equal sizes the one whose
   first pixel in reading order comes first is the largest.
4. Holes: what is outside and cannot reach the border of the picture over edges is filled.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import ndimage

FILM_SIZE = 224
STEP = 4
LEVELS_PER_LOGIT = 16
LEAST_SHARE = 12


def levels_of(logits: np.ndarray) -> np.ndarray:
    """Logits of any shape as int8 levels of 1/16."""
    scaled = np.floor(logits.astype(np.float64) * LEVELS_PER_LOGIT + 0.5)
    return np.clip(scaled, -128, 127).astype(np.int8)


def upsample(levels: np.ndarray) -> np.ndarray:
    """Levels ``(height, width)`` four times as large: int32 sums of weight 64."""
    values = levels.astype(np.int32)
    for axis in (0, 1):
        size = values.shape[axis]
        place = 2 * np.arange(size * STEP) - 3
        first, part = place // 8, place % 8
        before = values.take(np.clip(first, 0, size - 1), axis)
        after = values.take(np.clip(first + 1, 0, size - 1), axis)
        shape = (-1, 1) if axis == 0 else (1, -1)
        values = before * (8 - part).reshape(shape) + after * part.reshape(shape)
    return values


def keep_lungs(mask: np.ndarray) -> np.ndarray:
    """Of a boolean mask, the largest piece and those not much smaller, holes filled."""
    labelled: Any = ndimage.label(mask)
    pieces, count = labelled
    if count == 0:
        return mask.copy()
    areas = np.bincount(pieces.ravel())[1:]
    kept = np.flatnonzero(areas * 100 >= int(areas.max()) * LEAST_SHARE) + 1
    return np.asarray(ndimage.binary_fill_holes(np.isin(pieces, kept)))


def outline_of(levels: np.ndarray) -> np.ndarray:
    """The lungs as a boolean mask of the working film, from the finder's levels."""
    return keep_lungs(upsample(levels) > 0)
