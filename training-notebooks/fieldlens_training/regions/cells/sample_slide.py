"""Writes the sample slide that the app offers to try: three fields of averaged cells.

Each cell is an average of many patients' cells (``data.samples``), turned, mirrored and a little
larger or smaller, so that no patient's cell is shown.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

from ...data.samples import average_cell
from ...data.tasks import MALARIA
from .pasted import outline, paste

SIZE = (960, 720)
SIDE = 84
CELLS = 66
INFECTED = (3, 1, 2)
"""Infected cells of each field."""
HEALTHY_KINDS, INFECTED_KINDS = 8, 3
"""Averages that are made of each class."""
QUALITY = 80
"""Of the JPEGs: all three together have 126 kB."""
NOISE = 0.7
"""Of the camera, grey levels; it costs bytes."""
RIM = 0.75
"""Share of the cell's brightness below which its averaged rim is cut away."""


def write_sample_slide(data: Path, folder: Path, seed: int = 3) -> list[Path]:
    """Write ``synthetic-1.jpg`` to ``synthetic-3.jpg`` from the cells of ``data``/train."""
    rng = np.random.default_rng(seed)
    items = MALARIA.list(data, "train")
    healthy, infected = (
        [average_cell([item for item in items if item.label == label], rng) for _ in range(kinds)]
        for label, kinds in ((0, HEALTHY_KINDS), (1, INFECTED_KINDS))
    )
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, count in enumerate(INFECTED, start=1):
        kinds = [infected] * count + [healthy] * (CELLS - count)
        cells = [varied(kind[rng.integers(len(kind))], rng) for kind in kinds]
        path = folder / f"synthetic-{number}.jpg"
        Image.fromarray(paste(cells, SIZE, SIDE, rng, NOISE).picture).save(path, quality=QUALITY)
        written.append(path)
    return written


def varied(cell: Image.Image, rng: np.random.Generator) -> np.ndarray:
    """A cell turned by any angle, 15 % larger or smaller at most, and stretched a little."""
    factor = np.exp(rng.uniform(-0.15, 0.15))
    stretch = np.exp(rng.uniform(-0.07, 0.07))
    size = (round(cell.width * factor * stretch), round(cell.height * factor / stretch))
    turned = cell.rotate(rng.uniform(0, 360), Image.Resampling.BICUBIC)
    return without_rim(np.asarray(turned.resize(size, Image.Resampling.BICUBIC)))


def without_rim(cell: np.ndarray) -> np.ndarray:
    """The cell without the dark rim where cells and black were averaged."""
    bright = cell.max(axis=-1)
    inside = outline(cell)
    kept = ndimage.binary_opening(inside & (bright > RIM * np.median(bright[inside])), iterations=2)
    return cell * outline(np.where(kept[..., None], cell, 0))[..., None]
