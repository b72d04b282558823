"""Lists the images of a data set, splits them by patient and loads them.

The folder layout is the public one: ``<root>/{train,test}/{NORMAL,PNEUMONIA}``
with images of any size and of any format that Pillow reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

IMAGE_SUFFIXES = frozenset({".jpeg", ".jpg", ".png", ".webp", ".bmp", ".tif", ".tiff"})
CHEST_CLASSES = ("NORMAL", "PNEUMONIA")


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


def patient_of(name: str) -> tuple[str, str]:
    """Return ``(patient, series)`` of a chest image's file name.

    ``person<ID>_<bacteria|virus>_<n>`` is patient ``person<ID>``; ``IM-<ID>-...`` and
    ``NORMAL2-IM-<ID>-...`` are two separately numbered series. A name of no known form
    is its own patient, so that a user's own data set can be read too.
    """
    if match := re.match(r"person(\d+)_(bacteria|virus)", name):
        return f"person{match[1]}", match[2]
    if match := re.match(r"(NORMAL2-IM|IM)-(\d+)", name):
        return f"{match[1]}-{match[2]}", match[1]
    return Path(name).stem, "other"


def list_images(root: Path, split: str, classes: Sequence[str] = CHEST_CLASSES) -> list[Item]:
    """List every image of ``root/split`` in a fixed order.

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
    groups: dict[tuple[int, str], dict[str, int]] = {}
    for item in items:
        # A patient is one group whatever the number of films or the germs named on them.
        kind = item.series if item.label == 0 else "positive"
        patients = groups.setdefault((item.label, kind), {})
        patients[item.patient] = patients.get(item.patient, 0) + 1
    held: set[tuple[int, str]] = set()
    for (label, _), patients in sorted(groups.items()):
        names = sorted(patients, key=_number)
        want = fraction * sum(patients.values())
        shuffled = list(rng.permutation(names))
        for source, goal in ((names, want / 2), (shuffled, want)):
            for name in source:
                if sum(patients[n] for c, n in held if c == label and n in patients) >= goal:
                    break
                held.add((label, name))
    validation = [i for i in items if (i.label, i.patient) in held]
    training = [i for i in items if (i.label, i.patient) not in held]
    return training, validation


def _number(patient: str) -> tuple[int, str]:
    digits = re.findall(r"\d+", patient)
    return (int(digits[-1]) if digits else 0, patient)


def load_grey(path: Path, size: int) -> np.ndarray:
    """Read one image as the app does: upright, grey, squashed to ``size`` x ``size``.

    The orientation in the EXIF data is applied and an alpha channel is left out.
    Returns uint8 of shape ``(size, size)``; Pillow's antialiased bicubic filter.
    Raises ``DataError`` naming the path when the file cannot be read.
    """
    try:
        with Image.open(path) as image:
            upright = to_grey(ImageOps.exif_transpose(image))
            return np.asarray(upright.resize((size, size), Image.Resampling.BICUBIC))
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read as an image ({error})") from error


def to_grey(image: Image.Image) -> Image.Image:
    """Convert to 8-bit grey (ITU-R 601 luma); 16-bit grey is scaled by 1/257."""
    if image.mode in {"I", "I;16", "I;16B", "I;16L"}:
        values = np.asarray(image, dtype=np.float64) / 257
        return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))
    return image.convert("L")


def load_all(items: Iterable[Item], size: int) -> np.ndarray:
    """Load images into one uint8 array of shape ``(n, size, size)``."""
    return np.stack([load_grey(item.path, size) for item in items])
