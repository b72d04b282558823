"""Compares the app's results in int8 with its results in floating point, on the same images.

Both are results of ``npm run evaluate``: one with ``--backend int8``, one with another backend.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..data.images import DataError
from ..data.tasks import Task
from . import metrics
from .browser_results import read_evaluation

BACKEND = "int8"


def compare_readings(exact: Path, int8: Path, model: str, task: Task, manifest: dict) -> dict:
    """The manifest's ``int8`` of a data set, from the folders of two evaluations.

    ``manifest`` names the operating points. Raises ``DataError`` where the two are not of the same
    images and version, or not of such backends.
    """
    a, b = (read_evaluation(folder, model, task) for folder in (exact, int8))
    if a.backend.startswith(BACKEND) or not b.backend.startswith(BACKEND):
        raise DataError(
            f"{int8}: must be read with --backend {BACKEND} ({b.backend} found), and {exact} "
            f"with another ({a.backend})"
        )
    if a.version != b.version:
        raise DataError(f"{int8}: made with version {b.version}, but {exact} with {a.version}")
    if sorted(a.paths) != sorted(b.paths):
        raise DataError(f"{int8}: is not of the same images as {exact}")
    order = {path: i for i, path in enumerate(b.paths)}
    places = np.array([order[path] for path in a.paths])
    scores = b.scores[places]
    same = sum(b.categories[order[p]] == c for p, c in zip(a.paths, a.categories, strict=True))
    thresholds = {p["id"]: p["threshold"] for p in manifest["operatingPoints"]}
    changed = {
        point: int(((a.scores >= at) != (scores >= at)).sum()) for point, at in thresholds.items()
    }
    return {
        "backend": b.backend,
        "sameCategory": same,
        "decisionsChanged": changed,
        "auc": {
            "exact": round(metrics.auc(a.labels, a.scores), 6),
            "int8": round(metrics.auc(b.labels, b.scores), 6),
        },
    }
