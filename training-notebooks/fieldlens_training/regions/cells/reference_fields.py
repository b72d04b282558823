"""Writes what the app must find in drawn fields, for its tests.

``python -m fieldlens_training.regions.cells.reference_fields tests/unit/fixtures/cells.json``
writes shapes of drawn fields and the cells that are found in each. The pictures follow a formula
that the app's tests repeat (``drawn``).
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from ...data.colours import even_colours
from ...data.images import to_values
from .cut_out import cut_out
from .find import find_cells
from .single import cut_out_single

BACKGROUND = (225, 230, 235)
STAINS = {"red": (82, 62, 85), "nucleus": (45, 40, 80), "platelet": (60, 50, 85)}
"""Percent of red, green and blue light that a shape lets through."""
PALE = 12
"""Percent that a shape's pallor lets through more of each."""


@dataclass(frozen=True)
class Shape:
    """A disc, pixels; its pallor's radius (0 for none) and what it is stained as."""

    x: int
    y: int
    radius: int
    pallor: int = 0
    stain: str = "red"


@dataclass(frozen=True)
class DrawnField:
    """Shapes on a background that loses ``slope`` hundredths of its light from left to right."""

    name: str
    width: int
    height: int
    slope: int
    shapes: list[Shape]


def drawn(field: DrawnField) -> np.ndarray:
    """uint8 ``(height, width, 3)``. Whole numbers; ``//`` rounds down.

    At column x and row y a channel begins at ``background * (100 w - slope x) // (100 w)``; each
    shape in turn that holds the pixel, ``(x - x0)^2 + (y - y0)^2 < r^2``, leaves ``percent`` (with
    its pallor ``percent + PALE``) hundredths of it; last ``(3 x^2 + 5 y^2 + 7 x y >> 5) % 5 - 2``
    is added.
    """
    y, x = np.mgrid[: field.height, : field.width].astype(np.int64)
    full = 100 * field.width
    planes = []
    for channel, light in enumerate(BACKGROUND):
        plane = light * (full - field.slope * x) // full
        for shape in field.shapes:
            square = (x - shape.x) ** 2 + (y - shape.y) ** 2
            percent = STAINS[shape.stain][channel]
            through = np.where(square < shape.pallor**2, percent + PALE, percent)
            plane = np.where(square < shape.radius**2, plane * through // 100, plane)
        planes.append(plane + ((3 * x * x + 5 * y * y + 7 * x * y) >> 5) % 5 - 2)
    return np.clip(np.stack(planes, axis=2), 0, 255).astype(np.uint8)


def scattered(seed: int, width: int, height: int, radius: int, count: int) -> list[Shape]:
    """Discs of about one size anywhere, some of them overlapping or cut off, every third pale."""
    rng = np.random.default_rng(seed)
    shapes: list[Shape] = []
    while len(shapes) < count:
        x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
        size = radius + int(rng.integers(-radius // 8, radius // 8 + 1))
        nearest = min(((x - s.x) ** 2 + (y - s.y) ** 2 for s in shapes), default=10**9)
        if nearest > (1.5 * radius) ** 2:
            shapes.append(Shape(x, y, size, size // 2 if len(shapes) % 3 == 0 else 0))
    return shapes


def fields() -> list[DrawnField]:
    """All drawn fields."""
    apart = [
        Shape(40 + 52 * column, 40 + 52 * row, 18, 9 if (row + column) % 2 else 0)
        for row in range(5)
        for column in range(7)
    ]
    white = Shape(300, 140, 34)
    nucleus = Shape(300, 140, 26, stain="nucleus")
    platelet = Shape(66, 66, 9, stain="platelet")
    others = [s for s in apart if (s.x - white.x) ** 2 + (s.y - white.y) ** 2 > 58**2]
    return [
        DrawnField("a white cell and a platelet", 400, 300, 0, [*others, white, nucleus, platelet]),
        DrawnField("scattered under uneven light", 480, 360, 35, scattered(1, 480, 360, 16, 70)),
        DrawnField("near, few and large", 500, 380, 10, scattered(2, 500, 380, 44, 16)),
        DrawnField("nothing", 300, 200, 20, []),
    ]


def singles() -> list[DrawnField]:
    """Pictures of about one cell, with what lies around it."""
    cell = Shape(41, 38, 30, 12)
    parasite = Shape(50, 30, 6, stain="nucleus")
    return [
        DrawnField("a cell and parts of others", 80, 80, 10, [cell, parasite, Shape(0, 84, 30)]),
        DrawnField("a cell that the edge cuts off", 80, 64, 0, [Shape(20, 34, 30), parasite]),
        DrawnField("two whole cells", 130, 80, 0, [Shape(34, 40, 26), Shape(94, 42, 24)]),
        DrawnField("small parts alone", 80, 80, 0, [Shape(40, 40, 8), Shape(0, 0, 20)]),
        DrawnField("nothing", 80, 80, 0, []),
    ]


def single_cases() -> list[dict]:
    """Each with the start of the SHA-256 of the cell that is cut out; None where none is."""
    found = []
    for field in singles():
        cell = cut_out_single(drawn(field))
        found.append(
            {
                "field": asdict(field),
                "side": None if cell is None else len(cell),
                "cut_out": None if cell is None else digests(cell)["cut_out"],
            }
        )
    return found


def cases() -> list[dict]:
    """Each field with what is found in it."""
    found = []
    for field in fields():
        cells = find_cells(drawn(field))
        picture = drawn(field)
        found.append(
            {
                "field": asdict(field),
                "radius": cells.radius,
                "cells": [
                    asdict(cell) | digests(cut_out(picture, cells, i))
                    for i, cell in enumerate(cells.cells)
                ],
            }
        )
    return found


def digests(cell: np.ndarray) -> dict[str, str]:
    """Of a cell that was cut out, as it is and with even colours, the start of the SHA-256."""
    values = to_values(torch.from_numpy(cell[None].copy()))
    even = (even_colours(values)[0].permute(1, 2, 0) * 255).round().byte().numpy()
    pictures = {"cut_out": cell, "even": even}
    return {
        name: hashlib.sha256(picture.tobytes()).hexdigest()[:12]
        for name, picture in pictures.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    arguments = parser.parse_args()
    command = (
        "python -m fieldlens_training.regions.cells.reference_fields tests/unit/fixtures/cells.json"
    )
    contents = {
        "madeBy": command,
        "background": BACKGROUND,
        "stains": STAINS,
        "pale": PALE,
        "cases": cases(),
        "singles": single_cases(),
    }
    arguments.file.write_text(json.dumps(contents, indent="\t") + "\n")


if __name__ == "__main__":
    main()
