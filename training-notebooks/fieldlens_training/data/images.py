"""Lists the images of a data set, splits them by patient and loads them.

The folder layout is the public one: ``<root>/{train,test}/<CLASS>/`` with images of any
size and of any format that Pillow reads.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps

IMAGE_SUFFIXES = frozenset({".jpeg", ".jpg", ".png", ".webp", ".bmp", ".tif", ".tiff"})


class DataError(Exception):
    """The data folder cannot be used; the message is one line that names the path."""


@dataclass(frozen=True)
class Item:
    """One labelled image.

    ``label`` is the index of the class, ``patient`` identifies who was imaged within
    the split, ``series`` the file-name series that the patient's number belongs to.
    """

    path: Path
    label: int
    patient: str
    series: str


def list_images(
    root: Path,
    split: str,
    classes: Sequence[str],
    patient_of: Callable[[str], tuple[str, str]],
) -> list[Item]:
    """List every image of ``root/split/<class>/`` in a fixed order.

    Raises ``DataError`` when a folder is missing or a class has no image.
    """
    items: list[Item] = []
    for label, name in enumerate(classes):
        folder = Path(root) / split / name
        if not folder.is_dir():
            raise DataError(f"{folder}: no such folder (expected one folder a class)")
        paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in IMAGE_SUFFIXES)
        if not paths:
            raise DataError(f"{folder}: no image of class {name} in it")
        items += [Item(path, label, *patient_of(path.name)) for path in paths]
    return items


def split_by_patient(
    items: Sequence[Item], fraction: float = 0.12, seed: int = 0
) -> tuple[list[Item], list[Item]]:
    """Split into (training, validation), stratified by class, no patient in both.

    Half of the validation patients are drawn at random; the other half are the lowest
    numbers of each series. Numbers follow the order of acquisition, so that half stands
    further from the training images than a random draw does.
    """
    rng = np.random.default_rng(seed)
    films = Counter(item.patient for item in items)
    # A patient with any positive image is a positive one, whatever else was imaged.
    positive = {item.patient for item in items if item.label}
    groups: dict[str, set[str]] = {}
    for item in items:
        kind = "positive" if item.patient in positive else item.series
        groups.setdefault(kind, set()).add(item.patient)
    held: set[str] = set()
    for kind in sorted(groups, key=lambda kind: (kind == "positive", kind)):
        names = sorted(groups[kind], key=_number)
        want = fraction * sum(films[name] for name in names)
        shuffled = list(rng.permutation(names))
        for source, goal in ((names, want / 2), (shuffled, want)):
            for name in source:
                if sum(films[n] for n in names if n in held) >= goal:
                    break
                held.add(name)
    validation = [i for i in items if i.patient in held]
    training = [i for i in items if i.patient not in held]
    return training, validation


def _number(patient: str) -> tuple[int, str]:
    digits = re.findall(r"\d+", patient)
    return (int(digits[-1]) if digits else 0, patient)


def load_image(path: Path, size: int, channels: int) -> np.ndarray:
    """Read one image as the app does: upright, squashed to ``size`` x ``size``.

    The orientation in the EXIF data is applied and an alpha channel is left out.
    Returns uint8 of shape ``(size, size)`` for one channel (grey), ``(size, size, 3)`` for
    three (RGB); Pillow's antialiased bicubic filter.
    Raises ``DataError`` naming the path when the file cannot be read.
    """
    try:
        with Image.open(path) as image:
            upright = ImageOps.exif_transpose(image)
            upright = to_grey(upright) if channels == 1 else upright.convert("RGB")
            return np.asarray(upright.resize((size, size), Image.Resampling.BICUBIC))
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read as an image ({error})") from error


def to_grey(image: Image.Image) -> Image.Image:
    """Convert to 8-bit grey (ITU-R 601 luma); 16-bit grey is scaled by 1/257."""
    if image.mode in {"I", "I;16", "I;16B", "I;16L"}:
        values = np.asarray(image, dtype=np.float64) / 257
        return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))
    return image.convert("L")


def load_all(items: Iterable[Item], size: int, channels: int) -> np.ndarray:
    """Load images into one uint8 array ``(n, size, size)``, or ``(n, size, size, 3)``."""
    return np.stack([load_image(item.path, size, channels) for item in items])


def to_values(pixels: torch.Tensor) -> torch.Tensor:
    """uint8 ``(n, h, w)`` or ``(n, h, w, 3)`` to float ``(n, channels, h, w)`` in 0..1."""
    x = pixels.unsqueeze(1) if pixels.ndim == 3 else pixels.permute(0, 3, 1, 2)
    return x.float().div(255)


def changed(
    pixels: np.ndarray,
    change: Callable[[torch.Tensor, torch.Generator], torch.Tensor],
    batch: int = 64,
    seed: int = 0,
) -> np.ndarray:
    """uint8 images ``(n, h, w)`` or ``(n, h, w, 3)`` under a change of their values 0..1."""
    g = torch.Generator().manual_seed(seed)
    out = []
    for start in range(0, len(pixels), batch):
        values = change(to_values(torch.from_numpy(pixels[start : start + batch])), g)
        levels = (values.clamp(0, 1) * 255).round().byte()
        out.append((levels[:, 0] if pixels.ndim == 3 else levels.permute(0, 2, 3, 1)).numpy())
    return np.concatenate(out)
