"""Fills the pallor of red cells and leaves the gaps between touching cells.

Red cells are paler in the middle, so that many are rings in a mask. A hole is a part of the
background that does not reach the picture's edge. It is filled where the part that it lies in,
all holes filled, is no larger than ``ONE_CELL`` typical cells. Of larger parts those holes are
filled that cover at most ``MOST_PALLOR`` of a typical cell and are round (the largest disc in
them covers ``ROUND`` of them; between three round cells that is 0.47, between four 0.63), very
small (``LEAST_HOLE`` of the squared typical radius), or too dark for background (``PALE``).
"""

from __future__ import annotations

import math

import numpy as np

from .foreground import Foreground
from .plane import parts_of, squared_distances

ONE_CELL = 1.7
MOST_PALLOR = 0.6
LEAST_HOLE = 0.05
ROUND = 0.6
PALE = 188
"""Mean flattened green of a hole up to which it is no background."""
UNKNOWN_SIZE = 0.02
"""Of the picture: holes that are filled while the cells' size is not known."""


def without_pallor(foreground: Foreground, radius: float | None) -> np.ndarray:
    """The mask with the pallor filled; ``radius`` of a typical cell in pixels, if known."""
    mask = foreground.mask
    labels, areas, at_edge = parts_of(~mask)
    hole = ~at_edge
    hole[0] = False
    if radius is None:
        return mask | (hole & (areas < UNKNOWN_SIZE * mask.size))[labels]
    cell = math.pi * radius * radius
    parts, part_areas, _ = parts_of(mask | hole[labels])
    around = np.zeros(len(areas), np.int64)
    around[labels] = parts
    widest = np.zeros(len(areas), np.int64)
    np.maximum.at(widest, labels, squared_distances(~mask))
    sums = np.bincount(labels.ravel(), foreground.green.ravel(), len(areas))
    one_cell = part_areas[around] <= ONE_CELL * cell
    is_pallor = (
        (math.pi * widest >= ROUND * areas)
        | (areas < LEAST_HOLE * radius * radius)
        | (sums <= PALE * areas)
    )
    fill = hole & (one_cell | (is_pallor & (areas <= MOST_PALLOR * cell)))
    return mask | fill[labels]
