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
from .data import CHEST_CLASSES, DataError, patient_of
from .package import read_manifest, write_manifest

NOT_RECOGNISED = "not recognised"
"""The category in ``results.csv`` of an image that is too unlike the model's own."""

AUC_TOLERANCE = 0.002
"""How far the AUC of ``results.csv`` may be from that of ``metrics.json`` (rounded scores)."""


@dataclass
class Evaluation:
    """The images that got a score: all of length n; ``kinds`` is a subgroup's name or ''."""

    labels: np.ndarray
    scores: np.ndarray
    patients: list[str]
    kinds: list[str]
    failed: int
    version: str
    backend: str
    not_recognised: dict | None
    """``count`` and ``share`` of the images with a score; None of a model without a rule."""


def read_evaluation(folder: Path, model: str) -> Evaluation:
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
        label = _label(name, path, line)
        patient, series = patient_of(name.name)
        unknown += row.get("category") == NOT_RECOGNISED
        labels.append(label)
        scores.append(float(score))
        patients.append(f"{label} {patient}")
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


def _label(name: PurePosixPath, path: Path, line: int) -> int:
    for part in reversed(name.parts[:-1]):
        if part.upper() in CHEST_CLASSES:
            return CHEST_CLASSES.index(part.upper())
    raise DataError(f"{path}: line {line}: {name} lies in no folder named after a class")


def subgroups(
    found: Evaluation, threshold: float, point: str, data_set: str, folds: int = metrics.FOLDS
) -> list[dict]:
    """Sensitivity at the default point for bacterial and for viral pneumonia."""
    out = []
    for kind, name in (("bacteria", "Bacterial pneumonia"), ("virus", "Viral pneumonia")):
        chosen = np.array([k == kind for k in found.kinds])
        if not chosen.any():
            continue
        who = [p for p, use in zip(found.patients, chosen, strict=True) if use]
        _, points = metrics.intervals(
            found.labels[chosen], found.scores[chosen], who, {point: threshold}, folds
        )
        entry = {
            "name": f"{name}, {data_set.lower()}",
            "n": int(chosen.sum()),
            "measure": f"sensitivity at the operating point {point}",
            "figure": points[point]["sensitivity"],
        }
        out.append(entry)
    return out


def publish(
    models: Path, model: str, evaluation: Path, data_set: str, folds: int = metrics.FOLDS
) -> dict:
    """Write the figures in ``evaluation`` into ``models/<model>/manifest.json``.

    ``data_set`` is a key of ``card.DATA_SETS``; an earlier entry of it is replaced. Returns
    the entry. ``DataError`` when the figures are of another version of the package.
    """
    folder = Path(models) / model
    manifest = read_manifest(folder)
    found = read_evaluation(evaluation, model)
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
    about = dict(DATA_SETS[data_set])
    if found.failed:
        about["description"] += f" {found.failed} files could not be read and are not counted."
    about["description"] += f" Run in the browser on {found.backend}."
    about["command"] = f"npm run evaluate -- --model {model} --images {_IMAGES[data_set]}"
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
            found, thresholds[point], point, entry["name"], folds
        )
    write_manifest(manifest, folder)
    return entry


_IMAGES = {"test": "../shared/data/chest_xray/test", "adult": "../shared/data/adult_chest"}
