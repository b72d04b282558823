"""Cuts a found cell out of its field: a square picture of the cell on black.

The square lies around the middle of the cell's box, ``MARGIN`` hundredths of the box's longer side
wider on each side. A pixel stays where it belongs to the cell or touches it and belongs to no
other; everything else is black, as are places beyond the picture. What comes of it is read like a
picture of a single cell. All in whole numbers (``src/lib/regions/cells/cut-out.ts``).
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from .find import FoundCells

MARGIN = 3


def cut_out(picture: np.ndarray, found: FoundCells, index: int) -> np.ndarray:
    """The cell ``found.cells[index]`` of a picture, uint8 ``(side, side, 3)``."""
    cell = found.cells[index]
    longer = max(cell.right - cell.left, cell.bottom - cell.top)
    side = longer + 2 * ((MARGIN * longer + 50) // 100)
    left, top = (cell.left + cell.right - side) // 2, (cell.top + cell.bottom - side) // 2
    height, width = picture.shape[:2]
    out = np.zeros((side, side, 3), np.uint8)
    first_x, last_x = max(0, left), min(width, left + side)
    first_y, last_y = max(0, top), min(height, top + side)
    if first_x >= last_x or first_y >= last_y:
        return out
    owners = found.owners
    columns = (2 * np.arange(first_x, last_x) + 1) * owners.shape[1] // (2 * width)
    rows = (2 * np.arange(first_y, last_y) + 1) * owners.shape[0] // (2 * height)
    low_x, low_y = max(0, columns[0] - 1), max(0, rows[0] - 1)
    part = owners[low_y : rows[-1] + 2, low_x : columns[-1] + 2]
    own = part == index + 1
    kept = own | (ndimage.binary_dilation(own) & (part == 0))
    mask = kept[np.ix_(rows - low_y, columns - low_x)]
    shown = picture[first_y:last_y, first_x:last_x] * mask[..., None]
    out[first_y - top : last_y - top, first_x - left : last_x - left] = shown
    return out
