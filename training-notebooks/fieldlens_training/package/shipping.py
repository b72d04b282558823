"""From a checkpoint to a package: export, measure on validation, write the manifest."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from torch import nn

from ..data.images import DataError, Item, load_all
from ..data.tasks import Task, task_of
from ..evaluation.assess import PlanNetwork, add_bias, assess, validation_entries
from ..evaluation.recognition import TRAINING_IMAGES, recognise
from ..networks.network import build_network
from ..networks.predict import predict, score, shifted_auc
from ..quantisation.fold import classifier_of, fold
from ..training.checkpoints import LAST, read_checkpoint
from ..training.recipes import RECIPES, Recipe, load_split, recipe_of
from .card import CARDS, LICENCE, Provenance, write_card
from .export import Options, prepare, write_graph
from .manifest import build_manifest, list_packages, read_manifest, write_manifest
from .storage import Change, storage_entry, too_far

CALIBRATION_IMAGES, SIZED_IMAGES = 128, 640
SMALLEST_SIZE = 112
"""Below it the map of the CAM would have fewer than 7 x 7 cells."""


@dataclass
class Trained:
    """A checkpoint that was read: the averaged network and how it came about."""

    net: nn.Module
    recipe: Recipe
    history: list[dict]


def load_checkpoint(path: Path, recipe: Recipe) -> Trained:
    """Read the averaged weights of a checkpoint, with the recipe that made them.

    Raises ``DataError`` naming the path when it cannot be read.
    """
    saved = read_checkpoint(path)
    try:
        recipe = recipe_of(saved["recipe"])
        net = build_network(recipe.architecture, task_of(recipe.task).channels)
        net.load_state_dict(saved["averaged"])
    except (KeyError, TypeError, RuntimeError) as error:
        raise DataError(f"{path}: is no checkpoint of {recipe.name} ({error})") from error
    return Trained(net.eval(), recipe, saved["history"])


def default_checkpoint(recipe: Recipe, runs: Path) -> Path:
    """The last checkpoint of the recipe's run."""
    return runs / recipe.name / LAST


def export_package(
    recipe_name: str,
    data: Path,
    checkpoint: Path,
    models: Path,
    size: int | None = None,
    version: str = "1.0.0",
    runs_tried: int = 1,
    shared: Path | None = None,
    say: Callable[[str], None] = print,
) -> Path:
    """Write ``models/<recipe>/`` complete and list it; return its folder.

    ``size`` is the input side in pixels, by default the one trained on last; ``shared`` the
    folder of all data sets, for what the model must not recognise. Published figures of other
    data sets are kept only where weights, thresholds and the rule of recognition are the same.
    """
    trained = load_checkpoint(checkpoint, RECIPES[recipe_name])
    recipe = trained.recipe
    task = task_of(recipe.task)
    size = size or trained.history[-1]["size"]
    if size < SMALLEST_SIZE:
        raise DataError(f"size {size}: must be at least {SMALLEST_SIZE} for the heat map")
    training, validation = load_split(recipe, data)
    labels = np.array([item.label for item in validation])
    pixels = load_all(validation, size, task.channels)

    say("quantising")
    some = some_images(training, size, task, CALIBRATION_IMAGES)
    plan, levels = prepare(trained.net, some, task, Options())
    say("measuring on validation, plain and under simulated shift")
    exact = score(predict(PlanNetwork(fold(trained.net)), pixels, task, autocast=False))
    found = assess(plan, pixels, labels, [item.patient for item in validation], task)
    add_bias(classifier_of(plan), found.bias)
    say("fitting what is recognised")
    some = some_images(training, size, task, TRAINING_IMAGES[task.id])
    known = recognise(plan, some, pixels, task, shared, say)
    folder = models / recipe.name
    earlier = read_manifest(folder) if (folder / "manifest.json").exists() else None
    exported = write_graph(plan, levels | {known.layer.name: known.levels}, size, folder)
    command = f"python -m fieldlens_training export {recipe.name} --data DATA --size {size}"
    entries = validation_entries(found, command)
    provenance = Provenance(
        len(training),
        len({i.patient for i in training}),
        len(validation),
        len({i.patient for i in validation}),
        found.bias,
        runs_tried,
    )
    identity = {"id": recipe.name, "version": version, "licence": LICENCE}
    change = Change(exact + found.bias, found.log_odds + found.bias, "float32")
    stored = storage_entry(change, labels, found.temperature, found.points, plan, exported.files)
    if fault := too_far(stored):
        say(f"warning: {fault}")
    card = write_card(CARDS[task.id], recipe, provenance)
    manifest = build_manifest(identity, exported, size, task, found, known, entries, stored, card)
    keep_published(manifest, earlier)
    write_manifest(manifest, folder)
    list_packages(models)
    for entry in entries:
        say(f"{entry['id']}: AUC {json.dumps(entry['auc'])}")
    return folder


def keep_published(manifest: dict, earlier: dict | None) -> None:
    """Take over what ``publish`` and ``ranges`` wrote into an earlier manifest of the package."""
    same = ("version", "files", "region", "calibration", "recognition")
    if earlier is None or any(manifest[key] != earlier.get(key) for key in same):
        return
    now, then = manifest["classifier"], earlier["classifier"]
    if any(now[key] != then[key] for key in ("input", "outputs")):
        return
    if "activations" in then:
        now["activations"] = then["activations"]
    thresholds = [[p["threshold"] for p in m["operatingPoints"]] for m in (manifest, earlier)]
    if thresholds[0] == thresholds[1]:
        published = [e for e in earlier["metrics"] if e["role"] in ("test", "external")]
        manifest["metrics"] = [*manifest["metrics"], *published]
        manifest["card"]["subgroups"] = earlier["card"]["subgroups"]


def some_images(
    training: list[Item], size: int, task: Task, count: int, seed: int = 0
) -> np.ndarray:
    """``count`` training images as uint8, for the biases and for what is recognised."""
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(training), min(count, len(training)), replace=False)
    return load_all([training[i] for i in sorted(chosen)], size, task.channels)


def compare_sizes(
    recipe_name: str, data: Path, checkpoint: Path, sizes: list[int]
) -> list[dict[str, float]]:
    """Validation AUC of a checkpoint at other input sizes: plain, each shift, mean.

    The mean over the simulated shifts, not plain validation, is what chooses a size. Of a
    large set ``SIZED_IMAGES`` are read.
    """
    recipe = RECIPES[recipe_name]
    task = task_of(recipe.task)
    trained = load_checkpoint(checkpoint, recipe)
    _, validation = load_split(recipe, data)
    kept = np.linspace(0, len(validation) - 1, min(SIZED_IMAGES, len(validation)))
    validation = [validation[i] for i in kept.round().astype(int)]
    labels = np.array([item.label for item in validation])
    rows = []
    for size in sizes:
        pixels = load_all(validation, size, task.channels)
        areas = shifted_auc(trained.net, pixels, labels, task)
        shifts = [area for name, area in areas.items() if name != "none"]
        rows.append({"size": size, **areas, "mean of shifts": float(np.mean(shifts))})
    return rows
