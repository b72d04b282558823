"""Puts the figures of an evaluation in the browser into a package's manifest."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..data.images import DataError
from ..data.tasks import CHEST, Task, task_of
from ..evaluation import metrics
from ..evaluation.assess import data_set_entry
from ..evaluation.browser_results import Evaluation, read_evaluation
from ..evaluation.int8_agreement import compare_readings
from .card import DATA_SETS
from .manifest import read_manifest, write_manifest


def _groups(found: Evaluation, task: Task) -> list[tuple[str, np.ndarray, str]]:
    """Id, images and measure of each subgroup that the file names allow."""
    if task.id == CHEST.id:
        kinds = (("bacteria", "bacterial"), ("virus", "viral"))
        return [
            (name, np.array([k == kind for k in found.kinds]), "sensitivity")
            for kind, name in kinds
        ]
    infected = {p for p, label in zip(found.patients, found.labels, strict=True) if label}
    of_infected = np.array([p in infected for p in found.patients])
    healthy = found.labels == 0
    return [
        ("healthy-of-infected", of_infected & healthy, "specificity"),
        ("of-uninfected", ~of_infected & healthy, "specificity"),
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
            "id": name,
            "dataSet": data_set,
            "n": int(chosen.sum()),
            "measure": measure,
            "operatingPoint": point,
            "figure": points[point][measure],
        }
        out.append(entry)
    return out


def publish(
    models: Path,
    model: str,
    evaluation: Path,
    data_set: str,
    folds: int = metrics.FOLDS,
    integer: Path | None = None,
) -> dict:
    """Write the figures in ``evaluation`` into ``models/<model>/manifest.json``.

    ``data_set`` is a word of ``card.DATA_SETS``; an earlier entry of it is replaced.
    ``integer`` is an evaluation of the same images with the backend int8: how far it agrees
    becomes part of the entry. Returns the entry. ``DataError`` when the figures are of another
    version of the package.
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
    said = DATA_SETS[task.id, data_set]
    command = f"npm run evaluate -- --model {model} --images {said['images']}"
    about = {
        "id": said["id"],
        "role": said["role"],
        **({"unreadable": found.failed} if found.failed else {}),
        "backend": found.backend,
        "command": command,
    }
    thresholds = {p["id"]: p["threshold"] for p in manifest["operatingPoints"]}
    entry = data_set_entry(about, found.labels, found.scores, found.patients, thresholds, folds)
    if found.not_recognised is not None:
        count, share = found.not_recognised["count"], found.not_recognised["share"]
        entry["notRecognised"] = {"count": count, "share": round(share, 6)}
    if integer is not None:
        agreement = compare_readings(evaluation, integer, model, task, manifest)
        entry["int8"] = agreement | {"command": f"{command} --backend int8"}
    others = [e for e in manifest["metrics"] if e["id"] != entry["id"]]
    manifest["metrics"] = [*others, entry]
    if data_set == "test":
        point = manifest["defaultOperatingPoint"]
        manifest["card"]["subgroups"] = subgroups(
            found, task, thresholds[point], point, entry["id"], folds
        )
    write_manifest(manifest, folder)
    return entry
