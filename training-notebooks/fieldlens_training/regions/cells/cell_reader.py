"""A finished package that reads cells, run over pictures as the app runs it, in floats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from ...data.images import to_values
from ...data.tasks import task_of
from ...package.graph_model import GraphModel
from ...package.manifest import read_manifest
from .cut_out import cut_out
from .find import FoundCells
from .single import cut_out_single

BATCH = 64


@dataclass(frozen=True)
class CellScores:
    """Calibrated probabilities of a parasite, and whether each cell is recognised, ``(n,)``."""

    probabilities: np.ndarray
    recognised: np.ndarray


class CellReader:
    """Reads pictures of single cells, or the cells of a field, with the package in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.manifest = read_manifest(folder)
        self.model = GraphModel(folder)
        rule = self.manifest["classifier"]["input"]
        self.size: int = rule["width"]
        self.task = task_of(self.manifest["task"]).read_with(rule["mean"], rule["std"])

    def read_single(self, pictures: Sequence[np.ndarray]) -> CellScores:
        """Pictures of one cell each, uint8 ``(h, w, 3)``; what lies around the cell goes first."""
        cut = [cut_out_single(picture) for picture in pictures]
        return self.read([p if c is None else c for p, c in zip(pictures, cut, strict=True)])

    def read_field(self, picture: np.ndarray, found: FoundCells, cells: list[int]) -> CellScores:
        """Some of the cells found in a picture, by their indexes."""
        return self.read([cut_out(picture, found, index) for index in cells])

    def read(self, cells: Sequence[np.ndarray]) -> CellScores:
        """Cells on black, uint8 ``(h, w, 3)`` of any size."""
        outputs = self.manifest["classifier"]["outputs"]
        positive, margins, distances = outputs["positiveClass"], [np.zeros(0)], [np.zeros(0)]
        for start in range(0, len(cells), BATCH):
            pixels = np.stack([self.squashed(cell) for cell in cells[start : start + BATCH]])
            x = self.task.normalise(to_values(torch.from_numpy(pixels))).permute(0, 2, 3, 1)
            found = self.model.run(x.numpy())
            logits = found[outputs["logits"]]
            margins.append(logits[:, positive] - logits[:, 1 - positive])
            distances.append(found[outputs["distance"]][:, 0])
        odds = np.concatenate(margins) / self.manifest["calibration"]["temperature"]
        recognised = np.concatenate(distances) <= self.manifest["recognition"]["threshold"]
        return CellScores(1 / (1 + np.exp(-odds)), recognised)

    def squashed(self, cell: np.ndarray) -> np.ndarray:
        size = (self.size, self.size)
        return np.asarray(Image.fromarray(cell).resize(size, Image.Resampling.BICUBIC))
