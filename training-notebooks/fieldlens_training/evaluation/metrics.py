"""Figures of a two-class classifier: ROC, decisions at a threshold, calibration, intervals.

``labels`` are 0 or 1, ``scores`` the probability of class 1, ``patients`` any hashable
that names who was imaged; all of shape ``(n,)``. An image counts as positive from the
threshold on (``score >= threshold``).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.metrics import confusion_matrix, roc_auc_score, roc_curve

FOLDS = 2000
DECISIONS = ("accuracy", "sensitivity", "specificity", "precision", "f1")


def auc(labels: np.ndarray, scores: np.ndarray) -> float:
    """Area under the ROC curve; NaN where a class is missing."""
    return float(roc_auc_score(labels, scores)) if len(np.unique(labels)) == 2 else float("nan")


def mean_of_shifts(areas: dict[str, float]) -> float:
    """Mean AUC over the simulated shifts; the unchanged images are not one of them."""
    shifts = [area for name, area in areas.items() if name != "none"]
    return float(np.mean(shifts)) if shifts else float(areas["none"])


def roc_points(labels: np.ndarray, scores: np.ndarray, most: int = 200) -> list[list[float]]:
    """Corners of the ROC curve as ``[false positive rate, true positive rate]``, rising.

    All of them, or ``most`` evenly spaced along the curve with both ends; empty where a
    class is missing.
    """
    if len(np.unique(labels)) < 2:
        return []
    false_positive, true_positive, _ = roc_curve(labels, scores)
    along = false_positive + true_positive
    kept = np.arange(len(along))
    if len(along) > most:
        kept = np.unique(np.searchsorted(along, np.linspace(0, along[-1], most)))
    return [[round(float(false_positive[i]), 5), round(float(true_positive[i]), 5)] for i in kept]


def confusion(labels: np.ndarray, scores: np.ndarray, threshold: float) -> dict[str, int]:
    """Counts of decisions at ``threshold``, by the names of the manifest."""
    table = confusion_matrix(labels, scores >= threshold, labels=[0, 1])
    (true_negative, false_positive), (false_negative, true_positive) = table.tolist()
    return {
        "truePositive": true_positive,
        "falsePositive": false_positive,
        "trueNegative": true_negative,
        "falseNegative": false_negative,
    }


def decisions(labels: np.ndarray, scores: np.ndarray, threshold: float) -> dict[str, float]:
    """Accuracy, sensitivity, specificity, precision and F1 in 0..1, NaN where undefined."""
    cells = _cells(labels, scores, threshold).sum(axis=0, keepdims=True)
    return {name: float(v[0]) for name, v in _rates(cells.astype(float)).items()}


def intervals(
    labels: np.ndarray,
    scores: np.ndarray,
    patients: Sequence,
    thresholds: dict[str, float],
    folds: int = FOLDS,
    seed: int = 0,
) -> tuple[dict, dict[str, dict[str, dict]]]:
    """AUC and, by threshold, the decision rates, each as ``{value, low, high}``.

    95 % percentile intervals of ``folds`` bootstrap samples of *patients* (all images of a
    drawn patient come along; Efron and Tibshirani 1993, chapter 13). A sample without one
    of the classes leaves the figure that needs it out.
    """
    labels, scores = np.asarray(labels), np.asarray(scores, dtype=float)
    names, who = np.unique(np.asarray(patients).astype(str), return_inverse=True)
    rng = np.random.default_rng(seed)
    ranks = _Ranks(labels, scores)
    cells = {name: _cells(labels, scores, t) for name, t in thresholds.items()}
    areas, counts = [], {name: [] for name in thresholds}
    for start in range(0, folds, 200):
        many = min(200, folds - start)
        drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=many)
        weights = drawn[:, who].astype(float)
        areas.append(ranks.area(weights))
        for name in thresholds:
            counts[name].append(weights @ cells[name])
    area = figure(auc(labels, scores), np.concatenate(areas))
    points = {}
    for name, threshold in thresholds.items():
        value = decisions(labels, scores, threshold)
        samples = _rates(np.concatenate(counts[name]))
        points[name] = {key: figure(value[key], samples[key]) for key in DECISIONS}
    return area, points


def figure(value: float, samples: np.ndarray, digits: int = 5) -> dict[str, float | None]:
    """A value with the 2.5th and 97.5th percentile of its samples; None for undefined."""
    samples = samples[np.isfinite(samples)]
    if not np.isfinite(value) or len(samples) == 0:
        return {"value": None, "low": None, "high": None}
    low, high = np.percentile(samples, [2.5, 97.5])
    return {
        "value": round(value, digits),
        "low": round(float(low), digits),
        "high": round(float(high), digits),
    }


def reliability_bins(labels: np.ndarray, scores: np.ndarray, bins: int = 15) -> list[dict]:
    """Mean prediction and share of positives in equal-width bins; empty bins are left out."""
    index = np.minimum((np.asarray(scores) * bins).astype(int), bins - 1)
    return [
        {
            "predicted": round(float(scores[index == i].mean()), 6),
            "observed": round(float(labels[index == i].mean()), 6),
            "count": int((index == i).sum()),
        }
        for i in range(bins)
        if (index == i).any()
    ]


def expected_calibration_error(labels: np.ndarray, scores: np.ndarray, bins: int = 15) -> float:
    """Mean over images of ``|predicted - observed|`` of their bin (Guo et al. 2017)."""
    total = sum(
        b["count"] * abs(b["predicted"] - b["observed"])
        for b in reliability_bins(labels, scores, bins)
    )
    return total / len(labels)


class _Ranks:
    """Prepared for many weighted AUCs of the same scores: ``P(s+ > s-) + P(s+ = s-) / 2``."""

    def __init__(self, labels: np.ndarray, scores: np.ndarray) -> None:
        self.order = np.argsort(scores, kind="stable")
        ordered = scores[self.order]
        self.starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        self.positive = (labels[self.order] == 1).astype(float)

    def area(self, weights: np.ndarray) -> np.ndarray:
        """AUC under each row of image weights ``(folds, n)``; NaN where a class is missing."""
        weights = weights[:, self.order]
        positive = np.add.reduceat(weights * self.positive, self.starts, axis=1)
        negative = np.add.reduceat(weights * (1 - self.positive), self.starts, axis=1)
        below = negative.cumsum(axis=1) - negative / 2
        pairs = positive.sum(axis=1) * negative.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return (positive * below).sum(axis=1) / pairs


def _cells(labels: np.ndarray, scores: np.ndarray, threshold: float) -> np.ndarray:
    """One row an image, 1 in the column (TP, FP, TN, FN) that it falls in."""
    positive, called = np.asarray(labels) == 1, np.asarray(scores) >= threshold
    cells = [positive & called, ~positive & called, ~positive & ~called, positive & ~called]
    return np.stack(cells, axis=1)


def _rates(cells: np.ndarray) -> dict[str, np.ndarray]:
    tp, fp, tn, fn = cells.T
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "accuracy": (tp + tn) / cells.sum(axis=1),
            "sensitivity": tp / (tp + fn),
            "specificity": tn / (tn + fp),
            "precision": tp / (tp + fp),
            "f1": 2 * tp / (2 * tp + fp + fn),
        }
