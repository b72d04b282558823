"""The kinds of map that are measured side by side. Each gives ``(rows, columns)`` of a picture."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..quantisation.fold import FEATURES
from .network import PackageNetwork
from .occlusion import CELLS, blurred, cell_values, enlarged, occluded, read_area

SCORED = 32
"""Maps that Score-CAM reads a picture with: those of the greatest mean activation."""

Candidate = Callable[[PackageNetwork, np.ndarray], np.ndarray]


def class_activation(network: PackageNetwork, picture: np.ndarray) -> np.ndarray:
    """Zhou et al. 2016, positive minus negative class."""
    return network.outputs(picture[None])[FEATURES][0].astype(np.float64) @ network.direction


def mended_activation(network: PackageNetwork, picture: np.ndarray) -> np.ndarray:
    """The class activation map with the border's padding mended (see ``PackageNetwork.mended``)."""
    return class_activation(network.mended, picture)


def occlusion(network: PackageNetwork, picture: np.ndarray) -> np.ndarray:
    """How far the log-odds fall when a patch is blurred (``occlusion.py``)."""
    pictures, places = occluded(picture)
    if not places:
        return np.zeros((CELLS, CELLS))
    return cell_values(places, network.read(picture[None]) - network.read(pictures))


def score_cam(network: PackageNetwork, picture: np.ndarray) -> np.ndarray:
    """Wang et al. 2020: each map, as a mask over the blurred picture, weighs what it scores."""
    size = len(picture)
    features = network.outputs(picture[None])[FEATURES][0].astype(np.float64)
    chosen = np.argsort(-features.mean(axis=(0, 1)), kind="stable")[:SCORED]
    maps = np.stack([features[..., channel] for channel in chosen])
    low, high = (edge(maps, axis=(1, 2), keepdims=True) for edge in (np.min, np.max))
    maps = (maps - low) / np.maximum(high - low, 1e-12)
    blur = blurred(picture, read_area(picture)).astype(np.float64)
    masks = np.stack([enlarged(each, size) for each in maps])[..., None]
    pictures = np.rint(blur + (picture - blur) * masks).astype(np.uint8)
    gains = network.read(pictures)
    weights = np.exp(gains - gains.max())
    return np.maximum(np.tensordot(weights / weights.sum(), maps, 1), 0)


OCCLUSION = "occlusion"
CANDIDATES: dict[str, Candidate] = {
    "class activation": class_activation,
    "class activation, border mended": mended_activation,
    OCCLUSION: occlusion,
    "Score-CAM": score_cam,
}
