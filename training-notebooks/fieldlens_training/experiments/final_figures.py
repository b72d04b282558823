"""The final figures: what ``npm run evaluate`` measured in the browser, by model.

Reads manifests (into which ``publish`` put the figures) and the ``--out`` folders of
``npm run evaluate``. Nothing here runs a network.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..data.images import DataError, load_image
from ..data.tasks import Task, task_of
from ..package.manifest import read_manifest
from .plots import show_images
from .tables import figure_text

ROUNDING = 5e-5
"""How far two AUCs of the same readings may be apart: scores are written with six digits."""


@dataclass(frozen=True)
class Published:
    """Another system's figures as its authors gave them; None where they gave none."""

    system: str
    measured_on: str
    auc: float | None
    accuracy: float
    sensitivity: float | None
    specificity: float | None


PUBLISHED = {
    "chest-xray-pneumonia": (
        Published("Inception V3 (Kermany 2018)", "test split", 0.968, 0.928, 0.932, 0.901),
        Published("five networks (Chouhan 2020)", "test split", 0.993, 0.964, 0.996, None),
        Published("ResNet50, weighted (Lau 2020)", "test split", None, 0.886, 0.995, None),
    ),
    "malaria-cell": (
        Published("ResNet50 (Rajaraman 2018)", "folds by patient", 0.990, 0.957, 0.945, 0.969),
        Published("ResNet34 (Lopez 2020)", "random split by image", None, 0.966, 0.97, None),
    ),
}
"""By task."""


@dataclass(frozen=True)
class Goal:
    """What a model was to reach on the test images: a figure at a point (None: the AUC)."""

    model: str
    point: str | None
    figure: str
    least: float


GOALS = (
    Goal("pneumonia-resnet34", None, "auc", 0.992),
    Goal("pneumonia-resnet34", "sensitive", "sensitivity", 0.99),
    Goal("pneumonia-resnet34", "sensitive", "specificity", 0.88),
    Goal("pneumonia-resnet34", "balanced", "accuracy", 0.955),
    Goal("malaria-resnet34", None, "auc", 0.990),
    Goal("malaria-resnet34", "balanced", "accuracy", 0.960),
    Goal("malaria-resnet34", "balanced", "sensitivity", 0.945),
)


def read_packages(models: Path) -> dict[str, dict]:
    """The manifests of the packages in ``models``, by id."""
    ids = sorted(path.parent.name for path in Path(models).glob("*/manifest.json"))
    if not ids:
        raise DataError(f"{models}: no package with a manifest.json in it")
    return {name: read_manifest(Path(models) / name) for name in ids}


def entry_of(manifest: dict, role: str) -> dict | None:
    """The manifest's figures of the data set with this role, if they are published."""
    return next((e for e in manifest["metrics"] if e["role"] == role), None)


def data_set_rows(manifest: dict) -> list[dict]:
    """One row a data set and operating point, each figure with its interval."""
    rows = []
    for entry in manifest["metrics"]:
        for point in manifest["operatingPoints"]:
            found = entry["operatingPoints"][point["id"]]
            row = {
                "data": entry["id"],
                "images": entry["n"],
                "patients": entry["patients"],
                "AUC": figure_text(entry["auc"], 4),
                "point": point["id"],
            }
            names = ("accuracy", "sensitivity", "specificity", "precision", "f1")
            rows.append(row | {name: figure_text(found[name]) for name in names})
    return rows


def comparison_rows(packages: dict[str, dict]) -> list[dict]:
    """Every model's test figures beside those that others published, by task."""
    rows = []
    for task, others in PUBLISHED.items():
        mine = {name: m for name, m in packages.items() if m["task"] == task}
        for name, manifest in mine.items():
            entry = entry_of(manifest, "test")
            if entry is None:
                continue
            for point in manifest["operatingPoints"]:
                found = entry["operatingPoints"][point["id"]]
                row = {
                    "task": task,
                    "system": f"**{name} {manifest['version']}**, {point['id']}",
                    "measured on": entry["id"],
                    "AUC": figure_text(entry["auc"]),
                }
                figures = ("accuracy", "sensitivity", "specificity")
                rows.append(row | {key: figure_text(found[key]) for key in figures})
        if mine:
            for other in others:
                row = {
                    "task": task,
                    "system": other.system,
                    "measured on": other.measured_on,
                    "AUC": other.auc,
                    "accuracy": other.accuracy,
                    "sensitivity": other.sensitivity,
                    "specificity": other.specificity,
                }
                rows.append({k: f"{v:.3f}" if isinstance(v, float) else v for k, v in row.items()})
    return rows


def goal_rows(packages: dict[str, dict]) -> list[dict]:
    """What was to be reached and what was, of the models that are here."""
    rows = []
    for goal in GOALS:
        entry = entry_of(packages[goal.model], "test") if goal.model in packages else None
        if entry is None:
            continue
        at = entry if goal.point is None else entry["operatingPoints"][goal.point]
        value = at[goal.figure]["value"]
        row = {
            "model": goal.model,
            "figure": f"{goal.figure} at {goal.point}" if goal.point else "AUC",
            "to reach": f"{goal.least:.3f}",
            "found": figure_text(at[goal.figure]),
            "reached": "yes" if value is not None and value >= goal.least else "no",
        }
        rows.append(row)
    return rows


