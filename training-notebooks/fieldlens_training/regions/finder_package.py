"""Writes the finder as the app reads it: a TensorFlow.js graph and what belongs to it.

``python -m fieldlens_training.regions.finder_package --finder finder.pt --out FOLDER`` writes
``model.json``, one packed shard with 8-bit weights, and ``region.json``: the input, the output
node, the ranges of the maps for the int8 engine, and the numbers of the outline and the crop.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .. import __version__
from ..package.activation_ranges import pack
from ..package.export import file_entry, write_files
from ..package.topology import build_graph
from ..quantisation.fold import (
    INPUT,
    Concatenation,
    Convolution,
    Enlargement,
    Layer,
    fold_convolution,
    run_plan,
)
from ..quantisation.quantise import Quantised, correct_biases, quantise_plan
from . import lung_crop, outline_mask
from .crops import load_films
from .found import finder_input, load_finder
from .network import FILM_MEAN, FILM_STD, INPUT_SIZE, LungFinder, normalise
from .outlines import split_outlined

OUTLINE = "outline"
"""Name of the output: logits ``(1, size / 2, size / 2, 1)``."""
CALIBRATION = 240
"""Training films on which biases are corrected and ranges are measured."""


def fold_finder(net: LungFinder) -> list[Layer]:
    """The finder as a plan without BatchNorm; the last layer is ``OUTLINE``."""
    finder: Any = net  # its parts are not declared in a way that a type checker sees
    plan: list[Layer] = []
    source, skips = INPUT, []

    def add(name: str, block: Any) -> str:
        conv, norm, _ = block
        plan.append(fold_convolution(name, source, conv, norm, relu=True))
        return name

    for depth, stage in enumerate(finder.down, 1):
        for number, block in enumerate(stage, 1):
            source = add(f"down{depth}_conv{number}", block)
        skips.append(source)
    skips.pop()
    for depth, stage in zip(range(len(finder.up), 0, -1), finder.up, strict=True):
        plan.append(Enlargement(f"up{depth}_enlarged", source))
        source = f"up{depth}_joined"
        plan.append(Concatenation(source, (f"up{depth}_enlarged", skips.pop())))
        for number, block in enumerate(stage, 1):
            source = add(f"up{depth}_conv{number}", block)
    weight, bias = (p.detach().clone() for p in (finder.head.weight, finder.head.bias))
    plan.append(Convolution(OUTLINE, source, weight, bias, 1, 0, relu=False))
    return plan


def convolutions(plan: list[Layer]) -> list[str]:
    """Names of the plan's convolutions before its output."""
    return [layer.name for layer in plan if isinstance(layer, Convolution)][:-1]


def measure_ranges(plan: list[Layer], inputs: torch.Tensor) -> dict[str, np.ndarray]:
    """The largest value of each channel of each convolution's map on normalised inputs."""
    names = convolutions(plan)
    largest: dict[str, np.ndarray] = {}
    for start in range(0, len(inputs), 16):
        maps = run_plan(plan, inputs[start : start + 16], tuple(names))
        for name, values in maps.items():
            here = values.amax(dim=(0, 2, 3)).numpy()
            largest[name] = np.maximum(largest.get(name, here), here)
    return largest


def quantise_finder(
    plan: list[Layer], inputs: torch.Tensor
) -> tuple[list[Layer], dict[str, Quantised]]:
    """8-bit weights, one range a tensor, biases corrected on normalised inputs."""
    coarse, levels = quantise_plan(plan)
    correct_biases(plan, coarse, inputs)
    return coarse, levels


def signature(size: int) -> dict:
    """The graph's named input and output."""

    def entry(name: str, shape: tuple[int, ...]) -> dict:
        dimensions = {"dim": [{"size": str(side)} for side in shape]}
        return {"name": f"{name}:0", "dtype": "DT_FLOAT", "tensorShape": dimensions}

    half = size // 2
    return {
        "inputs": {INPUT: entry(INPUT, (-1, size, size, 1))},
        "outputs": {OUTLINE: entry(OUTLINE, (-1, half, half, 1))},
    }


def write_finder(net: LungFinder, films: np.ndarray, folder: Path) -> list[Layer]:
    """Write the package; ``films`` are working films of training patients.

    Returns the plan with the weights as they will be read back.
    """
    inputs = normalise(torch.from_numpy(finder_input(films)))
    plan, levels = quantise_finder(fold_finder(net), inputs)
    graph = build_graph(plan, levels, INPUT_SIZE, INPUT_SIZE, 1)
    model = {
        "format": "graph-model",
        "generatedBy": f"fieldlens_training {__version__}",
        "convertedBy": f"fieldlens_training {__version__}",
        "signature": signature(INPUT_SIZE),
        "modelTopology": {"node": graph.nodes, "library": {}, "versions": {"producer": 1882}},
    }
    files = write_files(model, graph.weights, graph.data(), folder)
    ranges = measure_ranges(plan, inputs)
    region = {
        "files": [file_entry(path) for path in files],
        "film": {"size": outline_mask.FILM_SIZE, "resize": "squash", "filter": "pillow-bicubic"},
        "input": {
            "name": INPUT,
            "width": INPUT_SIZE,
            "height": INPUT_SIZE,
            "channels": 1,
            "mean": [FILM_MEAN],
            "std": [FILM_STD],
        },
        "output": OUTLINE,
        "outline": {
            "levelsPerLogit": outline_mask.LEVELS_PER_LOGIT,
            "step": outline_mask.STEP,
            "leastShare": outline_mask.LEAST_SHARE,
        },
        "crop": {
            "smoothing": lung_crop.SMOOTHING,
            "margin": lung_crop.MARGIN,
            "reach": lung_crop.REACH,
            "percentiles": [lung_crop.LOW, lung_crop.HIGH],
        },
        "activations": {
            "images": len(films),
            "ranges": {name: pack(values) for name, values in ranges.items()},
        },
    }
    (folder / "region.json").write_text(json.dumps(region, indent=1) + "\n")
    return plan


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--finder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    training, _ = split_outlined(arguments.data)
    chosen = np.linspace(0, len(training) - 1, CALIBRATION).round().astype(int)
    films = load_films([training[i] for i in chosen])
    write_finder(load_finder(arguments.finder), films, arguments.out)


if __name__ == "__main__":
    main()
