"""Measures a reader once: ``python -m fieldlens_training.regions.report``.

Thresholds come from the validation films; the test films and the adults only from these.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from ..data.images import list_images
from ..data.tasks import CHEST
from .crops import exact_crops
from .found import read_outlines
from .outlines import CLASSES
from .reader import figures, log_odds, threshold_at
from .reader_validation import Validation
from .train_reader import load_reader, split_films

ADULT_AGE = 18


def balanced_threshold(labels: np.ndarray, scores: np.ndarray) -> float:
    """The score at which sensitivity plus specificity is greatest; the lowest of equals."""
    candidates = np.unique(scores)
    positives, negatives = np.sort(scores[labels == 1]), np.sort(scores[labels == 0])
    hit = len(positives) - np.searchsorted(positives, candidates)
    passed = np.searchsorted(negatives, candidates)
    # Whole numbers, so that equals are equal.
    return float(candidates[np.argmax(hit * len(negatives) + passed * len(positives))])


def adults(
    data: Path, outlines: dict[str, np.ndarray], net: nn.Module, size: int, threshold: float
) -> dict[str, Any]:
    """Figures on ``adult_chest`` by view and by age, with the mean probability of each."""
    items = list_images(data / "adult_chest", "", CLASSES, CHEST.patient_of)
    scores = log_odds(net, exact_crops(data, items, outlines, size))
    labels = np.array([item.label for item in items])
    with (data / "adult_chest" / "views.csv").open() as file:
        rows = {row["stem"]: row for row in csv.DictReader(file)}
    about = [rows[item.path.stem] for item in items]
    ages = np.array([int(row["age"]) for row in about])
    views = np.array([row["view"] for row in about])
    groups = {
        "all": np.ones(len(items), bool),
        "AP": views == "AP",
        "PA": views == "PA",
        "under 18": ages < ADULT_AGE,
        "18 and over": ages >= ADULT_AGE,
    }
    return {
        name: figures(labels[chosen], scores[chosen], threshold)
        | {"mean score": round(float((1 / (1 + np.exp(-scores[chosen]))).mean()), 3)}
        for name, chosen in groups.items()
    }


def report(data: Path, outlines: dict[str, np.ndarray], run: Path) -> dict[str, Any]:
    """All figures of a run at the size of its last epoch."""
    net, record = load_reader(run)
    size = record["log"][-1]["size"]
    _, held = split_films(data, record["recipe"]["validation_fraction"])
    validation = Validation(data, held, outlines)
    labels = validation.labels
    scores = log_odds(net, validation.crop("none", size))
    items = list_images(data / "chest_xray", "test", CLASSES, CHEST.patient_of)
    test_labels = np.array([item.label for item in items])
    test_scores = log_odds(net, exact_crops(data, items, outlines, size))
    points = {
        "sensitive": threshold_at(labels, scores),
        "balanced": balanced_threshold(labels, scores),
    }
    found: dict[str, Any] = {"epochs": len(record["log"]), "size": size}
    for name, threshold in points.items():
        called = test_scores >= threshold
        found[name] = {
            "threshold": round(threshold, 4),
            "validation": figures(labels, scores, threshold),
            "test": figures(test_labels, test_scores, threshold),
            "test accuracy": round(float((called == test_labels).mean()), 4),
        }
    found["adults"] = adults(data, outlines, net, size, points["sensitive"])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--outlines", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    arguments = parser.parse_args()
    found = report(arguments.data, read_outlines(arguments.outlines), arguments.folder)
    text = json.dumps(found, indent=1)
    (arguments.folder / "report.json").write_text(text + "\n")
    print(text)


if __name__ == "__main__":
    main()
