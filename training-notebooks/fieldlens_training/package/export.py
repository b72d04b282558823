"""Writes a network as a TensorFlow.js package: ``model.json`` and shards."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from .. import __version__
from ..data.images import to_values
from ..data.tasks import Task
from ..quantisation.bit_budget import BITS, SENSITIVITY_IMAGES, choose_steps, sensitivities
from ..quantisation.equalise import equalise
from ..quantisation.fold import Convolution, Distance, Layer, classifier_of, fold
from ..quantisation.quantise import Quantised, correct_biases, quantise_plan
from ..quantisation.rounding import round_plan
from .packing import packing_entry, write_shard
from .topology import build_graph, signature

SHARD_BYTES = 1024 * 1024
"""Largest shard, unpacked. Small, so that a poor connection loses little when it breaks."""


@dataclass(frozen=True)
class Options:
    """What is done for the sake of small weights; each was measured to help (README)."""

    eight_bit: bool = True
    equalise: bool = True
    correct_biases: bool = True
    bits: float = BITS
    """Of entropy a weight, of the tensors that are not few bytes anyway."""


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
    return store(plan, task.normalise(to_values(torch.from_numpy(images))), options)


def store(
    plan: list[Layer], x: torch.Tensor, options: Options = Options()
) -> tuple[list[Layer], dict[str, Quantised]]:
    """Quantise a plan; ``x`` are normalised training images, as ``run_plan`` takes them.

    Without images every tensor gets 255 steps, and no bias is corrected.
    """
    if not len(x):
        return quantise_plan(plan)
    # Spread over the images, which come class by class.
    some = torch.linspace(0, len(x) - 1, min(len(x), SENSITIVITY_IMAGES)).round().long()
    steps = choose_steps(plan, sensitivities(plan, x[some]), options.bits)
    coarse, levels = round_plan(plan, steps, x)
    if options.correct_biases:
        correct_biases(plan, coarse, x)
    return coarse, levels


def write_graph(
    plan: list[Layer], levels: dict[str, Quantised], size: int, folder: Path
) -> Exported:
    """Write ``plan`` for input of ``size`` x ``size`` into ``folder``.

    An earlier ``model.json`` and earlier shards in the folder are removed first.
    """
    channels = next(layer for layer in plan if isinstance(layer, Convolution)).weight.shape[1]
    graph = build_graph(plan, levels, size, size, channels)
    grid = grid_of(size)
    classes, features = classifier_of(plan).weight.shape
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
    }
    return Exported(plan, write_files(model, graph.weights, graph.data(), folder))


def write_files(model: dict, weights: list[dict], data: bytes, folder: Path) -> list[Path]:
    """Write ``model`` with its ``weights``, whose bytes are ``data``; returns the files.

    ``model.json`` names plain shards, as TensorFlow.js wants them (``npm run export`` writes
    those); in the package they are packed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in [*folder.glob("group*-shard*of*.bin"), *folder.glob("model.json")]:
        old.unlink()
    parts = [data[i : i + SHARD_BYTES] for i in range(0, len(data), SHARD_BYTES)]
    names = [f"group1-shard{i}of{len(parts)}.bin" for i in range(1, len(parts) + 1)]
    shards = [write_shard(folder, *shard) for shard in zip(names, parts, strict=True)]
    whole = model | {"weightsManifest": [{"paths": names, "weights": weights}]}
    (folder / "model.json").write_text(json.dumps(whole, separators=(",", ":")))
    return [folder / "model.json", *shards]


def grid_of(size: int) -> int:
    """Side of the last feature map: four halvings, each rounded up."""
    for _ in range(4):
        size = (size + 1) // 2
    return size


def file_entry(path: Path) -> dict:
    """The manifest's entry of one file: name, bytes and sha256 as it travels, its packing."""
    data = path.read_bytes()
    return {
        "path": path.name,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        **packing_entry(path),
    }
