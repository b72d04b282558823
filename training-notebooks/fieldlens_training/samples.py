"""Writes the app's sample images: averages of many training images of one class.

No single patient can be seen in them; they are for a first try, not for measuring.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from .data import load_all
from .tasks import CHEST

SIZE = 224
SHOWN = (640, 512)
AVERAGED = 24
"""Images in an average."""


def write_samples(data: Path, folder: Path, seed: int = 11) -> list[Path]:
    """Write ``synthetic-1.jpg`` to ``synthetic-4.jpg``: two of each class, in turn."""
    items = CHEST.list(data, "train")
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, label in enumerate((1, 0, 1, 0), start=1):
        candidates = [item for item in items if item.label == label]
        chosen = rng.choice(len(candidates), AVERAGED, replace=False)
        weights = rng.dirichlet(np.full(AVERAGED, 2.0))
        stack = load_all([candidates[i] for i in chosen], SIZE, CHEST.channels)
        average = Image.fromarray(np.tensordot(weights, stack, 1).astype(np.uint8))
        path = folder / f"synthetic-{number}.jpg"
        shown = ImageOps.autocontrast(average.resize(SHOWN, Image.Resampling.BICUBIC), cutoff=0.5)
        shown.save(path, quality=88)
        written.append(path)
    return written
