"""Fits the weights of ``heart_side`` and reports its errors.

``python -m fieldlens_training.regions.fit_heart_side --data ../../shared/data --outlines FILE``
fits on the training films and themselves mirrored, and prints, for validation films and for
``adult_chest``, the share that is wrongly called mirrored and the share of mirrored copies that
is called so. A mirrored copy has the negative score, so no copy needs to be read.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from ..data.images import Item, list_images, load_image
from ..data.tasks import CHEST
from .crops import found_mask
from .found import read_outlines
from .heart_side import LIMIT, SIDE, WEIGHTS, box_greys, half_difference
from .outline_mask import FILM_SIZE
from .outlines import CLASSES
from .train_reader import ReaderRecipe, split_films

STRENGTH = 1.0
"""Inverse strength of the regularisation; 0.01, 0.1 and 1 on 8, 12 and 16 cells were tried."""


def differences(data: Path, items: Sequence[Item], outlines: dict[str, np.ndarray]) -> np.ndarray:
    """``half_difference`` of films, ``(n, SIDE * SIDE / 2)``."""
    found = []
    for item in items:
        film = load_image(item.path, FILM_SIZE, 1)
        found.append(half_difference(box_greys(film, found_mask(data, item, outlines))).ravel())
    return np.stack(found)


def fit(values: np.ndarray) -> np.ndarray:
    """Whole weights, ``(SIDE, SIDE / 2)``, that tell films from themselves mirrored."""
    model = LogisticRegression(C=STRENGTH, fit_intercept=False, max_iter=500)
    both = np.concatenate([values, -values]) / 255
    model.fit(both, np.repeat([1, 0], len(values)))
    return np.round(model.coef_[0] * 10).astype(int).reshape(SIDE, SIDE // 2)


def errors(values: np.ndarray, weights: np.ndarray) -> dict[str, float]:
    """Shares of films and of their mirrored copies that are called mirrored."""
    scores = values @ weights.ravel()
    return {
        "n": len(scores),
        "films called mirrored": round(float((scores < -LIMIT).mean()), 4),
        "mirrored copies called so": round(float((scores > LIMIT).mean()), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--outlines", type=Path, required=True)
    arguments = parser.parse_args()
    outlines = read_outlines(arguments.outlines)
    training, held = split_films(arguments.data, ReaderRecipe().validation_fraction)
    adults = list_images(arguments.data / "adult_chest", "", CLASSES, CHEST.patient_of)
    fitted = fit(differences(arguments.data, training, outlines))
    print(json.dumps({"weights": fitted.tolist(), "kept": np.array_equal(fitted, WEIGHTS)}))
    for name, items in (("validation", held), ("adult_chest", adults)):
        values = differences(arguments.data, items, outlines)
        print(json.dumps({"set": name} | errors(values, np.array(WEIGHTS))))


if __name__ == "__main__":
    main()
