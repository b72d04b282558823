"""Puts what is to be expected of the next patient into a finished package's manifest.

``python -m fieldlens_training.package.next_patients RECIPE --data DATA`` reads the recipe's
validation patients with the package itself and changes ``nextPatient`` of the entry
``validation`` alone. New packages have it from ``export``, figures of other images from
``publish``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from ..data.images import load_all, to_values
from ..data.tasks import task_of
from ..evaluation.next_patient import next_patient
from ..training.recipes import RECIPES, load_split
from .graph_model import GraphModel
from .manifest import read_manifest, write_manifest

MODELS = Path(__file__).resolve().parents[3] / "static" / "models"
BATCH = 64


def read_probabilities(folder: Path, paths: Sequence) -> np.ndarray:
    """Calibrated probabilities of the positive class, ``(n,)``, of listed images."""
    manifest = read_manifest(folder)
    rule, outputs = manifest["classifier"]["input"], manifest["classifier"]["outputs"]
    task = task_of(manifest["task"]).read_with(rule["mean"], rule["std"])
    model, found = GraphModel(folder), []
    for start in range(0, len(paths), BATCH):
        pixels = load_all(paths[start : start + BATCH], rule["width"], rule["channels"])
        x = task.normalise(to_values(torch.from_numpy(pixels))).permute(0, 2, 3, 1)
        logits = model.run(x.numpy())[outputs["logits"]]
        positive = outputs["positiveClass"]
        found.append(logits[:, positive] - logits[:, 1 - positive])
    odds = np.concatenate(found) / manifest["calibration"]["temperature"]
    return 1 / (1 + np.exp(-odds))


def add_next_patient(
    manifest: dict, labels: np.ndarray, scores: np.ndarray, patients: Sequence[str]
) -> None:
    """Change the entry ``validation`` of a manifest in place."""
    (entry,) = (each for each in manifest["metrics"] if each["role"] == "validation")
    for point in manifest["operatingPoints"]:
        figures = entry["operatingPoints"][point["id"]]
        figures.pop("nextPatient", None)
        if expected := next_patient(labels, scores, patients, point["threshold"]):
            figures["nextPatient"] = expected


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", choices=sorted(RECIPES))
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    parser.add_argument("--models", type=Path, default=MODELS)
    arguments = parser.parse_args()
    recipe = RECIPES[arguments.recipe]
    folder = arguments.models / recipe.name
    manifest = read_manifest(folder)
    _, held = load_split(recipe, arguments.data)
    scores = read_probabilities(folder, held)
    labels = np.array([item.label for item in held])
    add_next_patient(manifest, labels, scores, [item.patient for item in held])
    write_manifest(manifest, folder)


if __name__ == "__main__":
    main()
