"""From a checkpoint to a package: export, measure on validation, write the manifest."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from .assess import PlanNetwork, add_bias, assess, cam_scale, validation_entries
from .card import WEIGHTS_LICENCE, Provenance, chest_card
from .data import DataError, Item, load_all
from .export import Options, prepare, write_graph
from .metrics import auc
from .network import build_network
from .package import build_manifest, list_packages, read_manifest, write_manifest
from .training import RECIPES, Recipe, load_split, predict, score, shifted_auc

CALIBRATION_IMAGES = 128
SMALLEST_SIZE = 112
"""Below it the map of the CAM would have fewer than 7 x 7 cells."""


@dataclass
class Trained:
    """A checkpoint that was read: the averaged network and how it came about."""

    net: nn.Module
    recipe: Recipe
    history: list[dict]


def load_checkpoint(path: Path, recipe: Recipe) -> Trained:
    """Read the averaged weights of a checkpoint; ``DataError`` names it when it cannot be."""
    try:
        saved = torch.load(path, map_location="cpu", weights_only=False)
        net = build_network(recipe.architecture, 1, len(recipe.classes))
        net.load_state_dict(saved["averaged"])
    except (OSError, KeyError, RuntimeError, pickle.UnpicklingError) as error:
        raise DataError(f"{path}: is no checkpoint of {recipe.name} ({error})") from error
    return Trained(net.eval(), recipe, saved["progress"].history)


def default_checkpoint(recipe: Recipe, runs: Path) -> Path:
    """The last checkpoint of the recipe's run."""
    return runs / recipe.name / "last.pt"


def export_package(
    recipe_name: str,
    data: Path,
    checkpoint: Path,
    models: Path,
    size: int | None = None,
    version: str = "1.0.0",
    runs_tried: int = 1,
    say: Callable[[str], None] = print,
) -> Path:
    """Write ``models/<recipe>/`` complete and list it; return its folder.

    ``size`` is the input side in pixels, by default the one trained on last. Published
    figures of other data sets are kept only where the weights and thresholds are the same.
    """
    recipe = RECIPES[recipe_name]
    trained = load_checkpoint(checkpoint, recipe)
    size = size or trained.history[-1]["size"]
    if size < SMALLEST_SIZE:
        raise DataError(f"size {size}: must be at least {SMALLEST_SIZE} for the heat map")
    training, validation = load_split(recipe, data)
    labels = np.array([item.label for item in validation])
    pixels = load_all(validation, size)

    say("quantising")
    plan, levels = prepare(trained.net, calibration_images(training, size), Options())
    say("measuring on validation, plain and under simulated shift")
    found = assess(plan, pixels, labels, [item.patient for item in validation])
    add_bias(plan[-1], found.bias)
    folder = models / recipe.name
    earlier = read_manifest(folder) if (folder / "manifest.json").exists() else None
    exported = write_graph(plan, levels, size, folder)
    command = f"python -m fieldlens_training export {recipe.name} --data DATA --size {size}"
    entries = validation_entries(found, command)
    sizes = tuple(dict.fromkeys(row["size"] for row in trained.history))
    provenance = Provenance(
        len(training),
        len({(i.label, i.patient) for i in training}),
        len(validation),
        len({(i.label, i.patient) for i in validation}),
        len(trained.history),
        sizes,
        found.bias,
        runs_tried,
    )
    identity = {
        "id": recipe.name,
        "version": version,
        "name": "Pneumonia in children (ResNet34)",
        "architecture": f"{recipe.architecture}, last stage at stride 16, grey input",
        "licence": WEIGHTS_LICENCE,
    }
    heat = cam_scale(plan, pixels[labels == 1])
    card = chest_card(recipe, provenance, [])
    manifest = build_manifest(identity, exported, size, found, heat, entries, card)
    keep_published(manifest, earlier)
    write_manifest(manifest, folder)
    list_packages(models)
    for entry in entries:
        say(f"{entry['name']}: AUC {json.dumps(entry['auc'])}")
    return folder


def keep_published(manifest: dict, earlier: dict | None) -> None:
    """Take over the figures of ``publish`` from an earlier manifest of the same package."""
    same = ("version", "files", "input", "calibration")
    if earlier is None or any(manifest[key] != earlier.get(key) for key in same):
        return
    thresholds = [[p["threshold"] for p in m["operatingPoints"]] for m in (manifest, earlier)]
    if thresholds[0] == thresholds[1]:
        published = [e for e in earlier["metrics"] if e["role"] in ("test", "external")]
        manifest["metrics"] = [*manifest["metrics"], *published]
        manifest["card"]["subgroups"] = earlier["card"]["subgroups"]


def calibration_images(training: list[Item], size: int, seed: int = 0) -> np.ndarray:
    """Training images, uint8 ``(n, size, size)``, for the correction of the biases."""
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(training), min(CALIBRATION_IMAGES, len(training)), replace=False)
    return load_all([training[i] for i in sorted(chosen)], size)


def compare_sizes(
    recipe_name: str, data: Path, checkpoint: Path, sizes: list[int]
) -> list[dict[str, float]]:
    """Validation AUC of a checkpoint at other input sizes: plain, each shift, mean.

    The mean over the simulated shifts, not plain validation, is what chooses a size.
    """
    recipe = RECIPES[recipe_name]
    trained = load_checkpoint(checkpoint, recipe)
    _, validation = load_split(recipe, data)
    labels = np.array([item.label for item in validation])
    rows = []
    for size in sizes:
        areas = shifted_auc(trained.net, load_all(validation, size), labels)
        shifts = [area for name, area in areas.items() if name != "none"]
        rows.append({"size": size, **areas, "mean of shifts": float(np.mean(shifts))})
    return rows


def quantisation_loss(
    recipe_name: str, data: Path, checkpoint: Path, size: int
) -> list[dict[str, float | str]]:
    """Change of the logits and of the validation AUC by each way to quantise."""
    recipe = RECIPES[recipe_name]
    trained = load_checkpoint(checkpoint, recipe)
    training, validation = load_split(recipe, data)
    labels = np.array([item.label for item in validation])
    pixels, images = load_all(validation, size), calibration_images(training, size)
    ways = {
        "float32": Options(eight_bit=False),
        "uint8": Options(equalise=False, correct_biases=False),
        "uint8, equalised": Options(correct_biases=False),
        "uint8, biases corrected": Options(equalise=False),
        "uint8, equalised, biases corrected": Options(),
    }
    exact = predict(trained.net, pixels, autocast=False)
    rows = []
    for name, options in ways.items():
        plan, _ = prepare(trained.net, images, options)
        logits = predict(PlanNetwork(plan), pixels, autocast=False)
        change = logits - exact
        row = {
            "way": name,
            "largest change of a logit": float(np.abs(change).max()),
            "rms change of the log-odds": float(np.sqrt(np.square(score(change)).mean())),
            "AUC": auc(labels, score(logits)),
        }
        rows.append(row)
    return rows
