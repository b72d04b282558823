"""Reads what ``npm run evaluate`` wrote: ``results.csv`` and ``metrics.json``."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from ..data.images import DataError
from ..data.tasks import CHEST, Task
from . import metrics

NOT_RECOGNISED = "not recognised"
"""The category in ``results.csv`` of an image that is too unlike the model's own."""

AUC_TOLERANCE = 0.002
"""How far the AUC of ``results.csv`` may be from that of ``metrics.json`` (rounded scores)."""


@dataclass
class Evaluation:
    """The images that got a score: all of length n; ``kinds`` names a subgroup, or is ''.

    ``paths`` are as the app gives them, ``categories`` those of the operating point it used.
    """

    labels: np.ndarray
    scores: np.ndarray
    patients: list[str]
    kinds: list[str]
    paths: list[str]
    categories: list[str]
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
    paths, categories = [], []
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
        category = row.get("category") or ""
        unknown += category == NOT_RECOGNISED
        paths.append(str(name))
        categories.append(category)
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
        paths,
        categories,
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
