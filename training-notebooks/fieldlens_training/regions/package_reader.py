"""A finished package that reads the lungs alone, run over films as the app runs it.

Finder and classifier are those of the package's own files, in floats.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from ..data.images import to_values
from ..data.tasks import task_of
from ..package.graph_model import GraphModel
from ..package.manifest import read_manifest
from .found import finder_input
from .lung_crop import crop_lungs
from .network import normalise
from .outline_mask import levels_of, outline_of
from .package_region import PREFIX

BATCH = 32


class PackageReader:
    """Reads working films, uint8 ``(n, FILM_SIZE, FILM_SIZE)``, with the package in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.manifest = read_manifest(folder)
        self.finder = GraphModel(folder, PREFIX)
        self.classifier = GraphModel(folder)
        rule = self.manifest["classifier"]["input"]
        self.size: int = rule["width"]
        self.smoothing: int = self.manifest["region"]["crop"]["smoothing"]
        self.task = task_of(self.manifest["task"]).read_with(rule["mean"], rule["std"])

    def outlines(self, films: np.ndarray) -> np.ndarray:
        """The lungs, bool ``(n, FILM_SIZE, FILM_SIZE)``."""
        name, masks = self.manifest["region"]["output"]["mask"], []
        for start in range(0, len(films), BATCH):
            x = normalise(torch.from_numpy(finder_input(films[start : start + BATCH])))
            logits = self.finder.run(x.permute(0, 2, 3, 1).numpy())[name]
            masks += [outline_of(levels_of(each)) for each in logits[..., 0]]
        return np.stack(masks)

    def crops(self, films: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Crops uint8 ``(m, size, size)`` of the films with lungs, and which those are ``(n,)``."""
        masks = self.outlines(films)
        seen = np.asarray(masks.any(axis=(1, 2)))
        crops = [
            crop_lungs(films[i], masks[i], self.size, self.smoothing) for i in np.flatnonzero(seen)
        ]
        return np.stack(crops) if crops else np.zeros((0, self.size, self.size), np.uint8), seen

    def read(self, films: np.ndarray) -> np.ndarray:
        """Log-odds of the positive class, ``(n,)``; NaN where no lungs were found."""
        crops, seen = self.crops(films)
        outputs = self.manifest["classifier"]["outputs"]
        positive, found = outputs["positiveClass"], []
        for start in range(0, len(crops), BATCH):
            x = self.task.normalise(to_values(torch.from_numpy(crops[start : start + BATCH])))
            logits = self.classifier.run(x.permute(0, 2, 3, 1).numpy())[outputs["logits"]]
            found.append(logits[:, positive] - logits[:, 1 - positive])
        scores = np.full(len(films), np.nan)
        if found:
            scores[seen] = np.concatenate(found)
        return scores

    def threshold(self, point: str) -> float:
        """The log-odds from which on a film is positive at an operating point."""
        (chosen,) = (p for p in self.manifest["operatingPoints"] if p["id"] == point)
        odds = np.log(chosen["threshold"] / (1 - chosen["threshold"]))
        return float(odds * self.manifest["calibration"]["temperature"])
