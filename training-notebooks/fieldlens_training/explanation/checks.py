"""What a map must pass before it is shown, measured over many pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from .candidates import Candidate
from .network import PackageNetwork
from .occlusion import (
    CELLS,
    PARTS,
    blurred,
    blurred_parts,
    enlarged,
    is_supported,
    ranked,
    read_area,
)

STAGES = (("logits",), ("logits", "stage4"))
"""Layers whose weights are shuffled, from the last one down (Adebayo et al. 2018)."""
Z = 1.96


def evenly(count: int, wanted: int) -> np.ndarray:
    """So many places out of ``count``, evenly."""
    return np.unique(np.linspace(0, count - 1, min(wanted, count)).round().astype(int))


def part_falls(
    network: PackageNetwork, pictures: np.ndarray, maps: Sequence[np.ndarray], scores: np.ndarray
) -> np.ndarray:
    """Fall of the log-odds when each fifth is blurred, hottest first, ``(n, PARTS)``."""
    changed = [blurred_parts(*pair) for pair in zip(pictures, maps, strict=True)]
    return scores[:, None] - network.read(np.concatenate(changed)).reshape(-1, PARTS)


def curves(
    network: PackageNetwork, pictures: np.ndarray, maps: Sequence[np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Mean log-odds along the deletion and the insertion curve (Petsiuk et al. 2018), ``(n,)``.

    Deletion blurs the hottest fifth of the read area, then the hottest two, and so on;
    insertion shows them on a picture that is blurred all over.
    """
    deleted, inserted = [], []
    for picture, values in zip(pictures, maps, strict=True):
        area = read_area(picture)
        blur, order = blurred(picture, area).reshape(-1, picture.shape[2]), ranked(values, area)
        for k in range(1, PARTS):
            part = order[: k * len(order) // PARTS]
            for kept, shown, results in ((picture, blur, deleted), (blur, picture, inserted)):
                copy = kept.reshape(blur.shape).copy()
                copy[part] = shown.reshape(blur.shape)[part]
                results.append(copy.reshape(picture.shape))
    along = [network.read(np.stack(each)).reshape(-1, PARTS - 1) for each in (deleted, inserted)]
    return along[0].mean(axis=1), along[1].mean(axis=1)


def random_maps(count: int, seed: int = 0) -> list[np.ndarray]:
    """Maps that know nothing, with cells of the same size."""
    return list(np.random.default_rng(seed).random((count, CELLS, CELLS)))


def rank_correlation(first: np.ndarray, second: np.ndarray, area: np.ndarray) -> float:
    """Spearman's, over the read area's pixels; 0 where a map is flat."""
    one, other = (enlarged(each, len(area))[area] for each in (first, second))
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    found: Any = spearmanr(one, other)
    return float(found.statistic)


def randomised(
    network: PackageNetwork, candidate: Candidate, pictures: np.ndarray, maps: Sequence[np.ndarray]
) -> dict[str, float]:
    """Mean rank correlation with the maps of the network with shuffled last layers."""
    found = {}
    for layers in STAGES:
        other = network.shuffled(layers)
        correlations = [
            rank_correlation(values, candidate(other, picture), read_area(picture))
            for picture, values in zip(pictures, maps, strict=True)
        ]
        found["+".join(layers)] = round(float(np.mean(correlations)), 3)
    return found


def interval(values: np.ndarray) -> dict[str, float]:
    """Mean with its 95 % interval (normal approximation over the pictures)."""
    half = Z * values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else 0.0
    mean = values.mean()
    return {
        "mean": round(float(mean), 4),
        "low": round(float(mean - half), 4),
        "high": round(float(mean + half), 4),
    }


def share_supported(falls: np.ndarray) -> float:
    """The share of pictures whose hottest fifth counts most."""
    return float(np.mean([is_supported(each) for each in falls]))
