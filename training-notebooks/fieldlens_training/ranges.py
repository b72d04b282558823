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


class ObservedModel(GraphModel):
    """A graph model that keeps the largest value of each map that a convolution reads.

    The largest, not a percentile: with the 99.99th the logits of validation images were off
    by up to 0.17, with the largest by 0.03, because a few strong features decide.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (image,) = (e["name"].split(":")[0] for e in self.signature["inputs"].values())
        convolutions = (n for n in self.nodes.values() if n["op"] == "_FusedConv2D")
        names = {n["input"][0] for n in convolutions} - {image}
        self.ranges = dict.fromkeys(sorted(names), 0.0)

    def _execute(self, node: dict, values: dict[str, torch.Tensor]) -> torch.Tensor:
        found, name = super()._execute(node, values), node["name"]
        if name in self.ranges:
            self.ranges[name] = max(self.ranges[name], float(found.max()))
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
    ranges = {name: float(f"{value:.6g}") for name, value in model.ranges.items()}
    return {"images": count, "ranges": ranges}


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
