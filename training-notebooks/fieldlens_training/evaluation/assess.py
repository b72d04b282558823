"""Measures a plan on the validation images, plain and under simulated shift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from ..data.tasks import Task
from ..networks.predict import predict, score
from ..quantisation.fold import LOGITS, Classifier, Layer, run_plan
from . import metrics
from .calibration import SENSITIVITY, Point, fit, operating_points, probability
from .next_patient import next_patient


class PlanNetwork(nn.Module):
    """A plan that is called like a network: normalised ``(n, c, h, w)`` to logits."""

    def __init__(self, plan: list[Layer]) -> None:
        super().__init__()
        self.plan = plan
        self.device_marker = nn.Parameter(torch.zeros(()), requires_grad=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return run_plan(self.plan, x, (LOGITS,))[LOGITS]


MOST_SHIFTED = 800
"""Validation images that are read under each simulated change."""


@dataclass
class Assessment:
    """What validation says of a network; ``shifted`` and ``plain`` hold probabilities.

    ``log_odds`` are the network's own, of the plain images.

    ``shifted_labels`` and ``shifted_patients`` are those of one change's images: all of
    them, or ``MOST_SHIFTED`` spread evenly over a larger set.
    ``bias`` has to be added to the log-odds (``add_bias``) for ``temperature`` to be right.
    """

    labels: np.ndarray
    patients: list[str]
    log_odds: np.ndarray
    plain: np.ndarray
    shifted: dict[str, np.ndarray]
    shifted_labels: np.ndarray
    shifted_patients: list[str]
    bias: float
    temperature: float
    error_before: float
    error_after: float
    points: list[Point]

    def thresholds(self) -> dict[str, float]:
        """Threshold by the operating point's id."""
        return {point.id: point.threshold for point in self.points}


def assess(
    plan: list[Layer],
    pixels: np.ndarray,
    labels: np.ndarray,
    patients: Sequence[str],
    task: Task,
) -> Assessment:
    """Calibrate and choose thresholds on uint8 validation images.

    Computed in float32 with the plan's weights, so with those that are shipped. Bias and
    temperature are fitted on all simulated shifts together: on plain validation, which is
    nearly perfectly told apart, they would come out too sure.
    """
    return assess_read(*read_validation(plan, pixels, task), labels, patients)


def assess_read(
    whole: np.ndarray,
    kept: np.ndarray,
    margins: dict[str, np.ndarray],
    labels: np.ndarray,
    patients: Sequence[str],
    temperature: float | None = None,
    sensitivity: float = SENSITIVITY,
) -> Assessment:
    """The same of log-odds that were read before; the first three as ``read_validation`` gives.

    ``temperature`` of a package that has its bias in it; without it both are fitted.
    ``sensitivity`` in 0..1 is what the point ``sensitive`` promises.
    """
    if temperature is None:
        pool = np.concatenate([*margins.values()])
        bias, temperature = (round(v, 6) for v in fit(pool, np.tile(labels[kept], len(margins))))
    else:
        bias = 0.0
    shifted = {name: probability(m, temperature, bias) for name, m in margins.items()}
    plain, untouched = probability(whole, temperature, bias), probability(whole, 1.0)
    return Assessment(
        labels,
        list(patients),
        whole,
        plain,
        shifted,
        labels[kept],
        [patients[int(i)] for i in kept],
        bias,
        temperature,
        metrics.expected_calibration_error(labels, untouched),
        metrics.expected_calibration_error(labels, plain),
        operating_points(labels, plain, labels[kept], shifted, sensitivity),
    )


def read_validation(
    plan: list[Layer], pixels: np.ndarray, task: Task
) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Log-odds of all uint8 ``pixels``, and of those at ``kept`` under each simulated shift.

    Returns ``(all, kept, by shift)``; ``kept`` are all, or ``MOST_SHIFTED`` spread evenly.
    """
    net, count = PlanNetwork(plan), len(pixels)
    kept = np.linspace(0, count - 1, min(count, MOST_SHIFTED)).round().astype(int)
    whole = score(predict(net, pixels, task, autocast=False))
    margins = {"none": whole[kept]} | {
        name: score(predict(net, pixels[kept], task, change, autocast=False))
        for name, change in task.shifts.items()
        if name != "none"
    }
    return whole, kept, margins


def add_bias(classifier: Classifier, bias: float, positive: int = 1) -> None:
    """Add ``bias`` to the log-odds, half to either logit, in place."""
    classifier.bias = classifier.bias - bias / 2
    classifier.bias[positive] += bias


def data_set_entry(
    about: Mapping[str, object],
    labels: np.ndarray,
    scores: np.ndarray,
    patients: Sequence[str],
    thresholds: dict[str, float],
    folds: int = metrics.FOLDS,
) -> dict:
    """A data set's figures for the manifest.

    ``about`` gives ``id``, ``role`` and ``command``, and may give what else the manifest says of
    the set.
    """
    area, points = metrics.intervals(labels, scores, patients, thresholds, folds)
    for name, threshold in thresholds.items():
        points[name]["confusion"] = metrics.confusion(labels, scores, threshold)
        if expected := next_patient(labels, scores, patients, threshold):
            points[name]["nextPatient"] = expected
    return {
        **about,
        "n": len(labels),
        "positives": int(labels.sum()),
        "patients": len(set(patients)),
        "auc": area,
        "operatingPoints": points,
        "roc": metrics.roc_points(labels, scores),
        "calibrationBins": metrics.reliability_bins(labels, scores),
        "expectedCalibrationError": round(metrics.expected_calibration_error(labels, scores), 6),
    }


def validation_entries(found: Assessment, command: str, folds: int = metrics.FOLDS) -> list[dict]:
    """Entries of plain validation and of all simulated shifts together."""
    return [plain_entry(found, command, folds), shift_entry(found, command, folds)]


def plain_entry(found: Assessment, command: str, folds: int = metrics.FOLDS) -> dict:
    """Entry of the validation images as they are."""
    about = {
        "id": "validation",
        "role": "validation",
        "command": command,
    }
    return data_set_entry(
        about, found.labels, found.plain, found.patients, found.thresholds(), folds
    )


def shift_entry(found: Assessment, command: str, folds: int = metrics.FOLDS) -> dict:
    """Entry of all simulated shifts together."""
    areas = {name: metrics.auc(found.shifted_labels, s) for name, s in found.shifted.items()}
    about = {
        "id": "validation-shift",
        "role": "shift",
        "shifts": [
            {"id": shift_id(name), "auc": round(area, 4)}
            for name, area in areas.items()
            if name != "none"
        ],
        "command": command,
    }
    every = len(found.shifted)
    pool = np.concatenate([*found.shifted.values()])
    pooled_labels = np.tile(found.shifted_labels, every)
    pooled_patients = found.shifted_patients * every
    return data_set_entry(about, pooled_labels, pool, pooled_patients, found.thresholds(), folds)


def shift_id(name: str) -> str:
    """The manifest's id of a simulated change."""
    return name.lower().replace(" ", "-")
