"""Measures a reader of lungs on the validation films, as they are and under simulated shifts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from ..augment.xray import SHIFTS
from ..data.images import Item
from .crops import found_mask, load_films
from .lung_crop import NoLungsError, crop_lungs
from .reader import figures, log_odds, threshold_at

SHIFTED = ("blurred", "sharpened and noisy", "JPEG")
"""Simulated changes of acquisition that stretching the greys does not undo."""


class Validation:
    """Exact crops of the validation films, as they are and under simulated shifts."""

    def __init__(self, data: Path, items: list[Item], outlines: dict[str, np.ndarray]) -> None:
        self.labels = np.array([item.label for item in items])
        self.films = {"none": load_films(items)}
        generator = torch.Generator().manual_seed(0)
        values = torch.from_numpy(self.films["none"]).unsqueeze(1).float() / 255
        for name in SHIFTED:
            shifted = SHIFTS[name](values, generator)[:, 0]
            self.films[name] = (shifted * 255).round().byte().numpy()
        self.masks = []
        for item in items:
            try:
                self.masks.append(found_mask(data, item, outlines))
            except NoLungsError:
                self.masks.append(None)
        self.crops: dict[tuple[str, int], np.ndarray] = {}

    def crop(self, name: str, size: int) -> np.ndarray:
        """Crops of that size under the shift ``name``; black where no lungs were found."""
        if (name, size) not in self.crops:
            blank = np.zeros((size, size), np.uint8)
            self.crops[name, size] = np.stack(
                [
                    blank if mask is None else crop_lungs(film, mask, size)
                    for film, mask in zip(self.films[name], self.masks, strict=True)
                ]
            )
        return self.crops[name, size]

    def measure(self, net: nn.Module, size: int, shifted: bool) -> dict[str, Any]:
        """Figures at the threshold of 99 % sensitivity on the unchanged films.

        Under simulated shift, too, where that is asked for.
        """
        chosen = self.films if shifted else ["none"]
        scores = {name: log_odds(net, self.crop(name, size)) for name in chosen}
        threshold = threshold_at(self.labels, scores["none"])
        return {
            name: figures(self.labels, values, threshold) for name, values in scores.items()
        } | {"threshold": round(threshold, 4)}
