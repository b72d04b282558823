"""Pairs of film and lung outline, split by patient, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from ..data.images import (
    DataError,
    Item,
    list_images,
    load_image,
    split_by_patient,
)
from ..data.tasks import CHEST

CLASSES = ("NORMAL", "PNEUMONIA")
MASK_SIZE = 224
"""The outlines are drawn on films squashed to this square, in pixels."""


@dataclass(frozen=True)
class Pairs:
    """Films and their outlines, in the same order.

    ``films`` uint8 ``(n, size, size)``, grey; ``masks`` uint8 ``(n, mask_size, mask_size)``,
    255 inside the lungs, soft at the edge where it was scaled down.
    """

    items: list[Item]
    films: np.ndarray
    masks: np.ndarray

    def __len__(self) -> int:
        return len(self.items)


def mask_path(data: Path, item: Item) -> Path:
    """Where the outline of a film of ``data/chest_xray`` lies, whether it exists or not."""
    split, name = item.path.parts[-3], item.path.parts[-2]
    return Path(data) / "lung_masks" / split / name / f"{item.path.stem}.png"


def outlined(data: Path, split: str) -> list[Item]:
    """The films of a split that people outlined, in a fixed order.

    Raises ``DataError`` when the folder is missing or no film of it has an outline.
    """
    items = list_images(Path(data) / "chest_xray", split, CLASSES, CHEST.patient_of)
    items = [item for item in items if mask_path(data, item).is_file()]
    if not items:
        raise DataError(f"{data}/lung_masks/{split}: no outline of a film")
    return items


def split_outlined(
    data: Path, fraction: float = 0.1, seed: int = 0
) -> tuple[list[Item], list[Item]]:
    """Training and validation films with an outline, no patient in both."""
    return split_by_patient(outlined(data, "train"), fraction, seed)


def load_mask(path: Path, size: int = MASK_SIZE) -> np.ndarray:
    """Read an outline as uint8 ``(size, size)``: 255 inside, area-averaged when smaller."""
    try:
        with Image.open(path) as image:
            grey = image.convert("L")
            if grey.size != (size, size):
                grey = grey.resize((size, size), Image.Resampling.BOX)
            return np.asarray(grey)
    except OSError as error:
        raise DataError(f"{path}: cannot be read as an outline ({error})") from error


def load_pairs(data: Path, items: Sequence[Item], size: int, mask_size: int) -> Pairs:
    """Load films at ``size`` and outlines at ``mask_size`` pixels a side."""
    return Pairs(
        list(items),
        np.stack([load_image(item.path, size, 1) for item in items]),
        np.stack([load_mask(mask_path(data, item), mask_size) for item in items]),
    )
