"""Puts the figures of an evaluation in the browser into a package's manifest."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from . import metrics
from .assess import data_set_entry
from .card import DATA_SETS
from .data import DataError
from .package import read_manifest, write_manifest
from .tasks import CHEST, Task, task_of

NOT_RECOGNISED = "not recognised"
"""The category in ``results.csv`` of an image that is too unlike the model's own."""

AUC_TOLERANCE = 0.002
"""How far the AUC of ``results.csv`` may be from that of ``metrics.json`` (rounded scores)."""


@dataclass
class Evaluation:
    """The images that got a score: all of length n; ``kinds`` names a subgroup, or is ''."""

    labels: np.ndarray
    scores: np.ndarray
    patients: list[str]
    kinds: list[str]
    failed: int
    version: str
    backend: str
    not_recognised: dict | None
    """``count`` and ``share`` of the images with a score; None of a model without a rule."""


def read_evaluation(folder: Path, model: str, task: Task) -> Evaluation:
    """Read ``results.csv`` and ``metrics.json`` of ``npm run evaluate``.

    Raises ``DataError``, naming the file, when a line cannot be understood, when the
    figures are another model's, or when the two files disagree.
    """
    path = Path(folder) / "results.csv"
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        said = json.loads((Path(folder) / "metrics.json").read_text())
    except (OSError, ValueError) as error:
        raise DataError(f"{folder}: is no result of npm run evaluate ({error})") from error
    labels, scores, patients, kinds, failed, unknown = [], [], [], [], 0, 0
    for line, row in enumerate(rows, 2):
        try:
            name, score = PurePosixPath(row["path"].lstrip("'")), row["score"]
            if row["model"] not in ("", model):
                raise DataError(f"{path}: line {line} is of model {row['model']}, not {model}")
        except (KeyError, AttributeError) as error:
            raise DataError(f"{path}: line {line} has no {error}") from error
        if score == "":
            failed += 1
            continue
        label = _label(name, path, line, task)
        patient, series = task.patient_of(name.name)
        unknown += row.get("category") == NOT_RECOGNISED
        labels.append(label)
        scores.append(float(score))
        patients.append(f"{label} {patient}" if task.id == CHEST.id else patient)
        kinds.append(series if label == 1 else "")
    if not labels:
        raise DataError(f"{path}: no image in it has a score")
    version = ", ".join(sorted({row["model_version"] for row in rows if row["score"]}))
    backend = ", ".join(sorted({row["backend"] for row in rows if row["score"]}))
    found = Evaluation(
        np.array(labels),
        np.array(scores),
        patients,
        kinds,
        failed,
        version,
        backend,
        said.get("notRecognised"),
    )
    area = metrics.auc(found.labels, found.scores)
    if said["n"] != len(labels) or (
        said["auc"] is not None and abs(said["auc"] - area) > AUC_TOLERANCE
    ):
        raise DataError(
            f"{folder}: results.csv (n {len(labels)}, AUC {area:.4f}) and "
            f"metrics.json (n {said['n']}, AUC {said['auc']}) disagree"
        )
    if unknown != (found.not_recognised or {"count": 0})["count"]:
        raise DataError(
            f"{folder}: results.csv ({unknown} images {NOT_RECOGNISED}) and "
            f"metrics.json ({found.not_recognised}) disagree"
        )
    return found


def _label(name: PurePosixPath, path: Path, line: int, task: Task) -> int:
    folders = [folder.lower() for folder in task.folders]
    for part in reversed(name.parts[:-1]):
        if part.lower() in folders:
            return folders.index(part.lower())
    raise DataError(f"{path}: line {line}: {name} lies in no folder named after a class")


def _groups(found: Evaluation, task: Task) -> list[tuple[str, np.ndarray, str]]:
    """Name, images and measure of each subgroup that the file names allow."""
    if task.id == CHEST.id:
        kinds = (("bacteria", "Bacterial pneumonia"), ("virus", "Viral pneumonia"))
        return [
            (name, np.array([k == kind for k in found.kinds]), "sensitivity")
            for kind, name in kinds
        ]
    infected = {p for p, label in zip(found.patients, found.labels, strict=True) if label}
    of_infected = np.array([p in infected for p in found.patients])
    healthy = found.labels == 0
    return [
        ("Healthy cells of infected patients", of_infected & healthy, "specificity"),
        ("Cells of patients without infected cells", ~of_infected & healthy, "specificity"),
    ]


def subgroups(
    found: Evaluation,
    task: Task,
    threshold: float,
    point: str,
    data_set: str,
    folds: int = metrics.FOLDS,
) -> list[dict]:
    """Figures of the subgroups at the operating point ``point``."""
    out = []
    for name, chosen, measure in _groups(found, task):
        if not chosen.any():
            continue
        who = [p for p, use in zip(found.patients, chosen, strict=True) if use]
        _, points = metrics.intervals(
            found.labels[chosen], found.scores[chosen], who, {point: threshold}, folds
        )
        entry = {
            "name": f"{name}, {data_set.lower()}",
            "n": int(chosen.sum()),
            "measure": f"{measure} at the operating point {point}",
            "figure": points[point][measure],
        }
        out.append(entry)
    return out


def publish(
    models: Path, model: str, evaluation: Path, data_set: str, folds: int = metrics.FOLDS
) -> dict:
    """Write the figures in ``evaluation`` into ``models/<model>/manifest.json``.

    ``data_set`` is a word of ``card.DATA_SETS``; an earlier entry of it is replaced. Returns
    the entry. ``DataError`` when the figures are of another version of the package.
    """
    folder = Path(models) / model
    manifest = read_manifest(folder)
    task = task_of(manifest["task"])
    if (task.id, data_set) not in DATA_SETS:
        raise DataError(f"{data_set}: no such data set of the task {task.id}")
    found = read_evaluation(evaluation, model, task)
    if found.version != manifest["version"]:
        raise DataError(
            f"{evaluation}: made with version {found.version or '(none)'}, "
            f"but {folder} is version {manifest['version']}; evaluate again"
        )
    if (found.not_recognised is not None) != (manifest["recognition"] is not None):
        raise DataError(
            f"{evaluation}: was made with another rule for images that are not recognised "
            f"than {folder} has; evaluate again"
        )
    about = dict(DATA_SETS[task.id, data_set])
    if found.failed:
        about["description"] += f" {found.failed} files could not be read and are not counted."
    about["description"] += f" Run in the browser on {found.backend}."
    about["command"] = f"npm run evaluate -- --model {model} --images {about['images']}"
    thresholds = {p["id"]: p["threshold"] for p in manifest["operatingPoints"]}
    entry = data_set_entry(about, found.labels, found.scores, found.patients, thresholds, folds)
    if found.not_recognised is not None:
        count, share = found.not_recognised["count"], found.not_recognised["share"]
        entry["notRecognised"] = {"count": count, "share": round(share, 6)}
    others = [e for e in manifest["metrics"] if e["name"] != entry["name"]]
    manifest["metrics"] = [*others, entry]
    if data_set == "test":
        point = manifest["defaultOperatingPoint"]
        manifest["card"]["subgroups"] = subgroups(
            found, task, thresholds[point], point, entry["name"], folds
        )
    write_manifest(manifest, folder)
    return entry
