"""Stores the weights of a finished package anew, in fewer bytes.

What was chosen on validation (temperature, thresholds, recognition) stays; how far the
answers moved there is measured and written into the manifest. Where they moved too far
nothing is written.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from ..data.images import load_all, to_values
from ..data.tasks import Task, task_of
from ..evaluation import metrics
from ..evaluation.assess import Assessment, plain_entry, read_validation, shift_entry
from ..evaluation.calibration import Point, probability
from ..networks.network import build_network
from ..networks.predict import score
from ..quantisation.bit_budget import BITS
from ..quantisation.fold import (
    DISTANCE,
    LOGITS,
    Classifier,
    Convolution,
    Layer,
    fold,
)
from ..quantisation.quantise import Quantised
from ..training.recipes import RECIPES, load_split
from .export import Options, file_entry, store, write_files
from .graph_model import GraphModel, PackageError
from .manifest import (
    SCHEMA_VERSION,
    measured_fields,
    read_manifest,
    reference_vectors,
    write_manifest,
)
from .shipping import CALIBRATION_IMAGES, some_images
from .storage import Change, storage_entry, too_far


@dataclass(frozen=True)
class Answers:
    """What a package says of images: log-odds and distances, ``(n,)`` each."""

    log_odds: np.ndarray
    distances: np.ndarray


def requantise(
    model: str,
    data: Path,
    models: Path,
    out: Path,
    version: str,
    bits: float = BITS,
    keep_shifts: bool = False,
    say: Callable[[str], None] = print,
) -> Path:
    """Store the weights of ``models/<model>`` in about ``bits`` each, in ``out/<model>``.

    ``version`` is the new package's. With ``keep_shifts`` the figures under simulated shift,
    most of the work, stay the earlier version's and say so. Figures that ``publish`` put into
    the manifest are left out: they were the other version's. Returns the folder; raises
    ``PackageError`` where validation moves by more than ``storage.too_far`` allows.
    """
    recipe, folder = RECIPES[model], models / model
    task, manifest = task_of(recipe.task), read_manifest(folder)
    if version == manifest["version"]:
        raise PackageError(f"{folder}: is version {version} already; new weights need a new one")
    size = manifest["classifier"]["input"]["width"]
    training, validation = load_split(recipe, data)
    pixels = load_all(validation, size, task.channels)
    labels = np.array([item.label for item in validation])

    say("reading validation with the weights as they are")
    package = GraphModel(folder)
    before = answers(package, pixels, task)
    say("storing the weights anew")
    images = some_images(training, size, task, CALIBRATION_IMAGES)
    x = task.normalise(to_values(torch.from_numpy(images)))
    plan = plan_of_package(package, recipe.architecture, task.channels)
    plan, levels = store(plan, x, Options(bits=bits))
    target, part = out / model, out / f"{model}.part"
    files = write_with(package, plan, levels, part)
    say("reading validation with the weights as they are stored now")
    after = answers(GraphModel(part), pixels, task)
    temperature = manifest["calibration"]["temperature"]
    points = [Point(p["id"], p["threshold"], p["chosen"]) for p in manifest["operatingPoints"]]
    change = Change(before.log_odds, after.log_odds, manifest["version"])
    stored = storage_entry(change, labels, temperature, points, plan, files)
    say(f"{stored}")
    if fault := too_far(stored):
        shutil.rmtree(part)
        raise PackageError(f"{folder}: {fault}; use more --bits")
    patients = [item.patient for item in validation]
    found = found_again(after.log_odds, labels, patients, temperature, points)
    command = f"python -m fieldlens_training requantise {model} --data DATA --bits {bits:g}"
    if keep_shifts:
        earlier = next(e for e in manifest["metrics"] if e["role"] == "shift")
        shift = earlier_entry(earlier, manifest["version"])
    else:
        say("measuring under simulated shift")
        shift = shift_entry(under_shifts(found, plan, pixels, task), command)
    entries = [plain_entry(found, command), shift]
    entries_of_files = [file_entry(path) for path in files]
    manifest |= {
        "schemaVersion": SCHEMA_VERSION,
        "version": version,
        "files": entries_of_files,
        "totalBytes": sum(entry["bytes"] for entry in entries_of_files),
        "classifier": manifest["classifier"]
        | {
            "files": [entry["path"] for entry in entries_of_files],
            "storage": stored,
        },
        **measured_fields(found, entries),
        "recognition": manifest["recognition"] and recognised(manifest["recognition"], after),
        "referenceVectors": reference_vectors(part, size, task),
        "card": manifest["card"] | {"subgroups": []},
    }
    write_manifest(manifest, part)
    if target.exists():
        shutil.rmtree(target)
    part.rename(target)
    for entry in entries:
        say(f"{entry['id']}: AUC {entry['auc']}")
    return target


def recognised(rule: dict, after: Answers) -> dict:
    """The manifest's ``recognition`` with the share of validation that is flagged now."""
    flagged = float((after.distances > rule["threshold"]).mean())
    return rule | {"validation": {"n": len(after.distances), "flagged": round(flagged, 4)}}


