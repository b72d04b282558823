"""Calibration and operating points, both from validation images alone.

``margins`` are log-odds ``logit_positive - logit_negative``, shape ``(n,)``; the calibrated
probability is ``sigmoid((margin + bias) / temperature)``. The bias becomes part of the last
layer when a network is exported, so that a package's own margins need the temperature only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_expit
from sklearn.metrics import roc_curve

SENSITIVITY, SPECIFICITY = 0.99, 0.98
"""What the points ``sensitive`` and ``specific`` promise on validation, unless asked otherwise."""


@dataclass(frozen=True)
class Point:
    """An operating point: calibrated probability from which on an image is positive.

    ``chosen`` is how the threshold was chosen, as the manifest says it.
    """

    id: str
    threshold: float
    chosen: dict[str, str | float]


def fit(margins: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Bias and temperature of least negative log-likelihood.

    Platt 1999; with the bias at 0 this is the temperature scaling of Guo et al. 2017. A
    temperature alone cannot move the point of even odds, and training with classes weighted
    alike puts that point where both classes are equally frequent, which they are not.
    """
    sign = np.where(labels == 1, 1.0, -1.0)

    def loss(x: np.ndarray) -> tuple[float, np.ndarray]:
        slope, offset = np.exp(x[0]), x[1]
        signed = sign * (slope * margins + offset)
        pull = -expit(-signed) * sign
        return -log_expit(signed).mean(), np.array([(pull * margins).mean() * slope, pull.mean()])

    bounds = [(np.log(0.01), np.log(100)), (-100, 100)]
    slope, offset = minimize(loss, [0.0, 0.0], jac=True, method="L-BFGS-B", bounds=bounds).x
    temperature = float(np.exp(-slope))
    return float(offset * temperature), temperature


def probability(margins: np.ndarray, temperature: float, bias: float = 0.0) -> np.ndarray:
    """Calibrated probability of the positive class, in float64."""
    return expit((np.asarray(margins, dtype=np.float64) + bias) / temperature)


def threshold_for_sensitivity(labels: np.ndarray, scores: np.ndarray, least: float) -> float:
    """Highest threshold at which at least the share ``least`` of positives is called."""
    positives = np.sort(scores[labels == 1])[::-1]
    needed = int(np.ceil(least * len(positives) - 1e-9))
    return _middle(scores, positives[needed - 1])


def threshold_for_specificity(labels: np.ndarray, scores: np.ndarray, least: float) -> float:
    """Lowest threshold at which at least the share ``least`` of negatives is not called."""
    negatives = np.sort(scores[labels == 0])
    needed = int(np.ceil(least * len(negatives) - 1e-9))
    above = scores[scores > negatives[needed - 1]]
    return _middle(scores, above.min()) if len(above) else float(negatives[-1])


def threshold_of_youden(labels: np.ndarray, scores: np.ndarray) -> float:
    """Threshold of the largest sensitivity + specificity (Youden 1950)."""
    false_positive, true_positive, thresholds = roc_curve(labels, scores)
    return _middle(scores, thresholds[1:][np.argmax((true_positive - false_positive)[1:])])


def _middle(scores: np.ndarray, score: float) -> float:
    """Half way down to the next lower score: the same decisions, far from any rounding."""
    below = scores[scores < score]
    return float((score + below.max()) / 2) if len(below) else float(score)


def operating_points(
    labels: np.ndarray,
    scores: np.ndarray,
    shifted_labels: np.ndarray,
    shifted: dict[str, np.ndarray],
    sensitivity: float = SENSITIVITY,
) -> list[Point]:
    """The points ``sensitive``, ``balanced`` and ``specific``, of rising threshold.

    ``scores`` are of the validation images, ``shifted`` of the same images under each
    simulated change of acquisition. Plain validation comes from the hospital's own series
    and is nearly perfectly told apart, so a threshold chosen on it alone does not carry
    over: a promise has to hold on it and on the pool of all changes.
    """
    pool, pool_labels = np.concatenate([*shifted.values()]), np.tile(shifted_labels, len(shifted))
    sets = ((labels, scores), (pool_labels, pool))
    sensitive = min(threshold_for_sensitivity(y, s, sensitivity) for y, s in sets)
    specific = max(threshold_for_specificity(y, s, SPECIFICITY) for y, s in sets)
    sensitive, specific = min(sensitive, specific), max(sensitive, specific)
    balanced = float(np.clip(threshold_of_youden(pool_labels, pool), sensitive, specific))
    return [
        Point("sensitive", sensitive, {"rule": "sensitivity", "atLeast": sensitivity}),
        Point("balanced", balanced, {"rule": "youden"}),
        Point("specific", specific, {"rule": "specificity", "atLeast": SPECIFICITY}),
    ]
