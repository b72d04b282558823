"""What can be said of an outline: no lungs, several films, cut off, one lung, turned, upside down.

The notes are exact: integer sums, and IEEE double precision with ``+ - * /`` and square root
where a ratio is compared. Angles are those of the film as it was taken, not of the square that
it was squashed to: ``aspect`` is its width over its height.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import ndimage

from .outline_mask import FILM_SIZE

NO_LUNGS, SEVERAL_FILMS, CUT_OFF, ONE_LUNG, TURNED, UPSIDE_DOWN = (
    "no-lungs",
    "several-films",
    "cut-off",
    "one-lung",
    "turned",
    "upside-down",
)
LEAST_LUNGS = 4
"""Hundredths of the working film that lungs cover at least."""
EDGE_SHARE = 10
"""Hundredths of the box's side along which the lungs may lie at the film's edge."""
TURN_LIMIT = 15.0
"""Degrees from which on a film counts as turned."""
SECOND_LUNG = 25
"""Hundredths of the largest lung's pixels that another one has at least. Of 5,232 training films
one has three such lungs; of 80 pairs of validation films side by side 78 have three or more, of 80
one above the other 78, of 60 groups of four 59."""


@dataclass(frozen=True)
class Quality:
    """Notes on an outline; ``turn`` in degrees, clockwise on the picture, of -90 to 90."""

    notes: tuple[str, ...] = ()
    turn: float = 0.0
    sides: tuple[str, ...] = field(default=())
    """Edges of the film at which the lungs are cut off."""


def count_lungs(mask: np.ndarray) -> int:
    """Pieces that are large enough for a lung."""
    labelled: Any = ndimage.label(mask)
    areas = np.bincount(labelled[0].ravel())[1:]
    return int((areas * 100 >= SECOND_LUNG * areas.max()).sum()) if len(areas) else 0


def lung_centres(mask: np.ndarray) -> list[tuple[float, float, int]]:
    """``(x, y, pixels)`` of the two largest pieces, or of fewer; the largest first."""
    labelled: Any = ndimage.label(mask)
    pieces, count = labelled
    areas = np.bincount(pieces.ravel(), minlength=count + 1)[1:]
    found = []
    for piece in np.argsort(-areas, kind="stable")[:2] + 1:
        rows, columns = np.nonzero(pieces == piece)
        found.append((columns.sum() / len(columns), rows.sum() / len(rows), len(rows)))
    return found


def cut_off_sides(mask: np.ndarray) -> tuple[str, ...]:
    """Edges of the picture at which the lungs lie over more than ``EDGE_SHARE`` of a side."""
    rows = int(mask.any(axis=1).sum())
    columns = int(mask.any(axis=0).sum())
    edges = {
        "top": (mask[0], columns),
        "bottom": (mask[-1], columns),
        "left": (mask[:, 0], rows),
        "right": (mask[:, -1], rows),
    }
    return tuple(
        name for name, (line, side) in edges.items() if int(line.sum()) * 100 > side * EDGE_SHARE
    )


def turn_of(first: tuple[float, float], second: tuple[float, float], aspect: float) -> float:
    """Degrees, clockwise, by which the line between two lungs is turned from level."""
    across = (second[0] - first[0]) * aspect
    down = second[1] - first[1]
    if across < 0 or (across == 0 and down < 0):
        across, down = -across, -down
    return math.degrees(math.atan2(down, across))


def is_upside_down(mask: np.ndarray) -> bool:
    """Whether the lungs are broader in their upper half than in their lower half.

    Lungs grow wider from apex to base: of each half of the box's height, the mean distance of
    the mask's pixels from the mask's middle column is compared.
    """
    rows, columns = np.nonzero(mask)
    middle = 2 * columns.sum()
    apart = np.abs(2 * columns * len(columns) - middle)
    upper = rows * 2 < rows.min() + rows.max()
    above, below = apart[upper], apart[~upper]
    if len(above) == 0 or len(below) == 0:
        return False
    return int(above.sum()) * len(below) > int(below.sum()) * len(above)


def quality_of(mask: np.ndarray, aspect: float = 1.0) -> Quality:
    """What is to be said of an outline on the working film."""
    pixels = int(mask.sum())
    if pixels * 100 < LEAST_LUNGS * FILM_SIZE * FILM_SIZE:
        return Quality((NO_LUNGS,))
    lungs = count_lungs(mask)
    if lungs > 2:
        return Quality((SEVERAL_FILMS,))
    notes = []
    sides = cut_off_sides(mask)
    if sides:
        notes.append(CUT_OFF)
    turn = 0.0
    if lungs < 2:
        notes.append(ONE_LUNG)
    else:
        centres = lung_centres(mask)
        turn = turn_of(centres[0][:2], centres[1][:2], aspect)
        if abs(turn) > TURN_LIMIT:
            notes.append(TURNED)
        elif is_upside_down(mask):
            notes.append(UPSIDE_DOWN)
    return Quality(tuple(notes), turn, sides)
