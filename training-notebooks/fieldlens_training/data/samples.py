"""Writes the app's sample images: averages of many training images of one class.

Those of films are in ``regions.film_samples``, since they are laid lung on lung. No single
patient can be recognised in them. They are for trying the app, not for measuring it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from .images import DataError, Item, load_image
from .tasks import MALARIA

AVERAGED = 24
"""Images in an average."""
CELL_SIZE = 132
"""A cell's side in pixels, as the data set's own pictures are."""
DARK, PALE = 45, 25
"""Strength of a spot from which on it is a parasite, and below which it is none."""

Average = Callable[[list[Item], np.random.Generator], Image.Image]


def write_cell_samples(data: Path, folder: Path, seed: int = 11) -> list[Path]:
    """Write four cells, ``synthetic-1.jpg`` to ``synthetic-4.jpg``: two of each class, in turn."""
    return write_samples(MALARIA.list(data, "train"), average_cell, folder, seed)


def write_samples(items: list[Item], average: Average, folder: Path, seed: int) -> list[Path]:
    """Write four averages of ``items``: two of each class, in turn, the positive first."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, label in enumerate((1, 0, 1, 0), start=1):
        path = folder / f"synthetic-{number}.jpg"
        average([item for item in items if item.label == label], rng).save(path, quality=88)
        written.append(path)
    return written


def average_cell(candidates: list[Item], rng: np.random.Generator) -> Image.Image:
    """Average round cells; infected ones are first turned until their parasites coincide."""
    infected = candidates[0].label == 1
    turn = rng.uniform(0, 2 * np.pi)
    cells = []
    for i in rng.permutation(len(candidates)):
        cell = load_image(candidates[i].path, CELL_SIZE, MALARIA.channels)
        spot = _spot_of(cell.astype(float))
        if spot is None or not (spot.is_parasite if infected else spot.strength < PALE):
            continue
        angle = np.degrees(spot.angle - turn)
        turned = Image.fromarray(cell).rotate(angle, Image.Resampling.BICUBIC)
        cells.append(np.asarray(turned, float))
        if len(cells) == AVERAGED:
            break
    if len(cells) < AVERAGED:
        raise DataError(f"{candidates[0].path.parent}: fewer than {AVERAGED} round cells")
    average = np.tensordot(rng.dirichlet(np.full(AVERAGED, 2.0)), np.stack(cells), 1)
    return Image.fromarray(np.clip(average, 0, 255).astype(np.uint8))


@dataclass(frozen=True)
class Spot:
    """The most strongly stained place of a cell.

    ``angle``, and ``distance`` from the middle and mean ``spread`` in radii; ``strength``: how
    much less green (Giemsa stains parasites purple) than the cell's median, in grey levels.
    """

    angle: float
    distance: float
    spread: float
    strength: float

    @property
    def is_parasite(self) -> bool:
        """Whether it is one small dark spot, about halfway to the rim."""
        return self.strength > DARK and self.spread < 0.12 and abs(self.distance - 0.5) < 0.1


def _spot_of(cell: np.ndarray) -> Spot | None:
    """The spot of a cell ``(CELL_SIZE, CELL_SIZE, 3)``, or None for one that is not round."""
    line = (np.arange(CELL_SIZE) + 0.5) / CELL_SIZE * 2 - 1
    x, y = np.meshgrid(line, line)
    radius = np.hypot(x, y)
    is_cell = cell.max(axis=-1) > 40
    if not is_cell[radius < 0.9].all() or is_cell[radius > 1.08].any():
        return None
    green = np.where(radius < 0.85, cell[..., 1], np.inf)
    spot = green <= np.quantile(green[radius < 0.85], 0.02)
    at_x, at_y = x[spot].mean(), y[spot].mean()
    return Spot(
        angle=float(np.arctan2(at_y, at_x)),
        distance=float(np.hypot(at_x, at_y)),
        spread=float(np.hypot(x[spot] - at_x, y[spot] - at_y).mean()),
        strength=float(np.median(green[radius < 0.85]) - green[spot].mean()),
    )
