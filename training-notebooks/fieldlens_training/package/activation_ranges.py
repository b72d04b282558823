"""Measures how large the maps of a finished package become, for the app's integer engine.

The engine of ``src/lib/engine/int8`` holds what a convolution reads in 7 bits, 0 to 127. It
takes the largest value of each channel of such a map from the manifest (``activations``). Any
package can be measured: what counts are its own bytes, read back by ``graph_model``.

Maps whose rounding to 7 bits would move the answer too far are marked ``int16``
(``rounding_errors``). A range a channel, and the largest value rather than a percentile,
because that is what measured best (docs/engine.md): a few strong features decide.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import torch

from ..data.images import load_all, to_values
from ..data.reference_images import reference_images
from ..data.tasks import task_of
from ..training.recipes import RECIPES, load_split
from .graph_model import GraphModel
from .manifest import read_manifest, write_manifest
from .rounding_errors import MOST, int16_maps

PLAIN, SHIFTED = 240, 30
"""Training images that are read as they are, and under each simulated change."""

ROUNDING_PLAIN, ROUNDING_SHIFTED = 40, 4
"""The same for measuring what rounding does to the answer."""


class ObservedModel(GraphModel):
    """A graph model that keeps the largest values of the maps that convolutions read.

    ``ranges`` holds one a channel by the node's name, empty until something was run.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (image,) = (e["name"].split(":")[0] for e in self.signature["inputs"].values())
        convolutions = (n for n in self.nodes.values() if n["op"] == "_FusedConv2D")
        names = {n["input"][0] for n in convolutions} - {image}
        self.ranges: dict[str, np.ndarray] = {name: np.zeros(0) for name in sorted(names)}

    def _execute(self, node: dict, values: dict[str, torch.Tensor]) -> torch.Tensor:
        found, name = super()._execute(node, values), node["name"]
        if name in self.ranges:
            largest = found.amax(dim=(0, 1, 2)).numpy()
            known = self.ranges[name]
            self.ranges[name] = np.maximum(known, largest) if known.size else largest
        return found


Batches = Callable[[int, int], Iterable[torch.Tensor]]
"""Of a count of images as they are, and of one under each simulated change: what is read."""


def measure_ranges(folder: Path, read: Batches, most: float = MOST) -> dict:
    """The manifest's entry ``activations`` of the package in ``folder``.

    ``read`` gives training images spread evenly over the training patients' files, as they are
    and under each of the task's simulated changes (see ``calibration_batches``). ``most`` is the
    largest root mean square of what rounding may add to the log-odds (``int16_maps``).
    """
    model, count = ObservedModel(folder), 0
    for x in read(PLAIN, SHIFTED):
        model.run(x.permute(0, 2, 3, 1).numpy())
        count += len(x)
    ranges = {name: pack(v) for name, v in model.ranges.items()}
    batches = read(ROUNDING_PLAIN, ROUNDING_SHIFTED)
    unpacked = {name: unpack(r) for name, r in ranges.items()}
    for name in int16_maps(folder, unpacked, batches, most):
        ranges[name]["int16"] = True
    return {"images": count, "ranges": ranges}


def calibration_batches(
    manifest: dict, data: Path, plain: int = PLAIN, shifted: int = SHIFTED
) -> Iterator[torch.Tensor]:
    """The images that ranges are measured on, normalised, ``(n, channels, h, w)``.

    ``plain`` of them as they are, ``shifted`` under each simulated change; last the reference
    images of the manifest.
    """
    task, size = task_of(manifest["task"]), manifest["classifier"]["input"]["width"]
    items, _ = load_split(RECIPES[manifest["id"]], data)
    yield from _batches(items, size, task, plain, None)
    for change in task.shifts.values():
        yield from _batches(items, size, task, shifted, change)
    # A lane is admitted by these: what their maps reach must not be cut off either.
    images = np.stack(list(reference_images(size, task).values()))
    yield task.normalise(to_values(torch.from_numpy(images)))


def pack(largest: np.ndarray) -> dict:
    """The largest value of a map, and of each channel a byte ``b``: ``largest * 2 ** (-b / 16)``.

    Rounded up, so that nothing that was seen is cut off; a channel that is always 0 gets the
    smallest range.
    """
    most = float(f"{max(float(largest.max()), 1e-6):.7g}")
    steps = np.floor(16 * np.log2(most / np.maximum(largest.astype(np.float64), 1e-12)))
    codes = np.clip(steps, 0, 255).astype(np.uint8)
    return {"largest": most, "channels": base64.b64encode(codes.tobytes()).decode()}


def unpack(entry: dict) -> np.ndarray:
    """The largest value of each channel, as the app reads it from what ``pack`` made."""
    codes = np.frombuffer(base64.b64decode(entry["channels"]), np.uint8)
    return entry["largest"] * 2.0 ** (-codes.astype(np.float64) / 16)


def _batches(items, size: int, task, count: int, change) -> Iterator[torch.Tensor]:
    places = np.linspace(0, len(items) - 1, min(count, len(items))).round().astype(int)
    pixels = load_all([items[i] for i in places], size, task.channels)
    g = torch.Generator().manual_seed(0)
    for start in range(0, len(pixels), 10):
        x = to_values(torch.from_numpy(pixels[start : start + 10]))
        if change is not None:
            x = change(x, g)
        yield task.normalise(x)


def write_ranges(folder: Path, data: Path, version: str | None = None) -> dict:
    """Measure the package in ``folder`` and put the ranges into its manifest.

    ``version`` is the package's from then on: what was published answers otherwise with them.
    """
    manifest = read_manifest(folder)
    found = measure_ranges(folder, partial(calibration_batches, manifest, data))
    manifest["classifier"]["activations"] = found
    if version is not None:
        manifest["version"] = version
    write_manifest(manifest, folder)
    return found
