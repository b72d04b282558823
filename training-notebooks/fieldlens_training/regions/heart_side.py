"""On which side the heart lies, to tell a mirrored film: exact integer arithmetic.

1. The film's greys are stretched between the percentiles inside the lungs, as for the crop
   (``lung_crop.stretched``), so that the heart is bright and the lungs are dark.
2. The lungs' tight box is resized to ``SIDE`` by ``SIDE`` (Pillow's bicubic for 8-bit grey).
3. The score is ``sum(WEIGHTS[y][x] * (grey[y][x] - grey[y][SIDE - 1 - x]))`` over the left half.
   A mirrored film has the same score with the other sign. Below ``-LIMIT`` the heart is taken to
   lie on the picture's left: the film is mirrored, or the heart is pushed there.

``WEIGHTS`` and ``LIMIT`` come from ``fit_heart_side``.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from .lung_crop import cut, grey_range, stretched, tight_box

SIDE = 8
WEIGHTS = (
    (-8, -7, 9, 14),
    (25, 8, 30, 20),
    (10, -17, 13, -10),
    (-9, -30, -2, -21),
    (-11, -12, -23, -23),
    (9, -22, -81, -23),
    (38, 13, -28, -14),
    (9, 37, 26, -7),
)
"""Of a logistic regression of the training films against themselves mirrored, in tenths."""
LIMIT = 12750
"""Log-odds of 5 in units of the score (a tenth of a grey of 255)."""


def box_greys(film: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The lungs' box with stretched greys, uint8 ``(SIDE, SIDE)``.

    ``film`` uint8 and ``mask`` bool, both ``(FILM_SIZE, FILM_SIZE)``. Raises ``NoLungsError``
    for an empty mask.
    """
    greys = stretched(film, *grey_range(film, mask))
    box = Image.fromarray(cut(greys, tight_box(mask)))
    return np.asarray(box.resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def half_difference(greys: np.ndarray) -> np.ndarray:
    """Left half minus mirrored right half of ``(..., SIDE, SIDE)``, int64."""
    greys = greys.astype(np.int64)
    return (greys - greys[..., ::-1])[..., : SIDE // 2]


def heart_score(film: np.ndarray, mask: np.ndarray) -> int:
    """Above 0 where the heart lies on the picture's right, as it should."""
    return int((half_difference(box_greys(film, mask)) * np.array(WEIGHTS)).sum())


def is_mirrored(film: np.ndarray, mask: np.ndarray) -> bool:
    """Whether the heart clearly lies on the picture's left. For upright films with two lungs."""
    return heart_score(film, mask) < -LIMIT
