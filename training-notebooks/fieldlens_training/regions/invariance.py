"""What lies outside the lungs must not matter: ``python -m fieldlens_training.regions.invariance``.

The whole path is run again on changed films, the finder included, and decisions at a threshold
are compared with those on the films as they are. Films are changed outside the drawn lungs
grown by ``NEAR`` hundredths of their box's mean side.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from scipy import ndimage
from torch import nn

from ..data.images import Item
from .crops import load_films
from .found import find_outlines, load_finder
from .lung_crop import crop_lungs, dilated, tight_box
from .outlines import load_mask, mask_path, outlined
from .reader import log_odds
from .train_reader import load_reader

NEAR = 6
BLUR = 8.0
"""Standard deviation of the blurred surroundings, in pixels of the working film."""


def near_lungs(mask: np.ndarray) -> np.ndarray:
    """The drawn lungs and their neighbourhood, which stay as they are."""
    box = tight_box(mask)
    return dilated(mask, round((box.width + box.height) / 2 * NEAR / 100))


def read(finder: nn.Module, reader: nn.Module, films: np.ndarray, size: int) -> np.ndarray:
    """Log-odds of working films by the whole path; NaN where no lungs were found."""
    found = find_outlines(finder, films)
    seen = np.array([each.mask.any() for each in found])
    crops = [
        crop_lungs(film, each.mask, size)
        for film, each in zip(films, found, strict=True)
        if each.mask.any()
    ]
    scores = np.full(len(films), np.nan)
    if crops:
        scores[seen] = log_odds(reader, np.stack(crops))
    return scores


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
    finder: nn.Module,
    reader: nn.Module,
    data: Path,
    items: list[Item],
    size: int,
    threshold: float,
) -> dict[str, dict[str, float]]:
    """Of each change, the share of decisions that stay and the mean change of log-odds."""
    films = load_films(items)
    masks = np.stack([load_mask(mask_path(data, item)) for item in items]) > 127
    labels = np.array([item.label for item in items])
    before = read(finder, reader, films, size)
    result = {}
    for name, changed in changed_films(films, masks, labels).items():
        after = read(finder, reader, changed, size)
        stayed = (before >= threshold) == (after >= threshold)
        result[name] = {
            "decisions that stay": round(float(stayed.mean()), 4),
            "mean change": round(float(np.nanmean(np.abs(after - before))), 4),
            "no lungs": int(np.isnan(after).sum()),
        }
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--finder", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--threshold", type=float, required=True, help="log-odds")
    arguments = parser.parse_args()
    reader, record = load_reader(arguments.folder)
    size = record["log"][-1]["size"]
    items = outlined(arguments.data, "test")
    found = invariance(
        load_finder(arguments.finder), reader, arguments.data, items, size, arguments.threshold
    )
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