def answers(package: GraphModel, pixels: np.ndarray, task: Task, batch: int = 16) -> Answers:
    """What the package's own graph says of uint8 images; distances 0 where it has none."""
    margins, distances = [], []
    for start in range(0, len(pixels), batch):
        x = task.normalise(to_values(torch.from_numpy(pixels[start : start + batch])))
        found = package.run(x.permute(0, 2, 3, 1).numpy())
        margins.append(score(found[LOGITS]))
        distances.append(found.get(DISTANCE, np.zeros((len(x), 1)))[:, 0])
    return Answers(np.concatenate(margins), np.concatenate(distances))


def earlier_entry(entry: dict, version: str) -> dict:
    """An entry of an earlier version, which says of which: the first that measured it."""
    return {"measuredWith": version} | entry


def found_again(
    log_odds: np.ndarray,
    labels: np.ndarray,
    patients: list[str],
    temperature: float,
    points: list[Point],
) -> Assessment:
    """Plain validation at a temperature and thresholds that were chosen before."""
    plain = probability(log_odds, temperature)
    return Assessment(
        labels,
        patients,
        log_odds,
        plain,
        {},
        labels,
        patients,
        0.0,
        temperature,
        metrics.expected_calibration_error(labels, probability(log_odds, 1.0)),
        metrics.expected_calibration_error(labels, plain),
        points,
    )


def under_shifts(
    found: Assessment, plan: list[Layer], pixels: np.ndarray, task: Task
) -> Assessment:
    """``found`` with the same images under each simulated shift."""
    _, kept, margins = read_validation(plan, pixels, task)
    return replace(
        found,
        shifted={name: probability(m, found.temperature) for name, m in margins.items()},
        shifted_labels=found.labels[kept],
        shifted_patients=[found.patients[i] for i in kept],
    )


def plan_of_package(package: GraphModel, architecture: str, channels: int) -> list[Layer]:
    """The plan of a package's graph, without its distance; weights as they are read back."""
    plan = fold(build_network(architecture, channels).eval())
    for layer in plan:
        if isinstance(layer, Convolution | Classifier):
            order = (3, 2, 0, 1) if isinstance(layer, Convolution) else (1, 0)
            stored = package.weights[f"{layer.name}/weight"].transpose(order)
            layer.weight = torch.from_numpy(np.ascontiguousarray(stored))
            layer.bias = torch.from_numpy(package.weights[f"{layer.name}/bias"].copy())
    return plan


def write_with(
    package: GraphModel, plan: list[Layer], levels: dict[str, Quantised], folder: Path
) -> list[Path]:
    """Write the package's graph into ``folder`` with the weights and biases of ``plan``."""
    weights, chunks = [], []
    layers = {p.name: p for p in plan if isinstance(p, Convolution | Classifier)}
    for entry, data in package.stored:
        name, _, part = entry["name"].rpartition("/")
        if part == "weight" and name in levels:
            found = levels[name]
            order = (2, 3, 1, 0) if found.levels.ndim == 4 else (1, 0)
            data = np.ascontiguousarray(found.levels.transpose(order)).tobytes()
            map_back = {"dtype": "uint8", "scale": found.scale, "min": found.minimum}
            entry = entry | {"quantization": map_back}
        elif part == "bias" and name in layers:
            data = layers[name].bias.numpy().astype(np.float32).tobytes()
        weights.append(entry)
        chunks.append(data)
    return write_files(package.head, weights, b"".join(chunks), folder)
