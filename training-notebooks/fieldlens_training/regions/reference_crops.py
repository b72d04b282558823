"""Writes what the app's outline and crop must give, for its tests.

``python -m fieldlens_training.regions.reference_crops tests/unit/fixtures/lungs.json`` writes
drawn films with a finder's levels, and of each the outline, its quality and the crop; of a
turned film the film turned back, too. All pixels are in base64: crops as bytes, levels as
signed bytes, masks as bits (the first pixel in the highest bit). Films follow a formula.
"""

from __future__ import annotations

import argparse
import base64
import json
import math
from dataclasses import asdict
from pathlib import Path

import numpy as np
from scipy import ndimage

from .heart_side import heart_score
from .lung_crop import crop_lungs, grey_range, grown, reach_of, tight_box
from .lung_shape import lung_shape
from .outline_mask import FILM_SIZE, STEP, outline_of
from .quality import SEVERAL_FILMS, TURNED, lung_centres, quality_of
from .turning import turned_back

MAP_SIZE = FILM_SIZE // STEP
CROP_SIZE = 96


def encoded(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()


def drawn_film(low: int, high: int) -> np.ndarray:
    """uint8 greys ``low`` to ``high`` by a formula that the app's tests repeat.

    ``low + ((3 x^2 + 5 y^2 + 7 x y) >> 7) mod (high - low + 1)`` at column x and row y.
    """
    y, x = np.mgrid[:FILM_SIZE, :FILM_SIZE]
    return (low + ((3 * x * x + 5 * y * y + 7 * x * y) >> 7) % (high - low + 1)).astype(np.uint8)


def drawn_levels(
    rng: np.random.Generator, turn: float, shift: tuple[float, float], noise: float
) -> np.ndarray:
    """Levels of two lungs that grow broader downwards, turned about the middle, int8."""
    rows, columns = np.mgrid[:MAP_SIZE, :MAP_SIZE] + 0.5 - MAP_SIZE / 2
    x, y = columns - shift[0], rows - shift[1]
    angle = math.radians(turn)
    across = x * math.cos(angle) + y * math.sin(angle)
    down = -x * math.sin(angle) + y * math.cos(angle)
    broad = 5 + 4 * (down + 18) / 36
    inside = np.minimum(18 - np.abs(down), broad - np.abs(np.abs(across) - 3 - broad))
    levels = inside * 12 + ndimage.gaussian_filter(rng.normal(size=x.shape), 1) * noise
    # Holes where it is well inside, pieces where it is well outside.
    for sign in (1, -1):
        rows, columns = np.nonzero(sign * levels > 36)
        for i in rng.integers(0, len(rows), int(noise / 10)):
            row, column = rows[i], columns[i]
            levels[row : row + 2, column : column + 2] = -sign * 60
    return np.clip(np.floor(levels + 0.5), -128, 127).astype(np.int8)


SIDE_BY_SIDE = "two films side by side"
CASES = (
    ("upright", 0.0, (0.0, 0.0), 10.0, (40, 200)),
    ("ragged, with small pieces", 4.0, (1.0, -2.0), 45.0, (0, 255)),
    ("turned", 24.0, (0.0, 0.0), 10.0, (90, 140)),
    ("upside down", 180.0, (0.0, 0.0), 10.0, (40, 200)),
    ("cut off at the right and below", 0.0, (16.0, 14.0), 10.0, (60, 250)),
    ("hardly any contrast", 0.0, (0.0, 0.0), 30.0, (100, 102)),
    (SIDE_BY_SIDE, 0.0, (0.0, 0.0), 10.0, (40, 200)),
)


def cases() -> list[dict]:
    """All cases, in the order of ``CASES``."""
    found = []
    for seed, (name, turn, shift, noise, greys) in enumerate(CASES):
        rng = np.random.default_rng(seed)
        film = drawn_film(*greys)
        levels = drawn_levels(rng, turn, shift, noise)
        if name == SIDE_BY_SIDE:
            levels = np.concatenate([levels[:, ::2]] * 2, axis=1)
        mask = outline_of(levels)
        tight = tight_box(mask)
        aspect = 1.25 if seed % 2 else 0.9
        (x0, y0, _), (x1, y1, _) = sorted(lung_centres(mask))[:2]
        across, down = (x1 - x0) * aspect, y1 - y0
        quality = quality_of(mask, aspect)
        found.append(
            {
                "name": name,
                "film": {"low": greys[0], "high": greys[1]},
                "levels": encoded(levels),
                "mask": encoded(np.packbits(mask)),
                "box": asdict(grown(tight)),
                "reach": reach_of(tight),
                "greys": list(grey_range(film, mask)),
                "crop": encoded(crop_lungs(film, mask, CROP_SIZE)),
                "aspect": aspect,
                "quality": asdict(quality),
                "heart": heart_score(film, mask),
                "shape": lung_shape(mask).tolist(),
                "axis": None
                if SEVERAL_FILMS in quality.notes
                else {"across": across, "down": down},
            }
        )
        if TURNED in quality.notes:
            found[-1]["turnedBack"] = encoded(turned_back(film, across, down, aspect))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    arguments = parser.parse_args()
    sizes = {"film": FILM_SIZE, "map": MAP_SIZE, "crop": CROP_SIZE}
    command = "python -m fieldlens_training.regions.reference_crops tests/unit/fixtures/lungs.json"
    text = json.dumps({"madeBy": command, "sizes": sizes, "cases": cases()}, indent="\t")
    arguments.file.write_text(text + "\n")


if __name__ == "__main__":
    main()
