"""A small data folder of drawn films: two dark ellipses on a bright ground, and outlines."""

from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 224


def film_and_mask(rng: np.random.Generator, sick: bool) -> tuple[np.ndarray, np.ndarray]:
    """uint8 film and bool mask ``(SIDE, SIDE)``; a sick one has bright spots in the lungs."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    x, y = rng.integers(-12, 12, 2)
    mask = np.zeros((SIDE, SIDE), bool)
    for middle in (70, 154):
        mask |= ((columns - middle - x) / 30) ** 2 + ((rows - 112 - y) / 65) ** 2 < 1
    film = np.where(mask, 70, 170) + rng.integers(-15, 16, (SIDE, SIDE))
    if sick:
        film += 70 * (mask & ((rows // 12 + columns // 12) % 3 == 0))
    return film.clip(0, 255).astype(np.uint8), mask


def draw_data(root: Path, films: int = 12) -> Path:
    """Write ``films`` of each class and split, outlines of all, and two fields of cells."""
    rng = np.random.default_rng(0)
    for split in ("train", "test"):
        for label, name in enumerate(("NORMAL", "PNEUMONIA")):
            for number in range(films):
                stem = f"person{number}_virus_{number}" if label else f"IM-{number:04}-0001"
                film, mask = film_and_mask(rng, bool(label))
                for kind, picture, ending in (
                    ("chest_xray", film, "png"),
                    ("lung_masks", mask.astype(np.uint8) * 255, "png"),
                ):
                    folder = root / kind / split / name
                    folder.mkdir(parents=True, exist_ok=True)
                    Image.fromarray(picture).save(folder / f"{stem}.{ending}")
    cells = root / "blood_fields" / "images"
    cells.mkdir(parents=True)
    for number in range(2):
        Image.fromarray(rng.integers(0, 256, (48, 64)).astype(np.uint8)).save(
            cells / f"{number}.png"
        )
    return root