def subgroup_rows(packages: dict[str, dict]) -> list[dict]:
    """The subgroup figures of the cards."""
    return [
        {
            "model": name,
            "group": group["id"],
            "images": group["n"],
            "measure": f"{group['measure']} at {group['operatingPoint']}",
            "figure": figure_text(group["figure"]),
        }
        for name, manifest in packages.items()
        for group in manifest["card"]["subgroups"]
    ]


def recognition_rows(packages: dict[str, dict]) -> list[dict]:
    """What is flagged as not of its kind, by model and set of images; none where none is known."""
    rows = []
    for name, manifest in packages.items():
        found = manifest["recognition"]
        if found is None:
            continue
        kept = found["validation"]
        sets = [("validation images, to be kept", kept["n"], kept["flagged"])]
        sets += [(f"{r['id']}, to be refused", r["n"], r["share"]) for r in found["rejected"]]
        sets += [(f"{r['id']}, other people", r["n"], r["share"]) for r in found["outside"]]
        for title, n, share in sets:
            rows.append({"model": name, "images": title, "n": n, "flagged": f"{share:.1%}"})
    return rows


@dataclass
class Evaluation:
    """One ``--out`` folder of ``npm run evaluate``."""

    folder: Path
    said: dict


def find_evaluations(root: Path) -> list[Evaluation]:
    """Every folder in ``root`` with ``metrics.json`` and ``results.csv``, by name."""
    found = []
    for path in sorted(Path(root).glob("*/metrics.json")):
        if (path.parent / "results.csv").exists():
            found.append(Evaluation(path.parent, json.loads(path.read_text())))
    return found


def evaluation_rows(evaluations: list[Evaluation], packages: dict[str, dict]) -> list[dict]:
    """The evaluations that are here, and whether they are what the manifests say."""
    return [
        {
            "folder": e.folder.name,
            "model": f"{e.said['model']} {e.said['modelVersion']}",
            "images": e.said["n"],
            "AUC": e.said["auc"],
            "not recognised": _share(e.said.get("notRecognised")),
            "backend": e.said["backend"],
            "ms an image": e.said["medianMsPerImage"],
            "in the manifest": published_as(e, packages) or "no",
        }
        for e in evaluations
    ]


def _share(flagged: dict | None) -> str | None:
    return f"{flagged['share']:.1%}" if flagged else None


def published_as(evaluation: Evaluation, packages: dict[str, dict]) -> str | None:
    """Id of the manifest's entry with these very figures; None where there is none."""
    said = evaluation.said
    manifest = packages.get(said["model"])
    if manifest is None or manifest["version"] != said["modelVersion"] or said["auc"] is None:
        return None
    for entry in manifest["metrics"]:
        same = entry["n"] == said["n"] and entry["positives"] == said["positives"]
        value = entry["auc"]["value"]
        if same and value is not None and abs(value - said["auc"]) <= ROUNDING:
            return entry["id"]
    return None


@dataclass(frozen=True)
class Mistake:
    """An image whose score is far from its label."""

    path: str
    label: int
    score: float

    @property
    def distance(self) -> float:
        """From 0 (right and sure) to 1 (wrong and sure)."""
        return abs(self.label - self.score)


def mistakes(evaluation: Evaluation, task: Task, most: int = 12) -> list[Mistake]:
    """The images furthest from their labels, worst first, as ``results.csv`` has them."""
    path = evaluation.folder / "results.csv"
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["score"]]
    found = [
        Mistake(row["path"].lstrip("'"), _label(row["path"], task, path), float(row["score"]))
        for row in rows
    ]
    return sorted(found, key=lambda m: -m.distance)[:most]


def _label(name: str, task: Task, path: Path) -> int:
    folders = [folder.upper() for folder in task.folders]
    for part in reversed(PurePosixPath(name).parts[:-1]):
        if part.upper() in folders:
            return folders.index(part.upper())
    raise DataError(f"{path}: {name} lies in no folder named after a class")


def show_mistakes(found: list[Mistake], manifest: dict, roots: list[Path]) -> None:
    """Show the images that are below one of ``roots``, with label and score."""
    task = task_of(manifest["task"])
    places = [next((r / m.path for r in roots if (r / m.path).exists()), None) for m in found]
    shown = [(m, place) for m, place in zip(found, places, strict=True) if place is not None]
    if not shown:
        print("the images are not here")
        return
    titles = [f"{task.classes[m.label][1].lower()}\n{m.score:.3f}" for m, _ in shown]
    images = [load_image(place, 128, task.channels) for _, place in shown]
    show_images(images, titles)


def difference_text(packages: dict[str, dict], first: str, second: str) -> str | None:
    """By how much ``first`` is better than ``second`` in test AUC, or is not, in a sentence."""
    if first not in packages or second not in packages:
        return None
    better, worse = (entry_of(packages[name], "test") for name in (first, second))
    if better is None or worse is None:
        return None
    a, b = better["auc"], worse["auc"]
    gap = a["value"] - b["value"]
    overlap = a["low"] <= b["high"] and b["low"] <= a["high"]
    said = f"{first} has a test AUC of {figure_text(a, 4)}, {second} of {figure_text(b, 4)}: "
    said += f"{abs(gap):.4f} {'higher' if gap > 0 else 'lower'}"
    return said + (", and the intervals overlap." if overlap else ".")
