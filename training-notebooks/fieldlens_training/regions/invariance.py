"""What lies outside the lungs must not matter: ``python -m fieldlens_training.regions.invariance``.

``... invariance ../static/models/pneumonia-resnet34`` runs the package's whole path, the finder
included, on changed films of the test half, and compares its decisions with those on the films as
they are. Films are changed outside the drawn lungs grown by ``NEAR`` hundredths of their box's mean
side.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy import ndimage

from .crops import load_films
from .lung_crop import dilated, tight_box
from .outlines import load_mask, mask_path, outlined
from .package_reader import PackageReader

NEAR = 6
BLUR = 8.0
"""Standard deviation of the blurred surroundings, in pixels of the working film."""


def near_lungs(mask: np.ndarray) -> np.ndarray:
    """The drawn lungs and their neighbourhood, which stay as they are."""
    box = tight_box(mask)
    return dilated(mask, round((box.width + box.height) / 2 * NEAR / 100))


def changed_films(
    films: np.ndarray, masks: np.ndarray, labels: np.ndarray, seed: int = 0
) -> dict[str, np.ndarray]:
    """The films with black, blurred and other surroundings.

    ``other surroundings`` are a random film's of the same set, ``other class`` those of a film
    of the other class. Where the other film has its lungs, they are seen beside the pasted ones
    only as far as these do not cover them.
    """
    rng = np.random.default_rng(seed)
    near = np.stack([near_lungs(mask) for mask in masks])
    blurred = np.stack([ndimage.gaussian_filter(film, BLUR) for film in films])
    # Each film's partner is the next one of a random circle, so none is its own.
    circle = rng.permutation(len(films))
    order = np.empty_like(circle)
    order[circle] = np.roll(circle, 1)
    crossed = np.array([rng.choice(np.flatnonzero(labels != label)) for label in labels])
    return {
        "black": np.where(near, films, 0),
        "blurred": np.where(near, films, blurred),
        "other surroundings": np.where(near, films, films[order]),
        "other class": np.where(near, films, films[crossed]),
    }


def invariance(
    read: Callable[[np.ndarray], np.ndarray],
    films: np.ndarray,
    masks: np.ndarray,
    labels: np.ndarray,
    threshold: float,
) -> dict[str, dict[str, float]]:
    """Of each change, the share of decisions that stay and the mean change of log-odds.

    ``read`` gives the log-odds of films, NaN where it finds no lungs; ``masks`` are the drawn
    lungs, bool like ``films`` in shape.
    """
    before = read(films)
    result = {}
    for name, changed in changed_films(films, masks, labels).items():
        after = read(changed)
        stayed = (before >= threshold) == (after >= threshold)
        result[name] = {
            "decisions that stay": round(float(stayed.mean()), 4),
            "mean change": round(float(np.nanmean(np.abs(after - before))), 4),
            "no lungs": int(np.isnan(after).sum()),
        }
    return result


def outlined_films(
    data: Path, split: str, every: int = 1
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Films, drawn lungs and labels of a split, of every so many films one."""
    items = outlined(data, split)[::every]
    masks = np.stack([load_mask(mask_path(data, item)) for item in items]) > 127
    return load_films(items), masks, np.array([item.label for item in items])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--point", default="sensitive", help="operating point")
    arguments = parser.parse_args()
    reader = PackageReader(arguments.package)
    films, masks, labels = outlined_films(arguments.data, "test")
    found = invariance(reader.read, films, masks, labels, reader.threshold(arguments.point))
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
