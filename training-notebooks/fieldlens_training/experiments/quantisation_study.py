"""What each method of storing the weights costs: bytes, AUC, decisions, logits.

``python -m fieldlens_training quantisation pneumonia-resnet34 --data DATA --size 144``; the
notebook 07 shows it. Everything is measured on the validation images, on the processor, with
the weights as they are read back in float32.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from ..data.images import load_all, to_values
from ..data.tasks import task_of
from ..evaluation import metrics
from ..evaluation.assess import PlanNetwork, assess
from ..evaluation.calibration import probability
from ..networks.predict import predict, score
from ..package.graph_model import GraphModel
from ..package.manifest import read_manifest
from ..package.shipping import CALIBRATION_IMAGES, default_checkpoint, load_checkpoint, some_images
from ..package.tensorflow_js import ask_tensorflow_js
from ..quantisation.fold import Convolution, Layer, fold
from ..training.recipes import RECIPES, load_split
from .tables import markdown_table
from .weight_storage import METHODS, SHIPPED, Method, bytes_of, store_plan


def study(
    recipe_name: str,
    data: Path,
    checkpoint: Path,
    size: int,
    methods: Sequence[Method] = METHODS,
    say: Callable[[str], None] = lambda _: None,
) -> list[dict]:
    """One row a method: bytes, AUC, largest and rms change, decisions changed at each point.

    The operating points are those that the float32 network would get.
    """
    recipe = RECIPES[recipe_name]
    task = task_of(recipe.task)
    trained = load_checkpoint(checkpoint, recipe)
    training, validation = load_split(recipe, data)
    labels = np.array([item.label for item in validation])
    pixels = load_all(validation, size, task.channels)
    images = some_images(training, size, task, CALIBRATION_IMAGES)
    x = task.normalise(to_values(torch.from_numpy(images)))
    plan = fold(trained.net)
    found = assess(plan, pixels, labels, [item.patient for item in validation], task)
    exact = predict(PlanNetwork(plan), pixels, task, autocast=False)

    def calls(logits: np.ndarray) -> dict[str, np.ndarray]:
        scores = probability(score(logits), found.temperature, found.bias)
        return {name: scores >= t for name, t in found.thresholds().items()}

    expected, rows = calls(exact), []
    for method in methods:
        coarse, stored = store_plan(plan, method, x)
        logits = predict(PlanNetwork(coarse), pixels, task, autocast=False)
        raw, zipped = bytes_of(coarse, stored)
        change = logits - exact
        row = {
            "way": method.name,
            "read by TensorFlow.js": "yes" if method.readable else "no",
            "MB": f"{raw / 1e6:.2f}",
            "MB packed": f"{zipped / 1e6:.2f}",
            "AUC": metrics.auc(labels, score(logits)),
            "largest change of a logit": float(np.abs(change).max()),
            "rms change of the log-odds": float(np.sqrt(np.square(score(change)).mean())),
        }
        changed = calls(logits)
        for name, before in expected.items():
            row[f"decisions changed: {name}"] = int((changed[name] != before).sum())
        rows.append(row)
        say(json.dumps(row))
    return rows


def choice_text(rows: list[dict]) -> str:
    """What the study says of the way that ships, beside float32 and the methods not taken."""
    by_way = {row["way"]: row for row in rows}
    shipped, exact = by_way[SHIPPED], by_way["float32"]
    changed = sum(v for k, v in shipped.items() if k.startswith("decisions changed"))
    key = "rms change of the log-odds"
    lines = [
        f"- **{SHIPPED}**: {shipped['MB packed']} MB packed where float32 is "
        f"{exact['MB packed']} MB; AUC {shipped['AUC'] - exact['AUC']:+.4f}, no logit changes "
        f"by more than {shipped['largest change of a logit']:.4f}, and {changed} decisions "
        "change, those at all operating points counted together."
    ]
    for row in rows:
        if row["way"] in (SHIPPED, "float32"):
            continue
        more = float(row["MB packed"]) - float(shipped["MB packed"])
        times = row[key] / max(shipped[key], 1e-12)
        changed = sum(v for k, v in row.items() if k.startswith("decisions changed"))
        lines.append(
            f"- {row['way']}: {abs(more):.2f} MB {'more' if more >= 0 else 'less'}, "
            f"{times:.2g} times its change of the log-odds, {changed} decisions change."
        )
    return "\n".join(lines)


def compare_engines(folder: Path, pixels: np.ndarray) -> list[dict]:
    """How far TensorFlow.js is from the package's own arithmetic in PyTorch, by backend.

    On the reference vectors (as the manifest has them) and on ``pixels``.
    """
    manifest = read_manifest(folder)
    rule = manifest["classifier"]["input"]
    expected = np.array([vector["logits"] for vector in manifest["referenceVectors"]])
    values = pixels.reshape(len(pixels), rule["height"], rule["width"], rule["channels"]) / 255
    x = ((values - rule["mean"]) / rule["std"]).astype(np.float32)
    logits = GraphModel(folder).run(x)["logits"]
    rows = []
    for backend in ("wasm", "cpu"):
        vectors = np.abs(ask_tensorflow_js(folder, None, backend) - expected)
        images = np.abs(ask_tensorflow_js(folder, pixels, backend) - logits)
        row = {
            "backend": backend,
            "largest difference, reference vectors": f"{vectors.max():.6f}",
            "images": len(pixels),
            "largest difference, images": f"{images.max():.6f}",
        }
        rows.append(row)
    return rows


def tensor_rows(plan: list[Layer], most: int = 5) -> list[dict]:
    """The tensors that one range serves worst: how uneven their channels are."""
    rows = []
    for layer in plan:
        if isinstance(layer, Convolution):
            largest = layer.weight.abs().amax((1, 2, 3)).numpy()
            median = max(float(np.median(largest)), 1e-12)
            row = {
                "layer": layer.name,
                "channels": len(largest),
                "largest weight over the median channel's": float(largest.max() / median),
                "bits left to the median channel": 8 - math.log2(max(1, largest.max() / median)),
            }
            rows.append(row)
    key = "largest weight over the median channel's"
    return sorted(rows, key=lambda row: -row[key])[:most]


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Register ``quantisation``."""
    command = commands.add_parser("quantisation", help="what each method of storing weights costs")
    command.set_defaults(run=_quantisation)
    command.add_argument("recipe", choices=sorted(RECIPES))
    command.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    command.add_argument("--runs", type=Path, default=Path("runs"), help="checkpoints")
    command.add_argument("--checkpoint", type=Path, help="default: the run's last.pt")
    command.add_argument("--size", type=int, default=128, help="input side in pixels")


def _quantisation(options: argparse.Namespace) -> int:
    checkpoint = options.checkpoint or default_checkpoint(RECIPES[options.recipe], options.runs)
    rows = study(options.recipe, options.data, checkpoint, options.size)
    print(markdown_table(rows))
    return 0
