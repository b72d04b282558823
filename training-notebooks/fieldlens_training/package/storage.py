"""What the way of storing a package's weights cost: the manifest's ``storage``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..evaluation import metrics
from ..evaluation.calibration import Point, probability
from ..quantisation.fold import Classifier, Convolution, Layer

METHOD = "gptq-huffman"
"""Eight-bit codes of one step a tensor, steps chosen by how much the log-odds depend on the
tensor, each rounding error made up for by the weights after it (GPTQ, Frantar et al. 2022),
biases corrected, the codes entropy coded (Huffman, in raw deflate)."""
LEAST_EQUAL, MOST_AREA_LOST = 0.995, 0.001
"""Share of decisions that must stay at each operating point, and of the AUC what may go."""


@dataclass(frozen=True)
class Change:
    """Log-odds (bias included) of the validation images before and after, ``(n,)``.

    ``compared_with``: ``float32`` or the earlier version of the package.
    """

    before: np.ndarray
    after: np.ndarray
    compared_with: str


def storage_entry(
    change: Change,
    labels: np.ndarray,
    temperature: float,
    points: list[Point],
    plan: list[Layer],
    files: list[Path],
) -> dict:
    """The manifest's ``storage`` of a package of ``plan`` in ``files``."""
    weights = sum(p.weight.numel() for p in plan if isinstance(p, Convolution | Classifier))
    shards = sum(path.stat().st_size for path in files if path.name != "model.json")
    moved = np.abs(change.after - change.before)
    scores = [probability(margin, temperature) for margin in (change.before, change.after)]
    return {
        "method": METHOD,
        "bitsPerWeight": round(8 * shards / weights, 3),
        "comparedWith": change.compared_with,
        "n": len(labels),
        "auc": {
            "before": round(metrics.auc(labels, change.before), 6),
            "after": round(metrics.auc(labels, change.after), 6),
        },
        "logOddsChange": {
            "mean": round(float(moved.mean()), 6),
            "largest": round(float(moved.max()), 6),
        },
        "decisionsChanged": {
            point.id: int(np.not_equal(*(s >= point.threshold for s in scores)).sum())
            for point in points
        },
    }


def too_far(stored: dict) -> str | None:
    """Why weights that cost this much may not ship; None where they may."""
    lost = stored["auc"]["before"] - stored["auc"]["after"]
    if lost > MOST_AREA_LOST:
        return f"the AUC on validation falls by {lost:.4f}; {MOST_AREA_LOST} is allowed"
    for name, count in stored["decisionsChanged"].items():
        if count > (1 - LEAST_EQUAL) * stored["n"] + 1e-9:
            return f"{count} of {stored['n']} decisions change at the operating point {name}"
    return None
