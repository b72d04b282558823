"""What is stained in a field, told from the clear background.

Whole numbers; ``//`` rounds down. Planes are uint8 ``(height, width)``.

1. Otsu's threshold of green splits dark from bright. Bright pixels, eroded twice, are clear.
2. Light: in each of ``TILES`` by ``TILES`` tiles the median of the clear pixels, where these are
   at least ``LEAST_CLEAR`` hundredths of the tile; other tiles take the mean, rounded down, of
   the known ones around them, in rounds. Between the middles of tiles it is interpolated, in
   256ths of a tile.
3. A channel is flattened to ``min(255, value * CLEAR // light)``: the background lies at
   ``CLEAR``.
4. The median ``s`` of the flattened green on the dark side of its own Otsu's threshold is that of
   what is stained. Stained is what lies ``max(LEAST_REACH, ((CLEAR - s) * REACH + 50) // 100)``
   or more below ``CLEAR``, opened by a cross of three pixels. With less than ``LEAST_CONTRAST``
   between ``s`` and ``CLEAR`` nothing is: what is dark is noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .plane import dilated, eroded

CLEAR = 200
TILES = 6
LEAST_CLEAR = 8
REACH = 35
LEAST_REACH = 8
LEAST_CONTRAST = 12


@dataclass(frozen=True)
class Foreground:
    """What is stained (bool), both channels flattened (int64), and the median of stained green."""

    mask: np.ndarray
    green: np.ndarray
    red: np.ndarray
    stained: int


def otsu_of(counts: np.ndarray) -> int:
    """Otsu's threshold (1979) of 256 counts: the last value of the darker class."""
    counts = counts.astype(np.int64)
    below = np.cumsum(counts)
    sums = np.cumsum(counts * np.arange(256))
    total, total_sum = int(below[-1]), int(sums[-1])
    inside = (below > 0) & (below < total)
    if not inside.any():
        return 0
    gap = (sums * total - below * total_sum).astype(np.float64)
    spread = np.full(256, -1.0)
    product = (below * (total - below))[inside]
    spread[inside] = gap[inside] * gap[inside] / product
    return int(np.argmax(spread))


def median_of(counts: np.ndarray) -> int:
    """The least value at or below which half of what is counted lies; 255 without any."""
    sums = np.cumsum(counts)
    return int(np.argmax(2 * sums >= sums[-1])) if sums[-1] else 255


def counts_of(values: np.ndarray) -> np.ndarray:
    return np.bincount(values.ravel(), minlength=256)


def foreground_of(red: np.ndarray, green: np.ndarray) -> Foreground:
    """Find what is stained: haemoglobin absorbs green, which has the highest contrast."""
    clear = eroded(eroded(green > otsu_of(counts_of(green))))
    flat_green, flat_red = flattened(green, clear), flattened(red, clear)
    counts = counts_of(np.minimum(flat_green, CLEAR + 5))
    dark = np.where(np.arange(256) <= otsu_of(counts), counts, 0)
    stained = median_of(dark)
    reach = max(LEAST_REACH, ((CLEAR - stained) * REACH + 50) // 100)
    is_stained = (flat_green <= CLEAR - reach) & (CLEAR - stained >= LEAST_CONTRAST)
    mask = dilated(eroded(is_stained))
    return Foreground(mask, flat_green, flat_red, stained)


def flattened(channel: np.ndarray, clear: np.ndarray) -> np.ndarray:
    """A channel with its background at ``CLEAR``, int64."""
    light = light_of(channel, clear)
    down, across = (places_of(side) for side in channel.shape)
    upper, left = down >> 8, across >> 8
    lower, right = np.minimum(upper + 1, TILES - 1), np.minimum(left + 1, TILES - 1)
    share, depth = across & 255, (down & 255)[:, None]
    top = light[upper][:, left] * (256 - share) + light[upper][:, right] * share
    bottom = light[lower][:, left] * (256 - share) + light[lower][:, right] * share
    here = top * (256 - depth) + bottom * depth
    return np.minimum(255, channel.astype(np.int64) * (CLEAR << 16) // here)


def places_of(length: int) -> np.ndarray:
    """Where pixels lie between the middles of tiles, in 256ths of a tile."""
    places = (2 * np.arange(length) + 1) * TILES * 128 // length - 128
    return np.clip(places, 0, (TILES - 1) * 256)


def light_of(channel: np.ndarray, clear: np.ndarray) -> np.ndarray:
    """The background of each tile, int64 ``(TILES, TILES)``, 1 to 255; 255 where none is known."""
    height, width = channel.shape
    light = np.zeros((TILES, TILES), np.int64)
    for row in range(TILES):
        for column in range(TILES):
            tile = np.s_[
                row * height // TILES : (row + 1) * height // TILES,
                column * width // TILES : (column + 1) * width // TILES,
            ]
            values = channel[tile][clear[tile]]
            if len(values) and len(values) * 100 >= LEAST_CLEAR * channel[tile].size:
                light[row, column] = max(1, median_of(counts_of(values)))
    if not light.any():
        return np.full_like(light, 255)
    while not light.all():
        known = light.copy()
        for row, column in zip(*np.nonzero(known == 0), strict=True):
            around = known[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
            if around.any():
                light[row, column] = around.sum() // np.count_nonzero(around)
    return light
