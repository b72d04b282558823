"""What the notebook of the controls shows: rows of figures, and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..data.tasks import CHEST
from ..evaluation import calibration, metrics
from ..package.manifest import read_manifest
from . import plots
from .control_films import Films
from .control_views import VIEWS
from .what_it_sees import Control


def by_view(results: Sequence[dict]) -> dict[str, list[dict]]:
    """The figures of each view's networks."""
    found: dict[str, list[dict]] = {}
    for result in results:
        found.setdefault(result["control"]["view"], []).append(result["figures"])
    return found


def spread_text(values: Sequence[float]) -> str:
    """Mean and range: ``0.991 (0.989 to 0.993)``; of one value, the value."""
    if len(values) == 1:
        return f"{values[0]:.3f}"
    return f"{np.mean(values):.3f} ({min(values):.3f} to {max(values):.3f})"


def rows(results: Sequence[dict], figure: str, groups: Sequence[str]) -> list[dict]:
    """One row a view: a figure on each group of films; a dash where there is none of them."""
    return [
        {
            "what is seen": view,
            "networks": len(figures),
            **{
                group: spread_text([each[group][figure] for each in figures])
                if group in figures[0]
                else None
                for group in groups
            },
        }
        for view, figures in by_view(results).items()
    ]


def carried_rows(results: Sequence[dict]) -> list[dict]:
    """What the threshold of 99 % validation sensitivity and the calibration do on the test half."""
    columns = {
        "sensitivity": "sensitivity",
        "specificity": "specificity",
        "calibration error": "calibrationError",
    }
    return [
        {"what is seen": view}
        | {
            f"{name}, {part}": spread_text([each[part][figure] for each in figures])
            for name, figure in columns.items()
            for part in ("validation", "test")
        }
        for view, figures in by_view(results).items()
    ]


def shipped_rows(models: Path) -> list[dict]:
    """The shipped networks of films, as the browser measured them, at ``sensitive``."""
    found = []
    for path in sorted(models.glob("*/manifest.json")):
        manifest = read_manifest(path.parent)
        if manifest["task"] != CHEST.id:
            continue
        row: dict[str, Any] = {
            "package": f"{manifest['id']} {manifest['version']}",
            "sees": "the lungs" if manifest["region"] else "the whole film",
        }
        entries = {entry["role"]: entry for entry in manifest["metrics"]}
        for role in ("validation", "test"):
            entry = entries.get(role)
            point = entry["operatingPoints"]["sensitive"] if entry else None
            row |= {
                f"AUC, {role}": entry["auc"]["value"] if entry else None,
                f"specificity, {role}": point["specificity"]["value"] if point else None,
                f"calibration error, {role}": entry["expectedCalibrationError"] if entry else None,
            }
        found.append(row)
    return found


def show_views(films: Films, count: int = 2) -> None:
    """The same films as each network sees them, healthy ones first."""
    chosen = [i for label in (0, 1) for i in np.flatnonzero(films.labels == label)[:count]]
    pictures = [VIEWS[view](films.films[i], films.masks[i]) for view in VIEWS for i in chosen]
    names = [CHEST.names[films.labels[i]].lower() for i in chosen]
    plots.show_images(pictures, [f"{view}\n{name}" for view in VIEWS for name in names], len(names))


def show_reliability(runs: Path, control: Control, parts: dict[str, Films]) -> None:
    """Calibrated on validation: does it hold on the test half?"""
    with np.load(runs / control.folder / "scores.npz") as saved:
        scores = {name: saved[name] for name in ("validation", "test")}
    bias, temperature = calibration.fit(scores["validation"], parts["validation"].labels)
    curves = {}
    for name, margins in scores.items():
        chances = calibration.probability(margins, temperature, bias)
        labels = parts[name].labels
        curves[f"{control.view}, {name}"] = (
            metrics.reliability_bins(labels, chances),
            metrics.expected_calibration_error(labels, chances),
        )
    plots.reliability(curves, CHEST.names[1].lower())
