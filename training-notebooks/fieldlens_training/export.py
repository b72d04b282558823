"""Writes a network as a TensorFlow.js package: ``model.json`` and shards."""

from __future__ import annotations

import hashlib
import json
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from . import __version__
from .equalise import equalise
from .fold import Convolution, Distance, Layer, fold
from .quantise import Quantised, correct_biases, quantise_plan
from .tasks import Task
from .topology import build_graph, signature
from .training import to_values

SHARD_BYTES = 1024 * 1024
"""Largest shard. Small, so that a poor connection loses little when it breaks."""


@dataclass(frozen=True)
class Options:
    """What is done for the sake of 8-bit weights; each was measured to help (README)."""

    eight_bit: bool = True
    equalise: bool = True
    correct_biases: bool = True


@dataclass
class Exported:
    """What was written: the plan with the weights as stored, and the files."""

    plan: list[Layer]
    files: list[Path]


def prepare(
    net: nn.Module, images: np.ndarray, task: Task, options: Options = Options()
) -> tuple[list[Layer], dict[str, Quantised]]:
    """Fold, equalise and quantise; ``images`` are uint8 training images of the task.

    Returns the plan with the weights as they will be read back, and the stored levels.
    """
    plan = fold(net)
    if options.equalise:
        equalise(plan)
    if not options.eight_bit:
        return plan, {}
    exact = [copy(layer) for layer in plan]
    plan, levels = quantise_plan(plan)
    if options.correct_biases and len(images):
        correct_biases(exact, plan, task.normalise(to_values(torch.from_numpy(images))))
    return plan, levels


def write_graph(
    plan: list[Layer], levels: dict[str, Quantised], size: int, folder: Path
) -> Exported:
    """Write ``plan`` for input of ``size`` x ``size`` into ``folder``.

    An earlier ``model.json`` and earlier shards in the folder are removed first.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in [*folder.glob("group*-shard*of*.bin"), *folder.glob("model.json")]:
        old.unlink()
    channels = next(layer for layer in plan if isinstance(layer, Convolution)).weight.shape[1]
    graph = build_graph(plan, levels, size, size, channels)
    data = graph.data()
    parts = [data[i : i + SHARD_BYTES] for i in range(0, len(data), SHARD_BYTES)]
    names = [f"group1-shard{i}of{len(parts)}.bin" for i in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        (folder / name).write_bytes(part)
    grid = grid_of(size)
    classes, features = plan[-1].weight.shape
    distance = any(isinstance(layer, Distance) for layer in plan)
    model = {
        "format": "graph-model",
        "generatedBy": f"fieldlens_training {__version__}",
        "convertedBy": f"fieldlens_training {__version__}",
        "signature": signature(size, size, channels, (grid, grid, features), classes, distance),
        "modelTopology": {
            "node": graph.nodes,
            "library": {},
            "versions": {"producer": 1882},
        },
        "weightsManifest": [{"paths": names, "weights": graph.weights}],
    }
    (folder / "model.json").write_text(json.dumps(model, separators=(",", ":")))
    return Exported(plan, [folder / "model.json", *(folder / name for name in names)])


def grid_of(size: int) -> int:
    """Side of the last feature map: four halvings, each rounded up."""
    for _ in range(4):
        size = (size + 1) // 2
    return size


def file_entry(path: Path) -> dict:
    """The manifest's entry of one file: name, bytes, sha256."""
    data = path.read_bytes()
    return {
        "path": path.name,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
