"""Compares the app's results in int8 with its results in floating point, on the same images.

Both are results of ``npm run evaluate``: one with ``--backend int8``, one with another backend.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np

from ..data.images import DataError
from ..data.tasks import Task
from . import metrics
from .browser_results import read_evaluation

BACKEND = "int8"
FLAT = 16
"""A heat map whose bytes (0..255) differ by less looks like an empty one."""


def compare_readings(exact: Path, int8: Path, model: str, task: Task, manifest: dict) -> dict:
    """The manifest's ``int8`` of a data set, from the folders of two evaluations.

    ``manifest`` names the version, the operating points and the one whose heat maps count:
    those of the images that the floating-point run flags at the default one. Raises ``DataError``
    where the two are not of the same images and version, or not of such backends.
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
    flagged = a.scores >= thresholds[manifest["defaultOperatingPoint"]]
    shown = [path for path, is_flagged in zip(a.paths, flagged, strict=True) if is_flagged]
    return {
        "backend": b.backend,
        "sameCategory": same,
        "decisionsChanged": changed,
        "auc": {
            "exact": round(metrics.auc(a.labels, a.scores), 6),
            "int8": round(metrics.auc(b.labels, b.scores), 6),
        },
        "heatMaps": _correlations(_maps(exact), _maps(int8), shown),
    }


def _maps(folder: Path) -> dict[str, np.ndarray]:
    """The heat maps that an evaluation shows, by path, bytes as the app keeps them."""
    path = Path(folder) / "maps.json"
    try:
        said = json.loads(path.read_text())
        return {
            name: np.frombuffer(base64.b64decode(shown["values"]), np.uint8).astype(np.float64)
            for name, shown in said.items()
            if shown is not None
        }
    except (OSError, ValueError, AttributeError, TypeError, KeyError) as error:
        raise DataError(f"{path}: holds no heat maps ({error}); evaluate again") from error


def _correlations(
    exact: dict[str, np.ndarray], int8: dict[str, np.ndarray], paths: list[str]
) -> dict | None:
    """Least and median correlation of the maps of ``paths`` that both show; None without any."""
    found = []
    for path in paths:
        if path not in exact or path not in int8:
            continue
        pair = exact[path], int8[path]
        # A map that clearly shows something where the exact one shows nothing counts, too.
        if np.ptp(pair[0]) >= FLAT or np.ptp(pair[1]) >= 2 * FLAT:
            alike = min(np.ptp(values) for values in pair) > 0
            found.append(float(np.corrcoef(*pair)[0, 1]) if alike else 0.0)
    if not found:
        return None
    return {
        "n": len(found),
        "least": round(min(found), 5),
        "median": round(float(np.median(found)), 5),
    }
