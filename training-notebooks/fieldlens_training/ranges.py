"""Measures how large the maps of a finished package become, for the app's integer engine.

The engine of ``src/lib/engine/int8`` holds what a convolution reads in 7 bits, 0 to 127. It
takes the largest value of each such map from the manifest (``activations``). Any package can
be measured: what counts are its own bytes, read back by ``graph_model``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from .data import load_all
from .graph_model import GraphModel
from .package import read_manifest, write_manifest
from .tasks import task_of
from .training import RECIPES, load_split, to_values

PLAIN, SHIFTED = 240, 30
"""Training images that are read as they are, and under each simulated change."""

PERCENTILE = 99.99
"""Of a map's values over all images: a single bright spot must not coarsen every value."""


class ObservedModel(GraphModel):
    """A graph model that keeps the largest values of the maps that convolutions read."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (self.input,) = (e["name"].split(":")[0] for e in self.signature["inputs"].values())
        self.largest: dict[str, list[np.ndarray]] = {name: [] for name in self.observed()}
        self.sizes: dict[str, int] = dict.fromkeys(self.largest, 0)

    def observed(self) -> list[str]:
        """Names of the maps that are rounded: inputs of convolutions but the image itself."""
        convolutions = (n for n in self.nodes.values() if n["op"] == "_FusedConv2D")
        return sorted({n["input"][0] for n in convolutions} - {self.input})

    def _execute(self, node: dict, values: dict[str, torch.Tensor]) -> torch.Tensor:
        found = super()._execute(node, values)
        if node["name"] in self.largest:
            flat = found.flatten().numpy()
            count = max(1, round(flat.size * (1 - PERCENTILE / 100) * 10))
            self.largest[node["name"]].append(np.partition(flat, -count)[-count:])
            self.sizes[node["name"]] += flat.size
        return found

    def ranges(self, percentile: float = PERCENTILE) -> dict[str, float]:
        """The percentile of each map's values over all that was run."""
        found = {}
        for name, parts in self.largest.items():
            values = np.sort(np.concatenate(parts))
            above = max(1, round(self.sizes[name] * (1 - percentile / 100)))
            found[name] = float(f"{values[-above]:.6g}")
        return found


def measure_ranges(folder: Path, data: Path) -> dict:
    """The manifest's entry ``activations`` of the package in ``folder``.

    Reads training images spread evenly over the training patients' files, as they are and
    under each of the task's simulated changes.
    """
    manifest = read_manifest(folder)
    task, size = task_of(manifest["task"]), manifest["input"]["width"]
    items, _ = load_split(RECIPES[manifest["id"]], data)
    model = ObservedModel(folder)
    count = _run(model, items, size, task, PLAIN, None)
    for change in task.shifts.values():
        count += _run(model, items, size, task, SHIFTED, change)
    return {"images": count, "percentile": PERCENTILE, "ranges": model.ranges()}


def _run(model: ObservedModel, items, size: int, task, count: int, change) -> int:
    places = np.linspace(0, len(items) - 1, min(count, len(items))).round().astype(int)
    pixels = load_all([items[i] for i in places], size, task.channels)
    g = torch.Generator().manual_seed(0)
    for start in range(0, len(pixels), 10):
        x = to_values(torch.from_numpy(pixels[start : start + 10]))
        if change is not None:
            x = change(x, g)
        model.run(task.normalise(x).permute(0, 2, 3, 1).numpy())
    return len(pixels)


def write_ranges(folder: Path, data: Path) -> dict:
    """Measure the package in ``folder`` and put the ranges into its manifest."""
    found = measure_ranges(folder, data)
    manifest = read_manifest(folder)
    manifest["activations"] = found
    write_manifest(manifest, folder)
    return found
