"""Parts, layers and distances of masks, bool ``(height, width)``."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import ndimage


def parts_of(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Parts that are connected over the edges of pixels, in the order of their first pixels.

    Returns labels from 1 on (0 elsewhere), the pixels of each part (``[0]`` is of no part), and
    whether each touches the picture's edge.
    """
    labelled: Any = ndimage.label(mask)
    labels, count = labelled
    areas = np.bincount(labels.ravel(), minlength=count + 1)
    areas[0] = 0
    at_edge = np.zeros(count + 1, bool)
    for side in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        at_edge[side] = True
    at_edge[0] = False
    return labels, areas, at_edge


def eroded(mask: np.ndarray) -> np.ndarray:
    """Without pixels that have one of their four neighbours outside; beyond the picture is in."""
    return ndimage.binary_erosion(mask, border_value=1)


def dilated(mask: np.ndarray) -> np.ndarray:
    """With the four neighbours of each pixel."""
    return ndimage.binary_dilation(mask)


def squared_distances(mask: np.ndarray) -> np.ndarray:
    """Squared distance in pixels to the nearest pixel outside the mask, int64, exact.

    What lies beyond the picture counts as inside; where all is inside the square is that of
    width and height together.
    """
    height, width = mask.shape
    if mask.all():
        return np.full(mask.shape, (height + width) ** 2, np.int64)
    distances = np.asarray(ndimage.distance_transform_edt(mask))
    return np.rint(distances * distances).astype(np.int64)
