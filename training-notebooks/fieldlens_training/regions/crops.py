"""The lungs of many films, ready for training: loose crops with both outlines of each film."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from ..data.images import Item, load_image
from .lung_crop import NoLungsError, crop_lungs, cut, grown, tight_box
from .outline_mask import FILM_SIZE
from .outlines import load_mask, mask_path

LOOSE_MARGIN = 20
"""Hundredths of the lungs' box around them in a loose crop, for the random changes' sake."""


@dataclass(frozen=True)
class LooseCrops:
    """Crops with a wide margin. Row ``2 i`` is film ``i`` in the box of its drawn outline
    (where it has one), row ``2 i + 1`` in the box of its found outline.

    ``films`` and ``masks`` uint8 ``(2 n, side, side)``; masks 255 inside; ``labels`` ``(n,)``.
    """

    films: np.ndarray
    masks: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


def loose_crop(film: np.ndarray, mask: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray]:
    """A film and its mask in the mask's box with ``LOOSE_MARGIN``, uint8 ``(side, side)``."""
    box = grown(tight_box(mask), LOOSE_MARGIN)
    pictures = []
    for picture in (film, mask.astype(np.uint8) * 255):
        resized = Image.fromarray(cut(picture, box)).resize((side, side), Image.Resampling.BICUBIC)
        pictures.append(np.asarray(resized))
    return pictures[0], pictures[1]


def load_films(items: Sequence[Item]) -> np.ndarray:
    """Working films, uint8 ``(n, FILM_SIZE, FILM_SIZE)``."""
    return np.stack([load_image(item.path, FILM_SIZE, 1) for item in items])


def found_mask(data: Path, item: Item, outlines: dict[str, np.ndarray]) -> np.ndarray:
    """The found outline of a film; ``NoLungsError`` for one without lungs."""
    mask = outlines[str(item.path.relative_to(data))]
    if not mask.any():
        raise NoLungsError(f"{item.path}: no lungs found")
    return mask


def loose_crops(
    data: Path, items: Sequence[Item], outlines: dict[str, np.ndarray], side: int
) -> LooseCrops:
    """Loose crops of training films; a film without found lungs is cut by the drawn outline."""
    films, masks = [], []
    for item in items:
        film = load_image(item.path, FILM_SIZE, 1)
        drawn_path = mask_path(data, item)
        drawn = load_mask(drawn_path) > 127 if drawn_path.is_file() else None
        try:
            found = found_mask(data, item, outlines)
        except NoLungsError:
            if drawn is None:
                raise
            found = drawn
        for mask in (found if drawn is None else drawn, found):
            cropped = loose_crop(film, mask, side)
            films.append(cropped[0])
            masks.append(cropped[1])
    labels = np.array([item.label for item in items])
    return LooseCrops(np.stack(films), np.stack(masks), labels)


def exact_crops(
    data: Path, items: Sequence[Item], outlines: dict[str, np.ndarray], size: int
) -> np.ndarray:
    """The pictures that the app reads, uint8 ``(n, size, size)``; black where no lungs."""
    crops = []
    for item in items:
        try:
            mask = found_mask(data, item, outlines)
            crops.append(crop_lungs(load_image(item.path, FILM_SIZE, 1), mask, size))
        except NoLungsError:
            crops.append(np.zeros((size, size), np.uint8))
    return np.stack(crops)
