"""Writes the app's sample films: averages of twelve training films of one class, lung on lung.

An average is smoother than any film, and a network tells that. So the amplitudes of its spectrum
are made those of the films, the phases stay the average's: no single child's film remains.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from torch import nn

from ..data.images import Item
from ..data.samples import write_samples
from ..data.tasks import CHEST
from .crops import load_films
from .found import find_outlines, load_finder
from .lung_crop import tight_box
from .outline_mask import FILM_SIZE

SHOWN = (640, 512)
AVERAGED = 12
SEED = 41
"""Chosen so that the four samples show both ends of the list."""


def write_film_samples(data: Path, folder: Path, finder: Path, seed: int = SEED) -> list[Path]:
    """Write four films, ``synthetic-1.jpg`` to ``synthetic-4.jpg``: two of each class, in turn.

    ``data`` is the folder of the films, ``finder`` the file of the network that finds lungs.
    """
    average = partial(_average_film, load_finder(finder))
    return write_samples(CHEST.list(data, "train"), average, folder, seed)


def _average_film(
    finder: nn.Module, candidates: list[Item], rng: np.random.Generator
) -> Image.Image:
    chosen = rng.choice(len(candidates), AVERAGED, replace=False)
    weights = rng.dirichlet(np.full(AVERAGED, 2.0))
    films = aligned(finder, load_films([candidates[i] for i in chosen]))
    average = with_amplitudes(np.tensordot(weights, films.astype(float), 1), films)
    picture = Image.fromarray(average.clip(0, 255).astype(np.uint8))
    return ImageOps.autocontrast(picture.resize(SHOWN, Image.Resampling.BICUBIC), cutoff=0.5)


def aligned(finder: nn.Module, films: np.ndarray) -> np.ndarray:
    """Working films moved and scaled so that the boxes of all lungs are the mean box."""
    boxes = [tight_box(found.mask) for found in find_outlines(finder, films)]
    sides = np.array([(box.left, box.top, box.width, box.height) for box in boxes], float)
    left, top, width, height = sides.mean(axis=0)
    moved = []
    for film, box in zip(films, boxes, strict=True):
        x, y = box.width / width, box.height / height
        place = (x, 0, box.left - left * x, 0, y, box.top - top * y)
        picture = Image.fromarray(film).transform(
            (FILM_SIZE, FILM_SIZE), Image.Transform.AFFINE, place, Image.Resampling.BICUBIC
        )
        moved.append(np.asarray(picture))
    return np.stack(moved)


def with_amplitudes(average: np.ndarray, films: np.ndarray) -> np.ndarray:
    """``average`` with the mean amplitude spectrum of ``films``; float, ``(side, side)``."""
    spectrum = np.fft.fft2(average)
    amplitudes = np.abs(np.fft.fft2(films, axes=(1, 2))).mean(axis=0)
    return np.fft.ifft2(spectrum * amplitudes / np.maximum(np.abs(spectrum), 1e-6)).real
