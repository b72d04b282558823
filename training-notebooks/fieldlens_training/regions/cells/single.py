"""Cuts a single cell out of a picture that also shows what lies around it.

Other programs leave the background and parts of other cells around a cell; the classifier and
its test of recognition were taught with cells on black. All in whole numbers
(``src/lib/regions/cells/single.ts``).

1. The frame, one pixel wide, tells: where at least half of it is black the cell lies on black
   already, and the picture is read as it is.
2. The picture gets a margin of half its longer side all around, of the colour of its clear part
   (the lower median of each channel where green lies above Otsu's threshold), so that the
   cell's size and light can be found as in a field.
3. The cells are found in that. The one that owns most of the middle half of the picture is cut
   out, if it is a red cell whose box is at least ``LEAST_SIDE`` hundredths of the picture's
   shorter side.
4. Of the cell's pixels those stay that lie near its core: the largest part of what is farther
   than ``CORE`` hundredths of the typical squared radius from its edge, and what is no farther
   from that than ``REACH`` hundredths. A piece of a neighbour hangs on by less.
5. A picture that shows a second red cell of at least ``LEAST_OTHER`` hundredths of its size, all
   of it inside by ``INSET`` hundredths of the shorter side, is read as it is: none of its cells
   may be left out without a word.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .cut_out import cut_out
from .find import WORKING_RADIUS, FoundCell, FoundCells, find_cells
from .foreground import counts_of, median_of, otsu_of
from .plane import parts_of, squared_distances

BLACK = 24
"""A pixel of the frame is black with all channels below."""
LEAST_SIDE = 40
LEAST_OTHER = 60
INSET = 3
CORE = 12
REACH = 30


def cut_out_single(picture: np.ndarray) -> np.ndarray | None:
    """The cell on black, uint8 ``(side, side, 3)``; None where the picture is read as it is."""
    if lies_on_black(picture):
        return None
    padded = with_margin(picture)
    if padded is None:
        return None
    found = find_cells(padded)
    if not found.cells:
        return None
    height, width = picture.shape[:2]
    margin = max(height, width) // 2
    rows = _places(margin, height, padded.shape[0], found.owners.shape[0])
    columns = _places(margin, width, padded.shape[1], found.owners.shape[1])
    owned = np.bincount(found.owners[rows][:, columns].ravel(), minlength=len(found.cells) + 1)
    index = int(np.argmax(owned[1:]))
    cell = found.cells[index]
    is_large = 100 * _side(cell) >= LEAST_SIDE * min(width, height)
    if owned[index + 1] == 0 or cell.kind != "red" or not is_large:
        return None
    inset = (INSET * min(width, height) + 50) // 100

    def is_another(other: FoundCell) -> bool:
        return (
            other is not cell
            and other.kind == "red"
            and 100 * _side(other) >= LEAST_OTHER * _side(cell)
            and min(other.left, other.top) >= margin + inset
            and other.right <= margin + width - inset
            and other.bottom <= margin + height - inset
        )

    if any(is_another(other) for other in found.cells):
        return None
    return cut_out(padded, without_attached(found, index), index)


def without_attached(found: FoundCells, index: int) -> FoundCells:
    """The cells, with what only hangs on to one of them given to none."""
    own = found.owners == index + 1
    radius = WORKING_RADIUS * WORKING_RADIUS
    cores, areas, _ = parts_of(squared_distances(own) > radius * CORE // 100)
    if len(areas) == 1:
        return found
    core = cores == int(np.argmax(areas))
    kept = squared_distances(~core) <= radius * REACH // 100
    owners = np.where(own & ~kept, len(found.cells) + 1, found.owners)
    return replace(found, owners=owners)


def lies_on_black(picture: np.ndarray) -> bool:
    """Whether at least half of the frame of a picture, uint8 ``(h, w, 3)``, is black."""
    frame = np.concatenate([picture[0], picture[-1], picture[1:-1, 0], picture[1:-1, -1]])
    return 2 * int((frame.max(axis=1) < BLACK).sum()) >= len(frame)


def with_margin(picture: np.ndarray) -> np.ndarray | None:
    """The picture with a clear margin; None where nothing in it is clear."""
    green = picture[..., 1]
    clear = green > otsu_of(counts_of(green))
    if not clear.any():
        return None
    colour = [median_of(counts_of(picture[..., channel][clear])) for channel in range(3)]
    height, width = picture.shape[:2]
    margin = max(height, width) // 2
    padded = np.empty((height + 2 * margin, width + 2 * margin, 3), np.uint8)
    padded[:] = colour
    padded[margin : margin + height, margin : margin + width] = picture
    return padded


def _places(margin: int, length: int, padded: int, working: int) -> np.ndarray:
    """Where the middle half of the picture's rows or columns lies in the working picture."""
    places = np.arange(margin + length // 4, margin + length - length // 4)
    return (2 * places + 1) * working // (2 * padded)


def _side(cell: FoundCell) -> int:
    return max(cell.right - cell.left, cell.bottom - cell.top)
