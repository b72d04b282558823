"""The lungs' place and size as six numbers, for telling films of other bodies.

In fractions of the working film: the tight box's left, top, right and bottom, its width over its
height, and the share of the box that the lungs fill. IEEE double precision, the same in the app.
"""

from __future__ import annotations

import numpy as np

from .lung_crop import tight_box
from .outline_mask import FILM_SIZE


def lung_shape(mask: np.ndarray) -> np.ndarray:
    """Six numbers of a boolean mask; ``NoLungsError`` for an empty one."""
    box = tight_box(mask)
    places = [side / FILM_SIZE for side in (box.left, box.top, box.right, box.bottom)]
    fill = int(mask.sum()) / (box.width * box.height)
    return np.array([*places, box.width / box.height, fill])
